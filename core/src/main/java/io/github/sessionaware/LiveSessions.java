package io.github.sessionaware;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads sessions that live: those that the store has and that have not expired. */
record LiveSessions(GuardedStore store, SessionLifetime lifetime) {

    /** Returns the session, or refuses the token that names it. */
    SessionRecord require(String userId, String sessionId, Instant now) {
        SessionRecord session =
                store.find(userId, sessionId).orElseThrow(() -> new InvalidTokenException(Reason.SESSION_ENDED));
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
        return store.find(userId, sessionId).filter(session -> lifetime.isLive(session, now));
    }

    List<SessionRecord> list(String userId, Instant now) {
        return store.list(userId).stream()
                .filter(session -> lifetime.isLive(session, now))
                .toList();
    }
}
