package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One login of one user on one device. Immutable. Knowing a session's id lets nobody authenticate: only the signed
 * token does, so sessions may be shown, logged and stored.
 *
 * <p>Times are kept to the millisecond; anything finer is dropped, so that a session read back from any store equals
 * the one that was written.
 *
 * @param id the session id, 22 to 64 characters of {@code A-Z a-z 0-9 - _}, unguessable and never reused
 * @param userId the user who logged in, exactly as given to {@code issue}
 * @param client what is known of the device
 * @param createdAt the time of the login
 * @param lastActiveAt the latest recorded activity; lags real activity by up to the service's activity interval
 * @param expiresAt the first instant at which the session is over: the earlier of its absolute and its idle deadline
 * @param refreshState what the service must keep to recognise the session's refresh token: hashes, of no use to anybody
 *     who has not the token. Opaque; null if the session has none. Not part of {@link #toString()}
 */
public record Session(
        String id,
        String userId,
        ClientInfo client,
        Instant createdAt,
        Instant lastActiveAt,
        Instant expiresAt,
        @Nullable String refreshState) {
    private static final Pattern REFRESH_STATE = Pattern.compile("[\\x21-\\x7E]{1,255}");

    /**
     * Checks both identities and drops what is finer than a millisecond.
     *
     * @param id the session id
     * @param userId the user
     * @param client the device
     * @param createdAt the time of the login
     * @param lastActiveAt the latest recorded activity
     * @param expiresAt the end
     * @param refreshState 1 to 255 printable ASCII characters without spaces, or null
     * @throws IllegalArgumentException if the id or the refresh state is malformed or the user id is null, blank, over
     *     255 code points, or holds control characters or lone surrogates
     * @throws ArithmeticException if a time does not fit milliseconds since the epoch
     */
    public Session {
        if (!SessionIds.isWellFormed(requireNonNull(id, "id"))) {
            throw new IllegalArgumentException("id must be 22 to 64 characters of A-Z a-z 0-9 - _");
        }
        Identifiers.requireValid(userId, "userId");
        requireNonNull(client, "client");
        createdAt = toMillis(requireNonNull(createdAt, "createdAt"));
        lastActiveAt = toMillis(requireNonNull(lastActiveAt, "lastActiveAt"));
        expiresAt = toMillis(requireNonNull(expiresAt, "expiresAt"));
        if (refreshState != null && !REFRESH_STATE.matcher(refreshState).matches()) {
            throw new IllegalArgumentException("refreshState must be 1 to 255 printable ASCII characters");
        }
    }

    /**
     * A session without a refresh token.
     *
     * @param id the session id
     * @param userId the user
     * @param client the device
     * @param createdAt the time of the login
     * @param lastActiveAt the latest recorded activity
     * @param expiresAt the end
     * @throws IllegalArgumentException as the other constructor
     * @throws ArithmeticException as the other constructor
     */
    public Session(
            String id, String userId, ClientInfo client, Instant createdAt, Instant lastActiveAt, Instant expiresAt) {
        this(id, userId, client, createdAt, lastActiveAt, expiresAt, null);
    }

    /**
     * This session after later activity.
     *
     * @param lastActiveAt the time of the activity
     * @param expiresAt the deadline that follows from it
     * @return a copy with these two times
     */
    public Session touched(Instant lastActiveAt, Instant expiresAt) {
        return new Session(id, userId, client, createdAt, lastActiveAt, expiresAt, refreshState);
    }

    /** This session after a refresh by a client of which some parts may be unknown this time. */
    Session refreshed(ClientInfo client, Instant lastActiveAt, Instant expiresAt, String refreshState) {
        return new Session(
                id, userId, client.completedBy(this.client), createdAt, lastActiveAt, expiresAt, refreshState);
    }

    /** Returns everything but the refresh state. */
    @Override
    public String toString() {
        return "Session[id=" + id + ", userId=" + userId + ", client=" + client + ", createdAt=" + createdAt
                + ", lastActiveAt=" + lastActiveAt + ", expiresAt=" + expiresAt + "]";
    }

    private static Instant toMillis(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli());
    }
}
