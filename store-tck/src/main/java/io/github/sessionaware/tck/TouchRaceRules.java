package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LATER_DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.aCutoff;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.find;
import static io.github.sessionaware.tck.ContractFixture.inTurn;
import static io.github.sessionaware.tck.ContractFixture.insert;
import static io.github.sessionaware.tck.ContractFixture.random;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Races of a touch with other calls. */
interface TouchRaceRules extends Rules {

    /** @hidden */
    @Test
    default void exactlyOneOfSimultaneousTouchesWins() throws Exception {
        SessionStore store = store();
        Supplier<SessionStore> nodes = inTurn(store, otherNode(store));
        SessionRecord seen = aSession(aUser());
        insert(store, seen);

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                SessionRecord current = seen;
                List<SessionRecord> attempts = IntStream.rangeClosed(1, Race.CALLERS)
                        .mapToObj(i -> current.touched(
                                current.lastActiveAt().plusMillis(i),
                                current.expiresAt().plusMillis(i)))
                        .toList();
                List<Race.Call<Boolean>> calls = attempts.stream()
                        .map(attempt -> race.add(nodes.get(), node -> touch(node, current, attempt)))
                        .toList();
                race.run();

                List<SessionRecord> winners = Race.winners(calls, attempts);
                assertEquals(
                        1, winners.size(), "Exactly one of the simultaneous touches of one record must return true");
                assertStored(store, winners.get(0), "The store must contain the touch that returned true");
                seen = winners.get(0);
            }
        }
    }

    /** @hidden */
    @Test
    default void touchRacingDeleteDoesNotReviveTheRecord() throws Exception {
        assertTouchDoesNotRevive(store(), TouchRaceRules::delete);
    }

    /** @hidden */
    @Test
    default void touchRacingDeleteAllExceptOneDoesNotReviveTheRecord() throws Exception {
        assertTouchDoesNotRevive(store(), TouchRaceRules::deleteAllExceptOne);
    }

    /** @hidden */
    @Test
    default void touchRacingDeleteAllDoesNotReviveTheRecord() throws Exception {
        assertTouchDoesNotRevive(store(), TouchRaceRules::deleteAll);
    }

    /** @hidden */
    @Test
    default void deletesRacingTouchReturnTheRecordInItsLastState() throws Exception {
        SessionStore store = store();

        assertLastStateIsReturned(store, TouchRaceRules::delete);
        assertLastStateIsReturned(store, TouchRaceRules::deleteAllExceptOne);
        assertLastStateIsReturned(store, TouchRaceRules::deleteAll);
    }

    /** @hidden */
    @Test
    default void eitherTouchOrPurgeWins() throws Exception {
        SessionStore store = store();
        Instant cutoff = aCutoff(store);

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                SessionRecord session = aSessionExpiring(aUser(), cutoff);
                SessionRecord touched = session.touched(LATER, DEADLINE);
                insert(store, session);
                Race.Call<Boolean> touch = race.add(() -> touch(store, session, touched));
                Race.Call<Integer> purge = race.add(() -> store.purge(cutoff));
                race.run();

                if (touch.result()) {
                    assertStored(store, touched, "touch returned true: the record must stay");
                    assertEquals(0, purge.result(), "touch returned true: purge must not count the record");
                } else {
                    assertGone(store, session, "touch returned false: purge must remove the record");
                    assertTrue(
                            purge.result() == 1 || (purge.result() == 0 && dropsExpired()),
                            "purge must count the record that it removed");
                }
            }
        }
    }

    /** @hidden */
    @Test
    default void readersNeverSeeATouchHalfDone() throws Exception {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        Duration life = Duration.between(session.lastActiveAt(), session.expiresAt());
        insert(store, session);
        CountDownLatch done = new CountDownLatch(1);

        try (Race race = new Race()) {
            race.add(() -> {
                SessionRecord seen = session;
                try {
                    for (int i = 0; i < 5 * Race.ROUNDS; i++) {
                        Instant now = seen.lastActiveAt().plusMillis(1);
                        store.touch(seen, now, now.plus(life));
                        seen = seen.touched(now, now.plus(life));
                    }
                } finally {
                    done.countDown();
                }
                return true;
            });
            Race.Call<List<SessionRecord>> seen = race.add(() -> {
                List<SessionRecord> read = new ArrayList<>();
                do {
                    read.add(find(store, session)
                            .orElseThrow(() -> new AssertionError("find must return a record during a touch")));
                    List<SessionRecord> listed = store.list(session.userId());
                    assertEquals(1, listed.size(), "list must return a record once during a touch");
                    read.addAll(listed);
                } while (done.getCount() > 0);
                return read;
            });
            race.run();

            Instant latest = session.lastActiveAt();
            for (SessionRecord read : seen.result()) {
                assertEquals(
                        life,
                        Duration.between(read.lastActiveAt(), read.expiresAt()),
                        "A read must see either both times of a touch or neither");
                assertTrue(!read.lastActiveAt().isBefore(latest), "A later read must not see an earlier lastActiveAt");
                assertEquals(
                        1
                                + Duration.between(session.lastActiveAt(), read.lastActiveAt())
                                        .toMillis(),
                        read.version(),
                        "A read must see the times and the version of the same touch");
                latest = read.lastActiveAt();
            }
        }
    }

    private static void assertTouchDoesNotRevive(
            SessionStore store, BiFunction<SessionStore, SessionRecord, List<SessionRecord>> removal)
            throws InterruptedException {
        raceTouchWithRemoval(store, removal, (lastState, removed) -> {
            assertEquals(1, removed.size(), "A delete must remove the record despite a concurrent touch");
            assertGone(store, lastState, "A touch must not revive a record that a concurrent delete removes");
        });
    }

    private static void assertLastStateIsReturned(
            SessionStore store, BiFunction<SessionStore, SessionRecord, List<SessionRecord>> removal)
            throws InterruptedException {
        raceTouchWithRemoval(
                store,
                removal,
                (lastState, removed) -> assertEquals(
                        List.of(lastState),
                        removed,
                        "A delete must return the last state of the record: touched only if touch returned true"));
    }

    /** After each round, the verdict receives the last state of the record and the result of the removal. */
    private static void raceTouchWithRemoval(
            SessionStore store,
            BiFunction<SessionStore, SessionRecord, List<SessionRecord>> removal,
            BiConsumer<SessionRecord, List<SessionRecord>> verdict)
            throws InterruptedException {
        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                SessionRecord session = aSession(aUser());
                SessionRecord touched = session.touched(LATER, LATER_DEADLINE);
                insert(store, session);
                Race.Call<Boolean> touch = race.add(() -> touch(store, session, touched));
                Race.Call<List<SessionRecord>> removed = race.add(() -> removal.apply(store, session));
                race.run();

                verdict.accept(touch.result() ? touched : session, removed.result());
            }
        }
    }

    private static boolean touch(SessionStore store, SessionRecord seen, SessionRecord touched) {
        return store.touch(seen, touched.lastActiveAt(), touched.expiresAt());
    }

    private static List<SessionRecord> delete(SessionStore store, SessionRecord session) {
        return ContractFixture.delete(store, session).stream().toList();
    }

    private static List<SessionRecord> deleteAllExceptOne(SessionStore store, SessionRecord session) {
        return store.deleteAll(session.userId(), random());
    }

    private static List<SessionRecord> deleteAll(SessionStore store, SessionRecord session) {
        return store.deleteAll(session.userId(), null);
    }
}
