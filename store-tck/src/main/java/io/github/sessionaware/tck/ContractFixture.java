package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.sessionaware.Admission;
import io.github.sessionaware.Authentication;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionTimeouts;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary of the rules. User ids and session ids are random, because a store may contain other data. Times are
 * relative to one instant, because a store with its own time-to-live compares them with its clock.
 */
final class ContractFixture {
    @SuppressWarnings("TimeInStaticInitializer") // The rules need one instant that does not move.
    static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    /** The odd milliseconds reveal a store that keeps whole seconds, whatever the time is now. */
    static final Instant LOGIN = NOW.minus(Duration.ofHours(2)).minusMillis(123);

    static final Instant ACTIVE = NOW.minus(Duration.ofHours(1)).plusMillis(456);
    static final Instant LATER = NOW.minus(Duration.ofMinutes(1)).plusMillis(789);
    static final Instant DEADLINE = NOW.plus(Duration.ofDays(7)).plusMillis(321);
    static final Instant LATER_DEADLINE = DEADLINE.plus(Duration.ofDays(14));

    /** Before the login, and long enough ago for every time-to-live to have passed. */
    static final Instant EXPIRED = NOW.minus(Duration.ofDays(2)).plusMillis(654);

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

    /** The limit of the rules about admissions. */
    static final int LIMIT = 3;

    private static final Map<String, Function<SessionRecord, @Nullable Object>> PARTS = Map.ofEntries(
            Map.entry("version", SessionRecord::version),
            Map.entry("generation", SessionRecord::generation),
            Map.entry("category", SessionRecord::category),
            Map.entry("client", SessionRecord::client),
            Map.entry("label", SessionRecord::label),
            Map.entry("attributes", SessionRecord::attributes),
            Map.entry("createdAt", SessionRecord::createdAt),
            Map.entry("lastActiveAt", SessionRecord::lastActiveAt),
            Map.entry("expiresAt", SessionRecord::expiresAt),
            Map.entry("authentication", SessionRecord::authentication),
            Map.entry("timeouts", SessionRecord::timeouts),
            Map.entry("refreshState", SessionRecord::refreshState),
            Map.entry("deviceKey", SessionRecord::deviceKey),
            Map.entry("loginDevice", SessionRecord::loginDevice),
            Map.entry("loginNetwork", SessionRecord::loginNetwork));

    private static final Instant DECADES_AGO = NOW.minus(Duration.ofDays(13_000));

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

    static SessionRecord aSession(String userId) {
        return aSession(userId, random());
    }

    static SessionRecord aSession(String userId, String id) {
        return starting(userId, id).build();
    }

    static SessionRecord aSession(String userId, ClientInfo client) {
        return starting(userId, random()).client(client).build();
    }

    static SessionRecord aSessionExpiring(String userId, Instant expiresAt) {
        Instant lastActiveAt = expiresAt.minus(Duration.ofHours(1));
        return starting(userId, random())
                .createdAt(lastActiveAt.minus(Duration.ofDays(1)))
                .lastActiveAt(lastActiveAt)
                .expiresAt(expiresAt)
                .build();
    }

    /** A session in which no part is empty. */
    static SessionRecord aFullSession(String userId) {
        return starting(userId, random())
                .generation(3)
                .category("api")
                .label("work laptop")
                .attributes(Map.of("tenant", "acme", "role", "admin"))
                .authentication(new Authentication(LOGIN.minusMillis(5), List.of("pwd")))
                .timeouts(SessionTimeouts.NIST_AAL3)
                .refreshState("state-1")
                .deviceKey("key-1")
                .loginDevice("Firefox on Linux")
                .loginNetwork("2001:db8:0")
                .build();
    }

    private static SessionRecord.Builder starting(String userId, String id) {
        return SessionRecord.builder(userId, id)
                .client(FIREFOX)
                .createdAt(LOGIN)
                .lastActiveAt(ACTIVE)
                .expiresAt(DEADLINE);
    }

    static List<SessionRecord> sessions(String userId, int count) {
        return Stream.generate(() -> aSession(userId)).limit(count).toList();
    }

    /** Starts the record that replaces this one: the same parts and the next version. */
    static SessionRecord.Builder next(SessionRecord session) {
        return session.toBuilder().version(session.version() + 1);
    }

    /** The next version of a session. Every part that may change differs. */
    static SessionRecord replaced(SessionRecord session, String refreshState) {
        return next(session)
                .generation(session.generation() + 1)
                .category("support")
                .client(SAFARI)
                .label("kitchen tablet")
                .attributes(Map.of("role", "guest", "theme", "dark"))
                .lastActiveAt(LATER)
                .expiresAt(session.expiresAt().minusSeconds(1))
                .authentication(new Authentication(LATER, List.of("pwd", "otp")))
                .timeouts(SessionTimeouts.NIST_AAL2)
                .refreshState(refreshState)
                .deviceKey("key-2")
                .loginDevice("Safari on iPhone")
                .loginNetwork("192.0.2")
                .build();
    }

