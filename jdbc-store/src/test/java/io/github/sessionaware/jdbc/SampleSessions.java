package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionRecord;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;

/** Sessions whose values no message of the store may show. */
final class SampleSessions {
    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    static final String USER = "user-that-must-not-be-shown";
    static final String ID = "id-that-must-not-be-shown";
    static final SessionRecord SESSION = session(ID, USER, START.plus(Duration.ofDays(1)));

    private SampleSessions() {}

    static SessionRecord session(String id, String user, Instant expiresAt) {
        ClientInfo client =
                ClientInfo.builder().device("device-that-must-not-be-shown").build();
        return SessionRecord.builder(user, id)
                .client(client)
                .createdAt(START)
                .lastActiveAt(START)
                .expiresAt(expiresAt)
                .build();
    }

    /** A session of {@link #USER} with this character, repeated, as its id. */
    static SessionRecord session(char id) {
        return session(Character.toString(id).repeat(22), USER, START);
    }

    /** The record, as the one that replaces another. */
    static SessionRecord next(SessionRecord seen, SessionRecord record) {
        return record.toBuilder().version(seen.version() + 1).build();
    }

    static SessionKey keyOf(SessionRecord session) {
        return new SessionKey(session.userId(), session.id());
    }

    static SessionRecord numbered(int number) {
        return session("session-%016d".formatted(number), USER, START);
    }

    static void assertShowsNoValues(Throwable failure) {
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        assertFalse(printed.toString().contains("must-not-be-shown"), printed.toString());
    }
}
