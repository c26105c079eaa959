package io.github.sessionaware.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InMemorySessionStoreTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void aFullStoreRefusesALoginAndKeepsItsLiveSessions() {
        InMemorySessionStore store = new InMemorySessionStore(2);
        store.create(session(1, START, START.plus(HOUR)));
        store.create(session(2, START, START.plus(HOUR)));

        SessionStoreException refusal = assertThrows(
                SessionStoreException.class,
                () -> store.create(session(3, START.plus(HOUR).minusMillis(1), START.plus(HOUR.multipliedBy(2)))));

        assertTrue(refusal.getMessage().contains("holds 2 sessions"), refusal.getMessage());
        assertEquals(Set.of(id(1), id(2)), ids(store.list("alice")));
    }

    @Test
    void aFullStoreMakesRoomByRemovingExpiredSessions() {
        InMemorySessionStore store = new InMemorySessionStore(2);
        store.create(session(1, START, START.plus(HOUR)));
        store.create(session(2, START, START.plus(HOUR).plusMillis(1)));

        store.create(session(3, START.plus(HOUR), START.plus(HOUR.multipliedBy(2))));

        assertEquals(Set.of(id(2), id(3)), ids(store.list("alice")));
    }

    @Test
    void aFullStoreNoticesADeadlineThatATouchMovedForward() {
        InMemorySessionStore store = new InMemorySessionStore(1);
        Session seen = session(1, START, START.plus(HOUR));
        store.create(seen);
        assertThrows(SessionStoreException.class, () -> store.create(session(2, START, START.plus(HOUR))));
        store.touch(seen, START.plusMillis(1), START.plusMillis(5));

        store.create(session(3, START.plusMillis(5), START.plus(HOUR)));

        assertEquals(Set.of(id(3)), ids(store.list("alice")));
    }

    @Test
    void removedSessionsFreeTheirPlaces() {
        InMemorySessionStore store = new InMemorySessionStore(2);
        for (int round = 0; round < 10; round++) {
            store.create(session(1, START, START.plus(HOUR)));
            store.create(session(2, START, START.plus(HOUR)));
            assertThrows(SessionStoreException.class, () -> store.create(session(3, START, START.plus(HOUR))));
            store.delete("alice", id(1));
            store.deleteAll("alice");
        }
        assertEquals(List.of(), store.list("alice"));
    }

    @Test
    void aFullStoreRemovesSessionsThatExpiredAfterAPurgeThatFoundNone() {
        InMemorySessionStore store = new InMemorySessionStore(2);
        store.create(session(1, START, START.plusMillis(10)));
        store.create(session(2, START, START.plus(HOUR)));
        assertEquals(0, store.purge(START));

        store.create(session(3, START.plusMillis(10), START.plus(HOUR)));

        assertEquals(Set.of(id(2), id(3)), ids(store.list("alice")));
    }

    @Test
    void theListOfAUserWithASessionAtEveryMomentIsNeverEmpty() throws Exception {
        InMemorySessionStore store = new InMemorySessionStore();
        store.create(session(0, START, START.plus(HOUR)));
        AtomicBoolean done = new AtomicBoolean();

        Together.call(List.of(
                () -> {
                    try {
                        for (int i = 1; i <= 20_000; i++) {
                            store.create(session(i, START, START.plus(HOUR)));
                            store.delete("alice", id(i - 1));
                        }
                    } finally {
                        done.set(true);
                    }
                    return 20_000;
                },
                () -> {
                    int lists = 0;
                    for (; !done.get(); lists++) {
                        assertFalse(store.list("alice").isEmpty());
                    }
                    return lists;
                }));
    }

    @Test
    void aRefusedDuplicateDoesNotTakeAPlace() {
        InMemorySessionStore store = new InMemorySessionStore(2);
        store.create(session(1, START, START.plus(HOUR)));
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThrows(SessionStoreException.class, () -> store.create(session(1, START, START.plus(HOUR))));
        }

        store.create(session(2, START, START.plus(HOUR)));

        assertEquals(2, store.list("alice").size());
    }

    @Test
    void concurrentLoginsSucceedUpToTheNumberOfPlaces() throws Exception {
        InMemorySessionStore store = new InMemorySessionStore(100);
        IntStream.range(0, 50).forEach(i -> store.create(session(i, START.minus(HOUR), START)));

        List<Boolean> accepted = Together.call(200, caller -> {
            try {
                store.create(session(50 + caller, START, START.plus(HOUR)));
                return true;
            } catch (SessionStoreException full) {
                return false;
            }
        });

        assertEquals(100, Collections.frequency(accepted, true));
        assertEquals(100, store.list("alice").size());
    }

    @Test
    void aStoreForFewerThanOneSessionIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new InMemorySessionStore(0));
    }

    private static Session session(int number, Instant createdAt, Instant expiresAt) {
        return new Session(id(number), "alice", ClientInfo.unknown(), createdAt, createdAt, expiresAt);
    }

    private static String id(int number) {
        return "session-%016d".formatted(number);
    }

    private static Set<String> ids(List<Session> sessions) {
        return sessions.stream().map(Session::id).collect(Collectors.toSet());
    }
}