    static void insert(SessionStore store, SessionRecord session) {
        store.create(session, Admission.unconditional());
    }

    static void createAll(SessionStore store, Collection<SessionRecord> sessions) {
        sessions.forEach(session -> insert(store, session));
    }

    /** Returns the two stores in turn, so that the callers of a race are on both nodes. */
    static Supplier<SessionStore> inTurn(SessionStore store, SessionStore other) {
        Iterator<SessionStore> turns =
                Stream.iterate(store, last -> last == store ? other : store).iterator();
        return turns::next;
    }

    static Optional<SessionRecord> find(SessionStore store, SessionRecord session) {
        return store.find(session.userId(), session.id());
    }

    static Optional<SessionRecord> delete(SessionStore store, SessionRecord session) {
        return delete(store, session.userId(), session.id());
    }

    static Optional<SessionRecord> delete(SessionStore store, String userId, String sessionId) {
        List<SessionRecord> deleted = store.delete(userId, Set.of(sessionId));
        assertTrue(deleted.size() <= 1, () -> "delete of one id must return at most one record, returned " + deleted);
        return deleted.stream().findFirst();
    }

    static Set<String> idsOf(List<SessionRecord> sessions) {
        return sessions.stream().map(SessionRecord::id).collect(Collectors.toSet());
    }

    /**
     * A random time for a purge. It lies decades ago, where other data in a shared store has no deadline. An earlier
     * purge removes what previous tests left there, so that the rules can assert exact counts.
     */
    static Instant aCutoff(SessionStore store) {
        Instant cutoff = DECADES_AGO.plusMillis(
                ThreadLocalRandom.current().nextLong(Duration.ofDays(3000).toMillis()));
        store.purge(cutoff.plusMillis(1));
        return cutoff;
    }

    static void assertStored(SessionStore store, SessionRecord expected, String rule) {
        find(store, expected)
                .ifPresentOrElse(
                        found -> assertEqualParts(expected, found, rule + " (find)"), () -> fail(rule + " (find)"));
        assertSame(List.of(expected), listed(store, expected), rule + " (list)");
    }

    static void assertDeleted(SessionRecord expected, Optional<SessionRecord> deleted, String rule) {
        assertSame(List.of(expected), deleted.stream().toList(), rule);
    }

    static void assertGone(SessionStore store, SessionRecord session, String rule) {
        assertEquals(Optional.empty(), find(store, session), () -> rule + " (find)");
        assertEquals(List.of(), listed(store, session), () -> rule + " (list)");
    }

    /** For an expired record, which a store with its own time-to-live may have dropped. */
    static void assertStoredOrDropped(SessionStore store, SessionRecord expected, boolean mayBeDropped, String rule) {
        find(store, expected)
                .ifPresentOrElse(
                        found -> assertEqualParts(expected, found, rule + " (find)"),
                        () -> assertTrue(mayBeDropped, () -> rule + " (find)"));
        assertSameOrDropped(List.of(), List.of(expected), mayBeDropped, listed(store, expected), rule + " (list)");
    }

    private static List<SessionRecord> listed(SessionStore store, SessionRecord session) {
        return store.list(session.userId()).stream()
                .filter(other -> other.id().equals(session.id()))
                .toList();
    }

    /** Ignores the order. A record that occurs twice counts twice. */
    static void assertSame(Collection<SessionRecord> expected, Collection<SessionRecord> actual, String rule) {
        for (SessionRecord record : expected) {
            actual.stream()
                    .filter(other ->
                            other.id().equals(record.id()) && other.userId().equals(record.userId()))
                    .forEach(same -> assertEqualParts(record, same, rule));
        }
        assertEquals(counted(expected), counted(actual), rule);
    }

    /** Names the first part that differs, because the text of a record does not show every part. */
    private static void assertEqualParts(SessionRecord expected, SessionRecord actual, String rule) {
        PARTS.forEach((part, value) ->
                assertEquals(value.apply(expected), value.apply(actual), () -> rule + ": the " + part));
        assertEquals(expected, actual, rule);
    }

    /** Like {@link #assertSame}, except that some of the expired records may be missing. */
    static void assertSameOrDropped(
            Collection<SessionRecord> live,
            Collection<SessionRecord> expired,
            boolean mayBeDropped,
            Collection<SessionRecord> actual,
            String rule) {
        List<SessionRecord> expected = new ArrayList<>(live);
        expired.stream()
                .filter(session -> !mayBeDropped || actual.contains(session))
                .forEach(expected::add);
        assertSame(expected, actual, rule);
    }

    private static Map<SessionRecord, Integer> counted(Collection<SessionRecord> sessions) {
        Map<SessionRecord, Integer> counts = new HashMap<>();
        sessions.forEach(session -> counts.merge(session, 1, Integer::sum));
        return counts;
    }
}
