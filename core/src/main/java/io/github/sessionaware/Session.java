package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One login of one user on one device, as an application sees it. Immutable. It contains nothing secret and nothing
 * that only the store needs, so it may be shown, logged, and sent to the user's browser as JSON. A session's id
 * authenticates nobody: only the signed token does.
 *
 * <p>As JSON with Jackson, register its module for {@code java.time} and switch {@code WRITE_DATES_AS_TIMESTAMPS} off,
 * so that a browser can read the times.
 *
 * <p>The service creates sessions. Later releases may add components, so do not depend on the constructor or on record
 * patterns outside of tests.
 *
 * @param id the session id, which stays the same from login to logout
 * @param category what kind of login this is, {@code device} unless the application has said otherwise
 * @param client what is known about the device
 * @param label the name that the user has given the device, such as "kitchen tablet"; null if none
 * @param attributes the application's own data about the session; empty if none
 * @param createdAt the time of the login
 * @param lastActiveAt the latest recorded activity; lags behind real activity by up to the service's activity interval
 * @param expiresAt the first instant at which the session is over, if no further activity follows; as last recorded. If
 *     the service's timeouts have become shorter since, the session is over earlier
 * @param authentication when and how the user was last authenticated
 * @param deviceBound whether the session is bound to a key of its device, so that a copy of its tokens is worth nothing
 *     after minutes ({@link ExperimentalBoundSessions}). Experimental
 * @param current whether this is the session that made the request: "this device". False where no request is known, as
 *     in {@link SessionAwareTokenService#listSessions(String)} and for listeners
 */
public record Session(
        String id,
        String category,
        ClientInfo client,
        @Nullable String label,
        Map<String, String> attributes,
        Instant createdAt,
        Instant lastActiveAt,
        Instant expiresAt,
        Authentication authentication,
        boolean deviceBound,
        boolean current) {

    /**
     * Checks that nothing is null except the label.
     *
     * @param id the session id
     * @param category the kind of login
     * @param client the device
     * @param label the user's name for the device, or null
     * @param attributes the application's data; copied
     * @param createdAt the time of the login
     * @param lastActiveAt the latest recorded activity
     * @param expiresAt the end
     * @param authentication when and how the user was authenticated
     * @param deviceBound whether the session is bound to a key
     * @param current whether this session made the request
     */
    public Session {
        requireNonNull(id, "id");
        requireNonNull(category, "category");
        requireNonNull(client, "client");
        attributes = Map.copyOf(requireNonNull(attributes, "attributes"));
        requireNonNull(createdAt, "createdAt");
        requireNonNull(lastActiveAt, "lastActiveAt");
        requireNonNull(expiresAt, "expiresAt");
        requireNonNull(authentication, "authentication");
    }

    /** Returns everything except the attributes, which belong to the application. */
    @Override
    public String toString() {
        return "Session[id=" + id + ", category=" + category + ", client=" + client + ", label=" + label
                + ", createdAt=" + createdAt + ", lastActiveAt=" + lastActiveAt + ", expiresAt=" + expiresAt
                + ", authentication=" + authentication + ", deviceBound=" + deviceBound + ", current=" + current + "]";
    }

    static Session of(SessionRecord session) {
        return of(session, null);
    }

    /** Marks the session whose id is given. */
    static Session of(SessionRecord session, @Nullable String currentId) {
        return new Session(
                session.id(),
                session.category(),
                session.client(),
                session.label(),
                session.attributes(),
                session.createdAt(),
                session.lastActiveAt(),
                session.expiresAt(),
                session.authentication(),
                session.deviceKey() != null,
                session.id().equals(currentId));
    }
}
