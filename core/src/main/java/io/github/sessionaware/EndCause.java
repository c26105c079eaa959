package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

/**
 * Why a session was ended, for listeners and logs. The cause is not stored, because everything about a session is
 * deleted with its record. So no personal data outlives the session, and a refused token costs no more than a valid
 * one.
 *
 * <p>A client that asks why its session ended can only learn that it has ended. An application that wants to say more
 * must store what its listener receives. Expiry is not a cause, because no code runs when a session expires.
 *
 * <p>Later releases may add causes, so give a {@code switch} a default.
 */
public enum EndCause {
    /** The application gave no cause. */
    UNSPECIFIED(true),
    /** The user logged out on this device. */
    LOGOUT(true),
    /** The user ended the session on the list of devices. */
    ENDED_BY_USER(true),
    /** The user's password or another credential was changed. */
    PASSWORD_CHANGED(true),
    /** An administrator ended the session. */
    ENDED_BY_ADMINISTRATOR(true),
    /** A newer login needed its place; see {@link SessionLimit}. */
    SESSION_LIMIT(false),
    /** A used refresh token was presented again, so a thief may hold a copy. */
    REFRESH_TOKEN_REUSED(false);

    private final boolean isGivenByApplications;

    EndCause(boolean isGivenByApplications) {
        this.isGivenByApplications = isGivenByApplications;
    }

    static void requireGivenByApplications(EndCause cause) {
        if (!requireNonNull(cause, "cause").isGivenByApplications) {
            throw new IllegalArgumentException("cause must not be " + cause + ": only this library uses it");
        }
    }
}
