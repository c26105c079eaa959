package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.Authentication;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionTimeouts;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The vocabulary of the rules. User ids and session ids are random, because a store may contain other data. */
final class ContractFixture {
    static final Instant LOGIN = Instant.parse("2026-03-01T10:00:00.123Z");
    static final Instant ACTIVE = Instant.parse("2026-03-01T11:30:00.456Z");
    static final Instant LATER = Instant.parse("2026-03-01T12:45:00.789Z");

    /** Far in the future, so that a store with its own time-to-live keeps the record. */
    static final Instant DEADLINE = Instant.parse("2086-03-01T10:00:00.321Z");

    static final Instant LATER_DEADLINE = DEADLINE.plus(Duration.ofDays(14));

    static final ClientInfo FIREFOX = ClientInfo.builder()
            .device("Firefox on Linux")
            .userAgent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .ipAddress("2001:db8::7")
            .location("Berlin, DE")
            .build();

    private static final ClientInfo SAFARI = ClientInfo.builder()
            .device("Safari on iPhone")
            .location("Hamburg, DE")
            .build();

    /** The limit of the rules about createLimited. */
    static final int LIMIT = 3;

    private static final Instant NINETIES = Instant.parse("1990-06-01T00:00:00Z");

    private ContractFixture() {}

    static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    static String emoji(int codePoints) {
        return ThreadLocalRandom.current()
                .ints(codePoints, 0x1F600, 0x1F640)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
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

    /** Another state of a session: every field that may change differs. */
    static Session replaced(Session session, @Nullable String refreshState) {
        return replaced(session.id(), session, refreshState);
    }

    static Session replaced(String id, Session session, @Nullable String refreshState) {
        return new Session(
                id,
                session.userId(),
                SAFARI,
                "kitchen tablet",
                session.createdAt(),
                LATER,
                session.expiresAt().minusSeconds(1),
                new Authentication(LATER, List.of("pwd", "otp")),
                SessionTimeouts.NIST_AAL2,
                refreshState);
    }

    static void createAll(SessionStore store, Collection<Session> sessions) {
        sessions.forEach(store::create);
    }

    /**
     * A random time for a purge. It lies in the nineties, where other data in a shared store has no deadline. An
     * earlier purge removes what previous tests left there, so that the rules can assert exact counts.
     */
    static Instant aCutoff(SessionStore store) {
        Instant cutoff = NINETIES.plusMillis(
                ThreadLocalRandom.current().nextLong(Duration.ofDays(3000).toMillis()));
        store.purge(cutoff.plusMillis(1));
        return cutoff;
    }

    static void assertStored(SessionStore store, Session expected, String rule) {
        assertEquals(Optional.of(expected), store.find(expected.id()), () -> rule + " (find)");
        assertEquals(List.of(expected), listed(store, expected), () -> rule + " (list)");
    }

    static void assertGone(SessionStore store, Session session, String rule) {
        assertEquals(Optional.empty(), store.find(session.id()), () -> rule + " (find)");
        assertEquals(List.of(), listed(store, session), () -> rule + " (list)");
    }

    private static List<Session> listed(SessionStore store, Session session) {
        return store.list(session.userId()).stream()
                .filter(other -> other.id().equals(session.id()))
                .toList();
    }

    /** Ignores the order. A record that occurs twice counts twice. */
    static void assertSame(Collection<Session> expected, Collection<Session> actual, String rule) {
        assertEquals(counted(expected), counted(actual), rule);
    }

    private static Map<Session, Integer> counted(Collection<Session> sessions) {
        Map<Session, Integer> counts = new HashMap<>();
        sessions.forEach(session -> counts.merge(session, 1, Integer::sum));
        return counts;
    }
}
