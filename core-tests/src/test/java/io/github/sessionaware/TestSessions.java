package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;

import java.time.Instant;

/** Sessions as a store holds them, and as a list shows them. */
final class TestSessions {
    private TestSessions() {}

    /** Returns the record of a session that began at the start. */
    static SessionRecord record(String userId, String id, Instant expiresAt) {
        return SessionRecord.builder(userId, id)
                .createdAt(START)
                .lastActiveAt(START)
                .expiresAt(expiresAt)
                .build();
    }

    /** Returns the session as a list shows it that no request asked for. */
    static Session notCurrent(Session session) {
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
                session.deviceBound(),
                false);
    }
}
