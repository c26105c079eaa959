package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The words in which the rules are written. Users and ids are random, because a store may be shared. */
abstract class ContractFixture {
    static final Instant LOGIN = Instant.parse("2026-03-01T10:00:00.123Z");
    static final Instant ACTIVE = Instant.parse("2026-03-01T11:30:00.456Z");
    static final Instant LATER = Instant.parse("2026-03-01T12:45:00.789Z");

    /** So late that even a store with its own time-to-live keeps the record. */
    static final Instant DEADLINE = Instant.parse("2086-03-01T10:00:00.321Z");

    static final ClientInfo FIREFOX = ClientInfo.builder()
            .device("Firefox on Linux")
            .userAgent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .ipAddress("2001:db8::7")
            .location("Berlin, DE")
            .build();

    abstract SessionStore store();

    static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    static String aUser() {
        return "user-" + random();
    }

    static Session aSession(String userId) {
        return aSession(random(), userId);
    }

    static Session aSession(String id, String userId) {
        return new Session(id, userId, FIREFOX, LOGIN, ACTIVE, DEADLINE);
    }

    static Session aSession(String userId, ClientInfo client) {
        return new Session(random(), userId, client, LOGIN, ACTIVE, DEADLINE);
    }

    static Session aSessionExpiring(String userId, Instant expiresAt) {
        Instant lastActiveAt = expiresAt.minus(Duration.ofHours(1));
        return new Session(random(), userId, FIREFOX, lastActiveAt.minus(Duration.ofDays(1)), lastActiveAt, expiresAt);
    }

    static List<Session> sessions(String userId, int count) {
        return Stream.generate(() -> aSession(userId)).limit(count).toList();
    }

    static void createAll(SessionStore store, Collection<Session> sessions) {
        sessions.forEach(store::create);
    }

    static void assertStored(SessionStore store, Session expected, String rule) {
        assertEquals(Optional.of(expected), store.find(expected.id()), () -> rule + " (find)");
        assertEquals(
                List.of(expected),
                store.list(expected.userId()).stream()
                        .filter(session -> session.id().equals(expected.id()))
                        .toList(),
                () -> rule + " (list)");
    }

    static void assertGone(SessionStore store, Session session, String rule) {
        assertEquals(Optional.empty(), store.find(session.id()), () -> rule + " (find)");
        assertEquals(
                List.of(),
                store.list(session.userId()).stream()
                        .filter(other -> other.id().equals(session.id()))
                        .toList(),
                () -> rule + " (list)");
    }

    /** In any order; a record that comes twice counts twice. */
    static void assertSame(Collection<Session> expected, Collection<Session> actual, String rule) {
        assertEquals(counted(expected), counted(actual), rule);
    }

    private static Map<Session, Integer> counted(Collection<Session> sessions) {
        Map<Session, Integer> counts = new HashMap<>();
        sessions.forEach(session -> counts.merge(session, 1, Integer::sum));
        return counts;
    }
}
