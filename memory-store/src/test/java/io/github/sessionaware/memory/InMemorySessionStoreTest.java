package io.github.sessionaware.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
        create(store, session(1, START, START.plus(HOUR)));
        create(store, session(2, START, START.plus(HOUR)));

        SessionStoreException refusal = assertThrows(
                SessionStoreException.class,
                () -> create(store, session(3, START.plus(HOUR).minusMillis(1), START.plus(HOUR.multipliedBy(2)))));

        assertTrue(refusal.getMessage().contains("holds 2 sessions"), refusal.getMessage());
        assertEquals(Set.of(id(1), id(2)), ids(store.list("alice")));
    }

    @Test
    void aFullStoreMakesRoomByRemovingExpiredSessions() {
        InMemorySessionStore store = new InMemorySessionStore(2);
        create(store, session(1, START, START.plus(HOUR)));
        create(store, session(2, START, START.plus(HOUR).plusMillis(1)));

        create(store, session(3, START.plus(HOUR), START.plus(HOUR.multipliedBy(2))));

        assertEquals(Set.of(id(2), id(3)), ids(store.list("alice")));
    }

    @Test
    void aFullStoreNoticesADeadlineThatATouchMovedForward() {
        InMemorySessionStore store = new InMemorySessionStore(1);
        SessionRecord seen = session(1, START, START.plus(HOUR));
        create(store, seen);
        assertThrows(SessionStoreException.class, () -> create(store, session(2, START, START.plus(HOUR))));
        store.touch(seen, START.plusMillis(1), START.plusMillis(5));

        create(store, session(3, START.plusMillis(5), START.plus(HOUR)));

        assertEquals(Set.of(id(3)), ids(store.list("alice")));
    }

    @Test
    void removedSessionsFreeTheirPlaces() {
        InMemorySessionStore store = new InMemorySessionStore(2);
        for (int round = 0; round < 10; round++) {
            create(store, session(1, START, START.plus(HOUR)));
            create(store, session(2, START, START.plus(HOUR)));
            assertThrows(SessionStoreException.class, () -> create(store, session(3, START, START.plus(HOUR))));
            store.delete("alice", Set.of(id(1)));
            store.deleteAll("alice", null);
        }
        assertEquals(List.of(), store.list("alice"));
    }

    @Test
    void aFullStoreRemovesSessionsThatExpiredAfterAPurgeThatFoundNone() {
        InMemorySessionStore store = new InMemorySessionStore(2);
        create(store, session(1, START, START.plusMillis(10)));
        create(store, session(2, START, START.plus(HOUR)));
        assertEquals(0, store.purge(START));

        create(store, session(3, START.plusMillis(10), START.plus(HOUR)));

        assertEquals(Set.of(id(2), id(3)), ids(store.list("alice")));
    }

    @Test
    void aPurgeKeepsASessionThatATouchMovesAfterTheSearch() {
        InMemorySessionStore store = new InMemorySessionStore();
        SessionRecord found = session(1, START, START.plusMillis(10));
        create(store, found);
        List<SessionRecord> removed = new ArrayList<>();

        store.touch(found, START.plusMillis(1), START.plusMillis(11));
        store.removeIfExpired(found, START.plusMillis(10), removed);

        assertEquals(List.of(), removed);
        assertEquals(Set.of(id(1)), ids(store.list("alice")));

        store.removeIfExpired(found, START.plusMillis(11), removed);

        assertEquals(Set.of(id(1)), ids(removed));
        assertEquals(List.of(), store.list("alice"));
    }

    /** Otherwise each login at a full store would search all its sessions. */
    @Test
    void afterAPurgeTheStoreSearchesOnlyWhenTheNextSessionExpires() {
        InMemorySessionStore store = new InMemorySessionStore(2);
        create(store, session(1, START, START.plusMillis(10)));
        create(store, session(2, START, START.plus(HOUR)));
        assertFalse(store.mayHoldExpired(START.plusMillis(9)));
        assertTrue(store.mayHoldExpired(START.plusMillis(10)));

        store.purge(START.plusMillis(10));

        assertFalse(store.mayHoldExpired(START.plus(HOUR).minusMillis(1)));
        assertTrue(store.mayHoldExpired(START.plus(HOUR)));
    }

    @Test
    void theListOfAUserWithASessionAtEveryMomentIsNeverEmpty() throws Exception {
        InMemorySessionStore store = new InMemorySessionStore();
        create(store, session(0, START, START.plus(HOUR)));
        AtomicBoolean done = new AtomicBoolean();

        Together.call(List.of(
                () -> {
                    try {
                        for (int i = 1; i <= 5_000; i++) {
                            create(store, session(i, START, START.plus(HOUR)));
                            store.delete("alice", Set.of(id(i - 1)));
                        }
                    } finally {
                        done.set(true);
                    }
                    return 5_000;
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
    void aListSeesTheTouchesOfOneMoment() throws Exception {
        InMemorySessionStore store = new InMemorySessionStore();
        int sessions = 64;
        IntStream.range(0, sessions).forEach(i -> create(store, session(i, START, START.plus(HOUR))));
        AtomicBoolean done = new AtomicBoolean();

        Together.call(List.of(
                () -> {
                    try {
                        for (int round = 1; round <= 200; round++) {
                            for (int i = 0; i < sessions; i++) {
                                SessionRecord seen = store.find("alice", id(i)).orElseThrow();
                                assertTrue(store.touch(seen, START.plusMillis(round), START.plus(HOUR)));
                            }
                        }
                    } finally {
                        done.set(true);
                    }
                    return sessions;
                },
                () -> {
                    int lists = 0;
                    for (; !done.get(); lists++) {
                        List<Long> versions = store.list("alice").stream()
                                .sorted(Comparator.comparing(SessionRecord::id))
                                .map(SessionRecord::version)
                                .toList();
                        List<Long> descending = versions.stream()
                                .sorted(Comparator.reverseOrder())
                                .toList();
                        assertEquals(descending, versions, "A later session was touched, but not an earlier one");
                    }
                    return lists;
                }));
    }

    @Test
    void aRefusedDuplicateDoesNotTakeAPlace() {
        InMemorySessionStore store = new InMemorySessionStore(2);
        create(store, session(1, START, START.plus(HOUR)));
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThrows(SessionStoreException.class, () -> create(store, session(1, START, START.plus(HOUR))));
        }

        create(store, session(2, START, START.plus(HOUR)));

        assertEquals(2, store.list("alice").size());
    }

    @Test
    void aRefusedLoginDoesNotTakeAPlace() {
        InMemorySessionStore store = new InMemorySessionStore(1);
        Admission refusing = Admission.decidedBy(present -> Optional.empty());
        Admission failing = Admission.decidedBy(present -> {
            throw new IllegalStateException("a choice that fails");
        });
        for (int attempt = 0; attempt < 5; attempt++) {
            assertEquals(Optional.empty(), store.create(session(1, START, START.plus(HOUR)), refusing));
            assertThrows(IllegalStateException.class, () -> store.create(session(1, START, START.plus(HOUR)), failing));
        }

        create(store, session(2, START, START.plus(HOUR)));

        assertEquals(Set.of(id(2)), ids(store.list("alice")));
    }

    @Test
    void sessionsThatLeaveForALoginFreeTheirPlaces() {
        InMemorySessionStore store = new InMemorySessionStore(3);
        create(store, session(0, START, START.plus(HOUR)));
        for (int login = 1; login <= 10; login++) {
            store.create(session(login, START, START.plus(HOUR)), Admission.decidedBy(Optional::of));
        }

        create(store, session(11, START, START.plus(HOUR)));
        create(store, session(12, START, START.plus(HOUR)));

        assertEquals(Set.of(id(10), id(11), id(12)), ids(store.list("alice")));
        assertThrows(SessionStoreException.class, () -> create(store, session(13, START, START.plus(HOUR))));
    }

    @Test
    void concurrentLoginsSucceedUpToTheNumberOfPlaces() throws Exception {
        InMemorySessionStore store = new InMemorySessionStore(100);
        IntStream.range(0, 50).forEach(i -> create(store, session(i, START.minus(HOUR), START)));

        List<Boolean> accepted = Together.call(200, caller -> {
            try {
                create(store, session(50 + caller, START, START.plus(HOUR)));
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

    private static void create(InMemorySessionStore store, SessionRecord session) {
        store.create(session, Admission.unconditional());
    }

    private static SessionRecord session(int number, Instant createdAt, Instant expiresAt) {
        return SessionRecord.builder("alice", id(number))
                .createdAt(createdAt)
                .lastActiveAt(createdAt)
                .expiresAt(expiresAt)
                .build();
    }

    private static String id(int number) {
        return "session-%016d".formatted(number);
    }

    private static Set<String> ids(List<SessionRecord> sessions) {
        return sessions.stream().map(SessionRecord::id).collect(Collectors.toSet());
    }
}
