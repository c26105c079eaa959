package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One login of one user on one device. Immutable. A session's id authenticates nobody: only the signed token does, so
 * sessions may be shown, logged and stored.
 *
 * <p>Times are kept to the millisecond; anything finer is dropped, so that a session read back from any store equals
 * the one that was written.
 *
 * @param id the session id, 22 to 64 characters of {@code A-Z a-z 0-9 - _}, unguessable and never reused
 * @param userId the user who logged in, exactly as given to {@code issue}
 * @param client what is known about the device
 * @param label the name that the user has given the device, such as "kitchen tablet"; null if none
 * @param createdAt the time of the login
 * @param lastActiveAt the latest recorded activity; lags real activity by up to the service's activity interval
 * @param expiresAt the first instant at which the session is over: the earlier of its absolute and its idle deadline,
 *     as last recorded. If the service's timeouts have become shorter since, the session ends earlier
 * @param authentication when and how the user was last authenticated
 * @param timeouts the session's own timeouts; null if it has none
 * @param refreshState what the service must keep to recognize the session's refresh token: hashes, useless without the
 *     token. Opaque; null if the session has none. Not part of {@link #toString()}
 */
public record Session(
        String id,
        String userId,
        ClientInfo client,
        @Nullable String label,
        Instant createdAt,
        Instant lastActiveAt,
        Instant expiresAt,
        Authentication authentication,
        @Nullable SessionTimeouts timeouts,
        @Nullable String refreshState) {
    private static final int MAX_LABEL = 64;
    private static final Pattern REFRESH_STATE = Pattern.compile("[\\x21-\\x7E]{1,255}");

    /**
     * Checks both identities, cleans and cuts the label as {@link ClientInfo} does, and drops what is finer than a
     * millisecond.
     *
     * @param id the session id
     * @param userId the user
     * @param client the device
     * @param label the user's name for the device, at most 64 code points, or null
     * @param createdAt the time of the login
     * @param lastActiveAt the latest recorded activity
     * @param expiresAt the end
     * @param authentication when and how the user was authenticated
     * @param timeouts the session's own timeouts, or null
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
        label = ClientText.clean(label, MAX_LABEL);
        requireNonNull(authentication, "authentication");
        createdAt = toMillis(requireNonNull(createdAt, "createdAt"));
        lastActiveAt = toMillis(requireNonNull(lastActiveAt, "lastActiveAt"));
        expiresAt = toMillis(requireNonNull(expiresAt, "expiresAt"));
        if (refreshState != null && !REFRESH_STATE.matcher(refreshState).matches()) {
            throw new IllegalArgumentException("refreshState must be 1 to 255 printable ASCII characters");
        }
    }

    /**
     * A session as a plain login makes it: no label, authenticated when it was created, no timeouts of its own, no
     * refresh token.
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
        this(
                id,
                userId,
                client,
                null,
                createdAt,
                lastActiveAt,
                expiresAt,
                new Authentication(createdAt, List.of()),
                null,
                null);
    }

    /**
     * Returns this session after later activity.
     *
     * @param lastActiveAt the time of the activity
     * @param expiresAt the deadline that follows from it
     * @return a copy with these two times
     */
    public Session touched(Instant lastActiveAt, Instant expiresAt) {
        return copy(id, client, label, lastActiveAt, expiresAt, authentication, timeouts, refreshState);
    }

    /** Returns this session after a refresh. Parts of the client that are unknown now keep their former values. */
    Session refreshed(ClientInfo client, String refreshState) {
        ClientInfo completed = client.completedBy(this.client);
        return copy(id, completed, label, lastActiveAt, expiresAt, authentication, timeouts, refreshState);
    }

    /** Returns this session under a new id, after its user was authenticated again. */
    Session reauthenticated(
            String id,
            Authentication authentication,
            @Nullable SessionTimeouts timeouts,
            @Nullable String refreshState) {
        return copy(id, client, label, lastActiveAt, expiresAt, authentication, timeouts, refreshState);
    }

    Session renamed(@Nullable String label) {
        return copy(id, client, label, lastActiveAt, expiresAt, authentication, timeouts, refreshState);
    }

    private Session copy(
            String id,
            ClientInfo client,
            @Nullable String label,
            Instant lastActiveAt,
            Instant expiresAt,
            Authentication authentication,
            @Nullable SessionTimeouts timeouts,
            @Nullable String refreshState) {
        return new Session(
                id, userId, client, label, createdAt, lastActiveAt, expiresAt, authentication, timeouts, refreshState);
    }

    /** Returns the cleaned label. Throws an exception that names the rule if the label is invalid. */
    static @Nullable String requireValidLabel(@Nullable String label) {
        String whole = ClientText.clean(label, Integer.MAX_VALUE / 2);
        if (label != null && (whole == null || whole.codePointCount(0, whole.length()) > MAX_LABEL)) {
            throw new IllegalArgumentException("label must have 1 to " + MAX_LABEL
                    + " code points after cleaning, with a visible one among them; null removes it");
        }
        return whole;
    }

    /** Returns everything but the refresh state. */
    @Override
    public String toString() {
        return "Session[id=" + id + ", userId=" + userId + ", client=" + client + ", label=" + label + ", createdAt="
                + createdAt + ", lastActiveAt=" + lastActiveAt + ", expiresAt=" + expiresAt + ", authentication="
                + authentication + ", timeouts=" + timeouts + "]";
    }

    private static Instant toMillis(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli());
    }
}
