package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

/**
 * Why a session was ended, for listeners and logs. Not kept: with the record everything about the session goes, so that
 * nothing personal outlives it and a refused token costs no more than a valid one. A client that asks why its session
 * ended can be told only that it has; an application that wants to say more writes down what its listener hears. Expiry
 * is no cause, because nobody is there when it happens.
 */
public enum EndCause {
    /** The application did not say. */
    UNSPECIFIED(true),
    /** The user has logged out on this device. */
    LOGOUT(true),
    /** The user has ended the session from another one, on the list of devices. */
    ENDED_BY_USER(true),
    /** The user's password, or another credential, has changed. */
    PASSWORD_CHANGED(true),
    /** An administrator has ended it. */
    ENDED_BY_ADMINISTRATOR(true),
    /** A newer login needed its place; see {@link SessionLimit}. */
    SESSION_LIMIT(false),
    /** A refresh token was shown again after it had been used: one of the two who hold it may be a thief. */
    REFRESH_TOKEN_REUSED(false);

    private final boolean isGivenByApplications;

    EndCause(boolean isGivenByApplications) {
        this.isGivenByApplications = isGivenByApplications;
    }

    static void requireGivenByApplications(EndCause cause) {
        if (!requireNonNull(cause, "cause").isGivenByApplications) {
            throw new IllegalArgumentException("cause must not be " + cause + ": only this library ends sessions so");
        }
    }
}
