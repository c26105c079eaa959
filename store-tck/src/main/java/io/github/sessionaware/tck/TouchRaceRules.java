package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds when a touch meets other calls: it is whole, it wins or is refused, and it brings nothing back. */
abstract class TouchRaceRules extends PurgeRules {
    static final int ROUNDS = 100;
    static final int CALLERS = 8;

    @Test
    void ofSimultaneousTouchesThatSawTheSameExactlyOneWins() throws Exception {
        SessionStore store = store();
        Session seen = aSession(aUser());
        store.create(seen);

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                Session current = seen;
                List<Session> wishes = IntStream.rangeClosed(1, CALLERS)
                        .mapToObj(i -> current.touched(
                                current.lastActiveAt().plusMillis(i),
                                current.expiresAt().plusMillis(i)))
                        .toList();
                List<Race.Entry<Boolean>> answers = wishes.stream()
                        .map(wish -> race.enter(() -> touched(store, current, wish)))
                        .toList();
                race.run();

                List<Session> winners = Race.winners(answers, wishes);
                assertEquals(
                        1, winners.size(), "Of simultaneous touches that saw the same exactly one must answer true");
                assertStored(store, winners.get(0), "The touch that answered true must be the one that is stored");
                seen = winners.get(0);
            }
        }
    }

    @Test
    void touchRacingDeleteNeverRevives() throws Exception {
        assertTouchNeverRevives(TouchRaceRules::deleteIt);
    }

    @Test
    void touchRacingDeleteOthersNeverRevives() throws Exception {
        assertTouchNeverRevives(TouchRaceRules::deleteAsOneOfTheOthers);
    }

    @Test
    void touchRacingDeleteAllNeverRevives() throws Exception {
        assertTouchNeverRevives(TouchRaceRules::deleteAsOneOfAll);
    }

    @Test
    void recordTouchedWhileItIsDeletedIsHandedOutAsItLastWas() throws Exception {
        SessionStore store = store();

        for (Removal removal : List.<Removal>of(
                TouchRaceRules::deleteIt, TouchRaceRules::deleteAsOneOfTheOthers, TouchRaceRules::deleteAsOneOfAll)) {
            duelOfTouchAndRemoval(
                    store,
                    removal,
                    (touchedOrNot, removed) -> assertEquals(
                            List.of(touchedOrNot),
                            removed,
                            "A delete must return the record as it last was: touched if touch answered true, else not"));
        }
    }

    @Test
    void eitherTouchOrPurgeWins() throws Exception {
        SessionStore store = store();
        Instant border = aBorder(store);

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                Session session = aSessionExpiring(aUser(), border);
                Session touched = session.touched(session.lastActiveAt().plusMillis(1), border.plusMillis(1));
                store.create(session);
                Race.Entry<Boolean> touch = race.enter(() -> touched(store, session, touched));
                Race.Entry<Integer> purge = race.enter(() -> store.purge(border));
                race.run();

                if (touch.answer()) {
                    assertStored(store, touched, "touch answered true before purge came: the record must live");
                    assertEquals(0, purge.answer(), "touch answered true: purge must not count the record");
                } else {
                    assertGone(store, session, "touch answered false: purge must have removed the record");
                    assertEquals(1, purge.answer(), "purge must count the record it removed");
                }
            }
        }
    }

    @Test
    void readersNeverSeeATouchHalfDone() throws Exception {
        SessionStore store = store();
        Session session = aSession(aUser());
        Duration life = Duration.between(session.lastActiveAt(), session.expiresAt());
        store.create(session);
        CountDownLatch done = new CountDownLatch(1);

        try (Race race = new Race()) {
            race.enter(() -> {
                Session seen = session;
                try {
                    for (int i = 0; i < 5 * ROUNDS; i++) {
                        Instant now = seen.lastActiveAt().plusMillis(1);
                        store.touch(seen, now, now.plus(life));
                        seen = seen.touched(now, now.plus(life));
                    }
                } finally {
                    done.countDown();
                }
                return true;
            });
            Race.Entry<List<Session>> seen = race.enter(() -> {
                List<Session> read = new ArrayList<>();
                do {
                    read.add(store.find(session.id()).orElseThrow(() -> vanished("find")));
                    List<Session> listed = store.list(session.userId());
                    assertEquals(1, listed.size(), "A record that is being touched must be listed once");
                    read.addAll(listed);
                } while (done.getCount() > 0);
                return read;
            });
            race.run();

            Instant latest = session.lastActiveAt();
            for (Session read : seen.answer()) {
                assertEquals(
                        life,
                        Duration.between(read.lastActiveAt(), read.expiresAt()),
                        "A reader must see both times of a touch or neither");
                assertTrue(!read.lastActiveAt().isBefore(latest), "A later read must not see an earlier activity");
                latest = read.lastActiveAt();
            }
        }
    }

    private void assertTouchNeverRevives(Removal removal) throws InterruptedException {
        SessionStore store = store();

        duelOfTouchAndRemoval(store, removal, (touchedOrNot, removed) -> {
            assertEquals(1, removed.size(), "A delete that meets a touch must remove the record");
            assertGone(store, touchedOrNot, "A touch that meets a delete must never bring the record back");
        });
    }

    private static void duelOfTouchAndRemoval(SessionStore store, Removal removal, Verdict verdict)
            throws InterruptedException {
        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                Session session = aSession(aUser());
                Session touched = session.touched(LATER, DEADLINE.plusSeconds(60));
                store.create(session);
                Race.Entry<Boolean> touch = race.enter(() -> touched(store, session, touched));
                Race.Entry<List<Session>> removed = race.enter(() -> removal.remove(store, session));
                race.run();

                verdict.on(touch.answer() ? touched : session, removed.answer());
            }
        }
    }

    private static boolean touched(SessionStore store, Session seen, Session wish) {
        return store.touch(seen, wish.lastActiveAt(), wish.expiresAt());
    }

    private static List<Session> deleteIt(SessionStore store, Session session) {
        return store.delete(session.userId(), session.id()).stream().toList();
    }

    private static List<Session> deleteAsOneOfTheOthers(SessionStore store, Session session) {
        return store.deleteOthers(session.userId(), random());
    }

    private static List<Session> deleteAsOneOfAll(SessionStore store, Session session) {
        return store.deleteAll(session.userId());
    }

    private static AssertionError vanished(String call) {
        return new AssertionError("A record that is being touched must not vanish for a moment (" + call + ")");
    }

    /** One of the calls that remove the record of a user who has just this one. */
    private interface Removal {
        List<Session> remove(SessionStore store, Session session);
    }

    /** What must hold after a round: the record as it was before it went, and what the removal returned. */
    private interface Verdict {
        void on(Session touchedOrNot, List<Session> removed);
    }
}
