package io.github.sessionaware;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads sessions that live: those that the store has and that have not expired. Only {@link #requireRecent} may answer
 * without asking the store.
 *
 * @param recent null if every answer comes from the store
 */
record LiveSessions(
        GuardedStore store,
        SessionLifetime lifetime,
        @Nullable RecentReads recent) {

    /** Returns the session, or refuses the token that names it. Accepts what a recent read has seen. */
    SessionRecord requireRecent(VerifiedClaims claims, Instant now) {
        SessionRecord seen = recent == null ? null : recent.find(claims, lifetime, now);
        return seen == null ? require(claims, now) : seen;
    }

    /** Returns the session, or refuses the token that names it. */
    SessionRecord require(VerifiedClaims claims, Instant now) {
        return require(claims.userId(), claims.sessionId(), claims.generation(), now);
    }

    /** Returns the session, or refuses the token that names it. */
    SessionRecord require(String userId, String sessionId, Instant now) {
        SessionRecord session =
                read(userId, sessionId).orElseThrow(() -> new InvalidTokenException(Reason.SESSION_ENDED));
        return requireLive(session, now);
    }

    /** Refuses the token that names a session that has expired. */
    SessionRecord requireLive(SessionRecord session, Instant now) {
        if (!lifetime.isLive(session, now)) {
            throw new InvalidTokenException(Reason.SESSION_EXPIRED);
        }
        return session;
    }

    /** Returns the session if the token's generation is the valid one, or refuses the token. */
    SessionRecord require(String userId, String sessionId, int generation, Instant now) {
        SessionRecord session = require(userId, sessionId, now);
        if (session.generation() != generation) {
            throw new InvalidTokenException(Reason.OTHER_GENERATION);
        }
        return session;
    }

    Optional<SessionRecord> find(String userId, String sessionId, Instant now) {
        return read(userId, sessionId).filter(session -> lifetime.isLive(session, now));
    }

    private Optional<SessionRecord> read(String userId, String sessionId) {
        return recent == null
                ? store.find(userId, sessionId)
                : recent.read(userId, () -> store.find(userId, sessionId));
    }

    List<SessionRecord> list(String userId, Instant now) {
        return store.list(userId).stream()
                .filter(session -> lifetime.isLive(session, now))
                .toList();
    }
}
