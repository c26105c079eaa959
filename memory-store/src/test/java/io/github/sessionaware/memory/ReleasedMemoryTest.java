package io.github.sessionaware.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The store keeps no reference to what has left it. Otherwise a user would take memory for ever after one login. A weak
 * reference shows this: the garbage collector clears it only if the store has no reference.
 */
class ReleasedMemoryTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant END = START.plusSeconds(3600);

    /** What may leave a user without a session. */
    @SuppressWarnings("ImmutableEnumChecker") // The lambdas have no state, but their type does not say so.
    enum Departure {
        DELETE((store, session) -> {
            create(store, session);
            store.delete(session.userId(), Set.of(session.id()));
        }),
        DELETE_ALL((store, session) -> {
            create(store, session);
            store.deleteAll(session.userId(), null);
        }),
        DELETE_ALL_EXCEPT_AN_UNKNOWN_SESSION((store, session) -> {
            create(store, session);
            store.deleteAll(session.userId(), id());
        }),
        PURGE((store, session) -> {
            create(store, session);
            assertEquals(1, store.purge(END));
        }),
        TOUCH_AFTER_A_DELETE((store, session) -> {
            create(store, session);
            store.delete(session.userId(), Set.of(session.id()));
            store.touch(session, START, END);
        }),
        REFUSED_LOGIN((store, session) -> store.create(session, Admission.decidedBy(present -> Optional.empty()))),
        FAILED_LOGIN((store, session) -> assertThrows(
                IllegalStateException.class,
                () -> store.create(session, Admission.decidedBy(present -> {
                    throw new IllegalStateException("a choice that fails");
                })))),
        READS_OF_AN_UNKNOWN_USER((store, session) -> {
            store.find(session.userId(), session.id());
            store.list(session.userId());
        });

        private final BiConsumer<InMemorySessionStore, SessionRecord> events;

        Departure(BiConsumer<InMemorySessionStore, SessionRecord> events) {
            this.events = events;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aUserWithoutASessionLeavesTheStore(Departure departure) {
        InMemorySessionStore store = new InMemorySessionStore();

        assertCleared(userIdAfter(departure, store));

        assertEquals(List.of(), store.list("another user"));
    }

    @Test
    void aUserWithASessionStaysInTheStore() {
        InMemorySessionStore store = new InMemorySessionStore();

        WeakReference<String> userId = userIdOfAUserWhoStays(store);
        System.gc();

        assertNotNull(userId.get());
        assertEquals(1, store.purge(END));
    }

    @Test
    void aSessionThatLeavesForALoginIsReleased() {
        InMemorySessionStore store = new InMemorySessionStore();

        assertCleared(sessionThatLeavesForALogin(store));

        assertEquals(1, store.list("alice").size());
    }

    /** A method of its own, so that no variable of the test refers to the user id. */
    private static WeakReference<String> userIdAfter(Departure departure, InMemorySessionStore store) {
        SessionRecord session = session("user " + UUID.randomUUID());
        departure.events.accept(store, session);
        return new WeakReference<>(session.userId());
    }

    private static WeakReference<String> userIdOfAUserWhoStays(InMemorySessionStore store) {
        SessionRecord session = session("user " + UUID.randomUUID());
        create(store, session);
        return new WeakReference<>(session.userId());
    }

    private static WeakReference<SessionRecord> sessionThatLeavesForALogin(InMemorySessionStore store) {
        SessionRecord session = session("alice");
        create(store, session);
        store.create(session("alice"), Admission.decidedBy(Optional::of));
        return new WeakReference<>(session);
    }

    private static void assertCleared(WeakReference<?> reference) {
        for (int attempt = 0; attempt < 20 && reference.get() != null; attempt++) {
            System.gc();
        }
        assertNull(reference.get());
    }

    private static void create(InMemorySessionStore store, SessionRecord session) {
        store.create(session, Admission.unconditional());
    }

    private static SessionRecord session(String userId) {
        return SessionRecord.builder(userId, id())
                .createdAt(START)
                .lastActiveAt(START)
                .expiresAt(END)
                .build();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
