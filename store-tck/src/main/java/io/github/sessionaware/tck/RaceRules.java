package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds when calls meet. Each round is judged by totals: nothing lost, nothing twice, nothing half done. */
abstract class RaceRules extends PurgeRules {
    private static final int ROUNDS = 100;
    private static final int CALLERS = 8;

    @Test
    void simultaneousLoginsOfOneUserAreAllKept() throws Exception {
        SessionStore store = store();
        String user = aUser();
        List<Session> logins = sessions(user, ROUNDS * CALLERS);

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                logins.subList(round * CALLERS, (round + 1) * CALLERS)
                        .forEach(login -> race.enter(() -> created(store, login)));
                race.run();
            }
        }

        assertEquals(800, store.list(user).size(), "100 rounds of 8 simultaneous logins must leave 800 records");
        assertSame(logins, store.list(user), "Every login must be listed once");
        List<Session> removed = store.deleteAll(user);
        assertEquals(800, removed.size(), "deleteAll must return all 800 records");
        assertSame(logins, removed, "deleteAll must return every login once");
        assertSame(List.of(), store.list(user), "After deleteAll no record must be left");
    }

    @Test
    void ofSimultaneousCreatesWithOneIdExactlyOneWins() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                String id = random();
                List<Session> rivals = Stream.generate(() -> aSession(id, aUser()))
                        .limit(CALLERS)
                        .toList();
                List<Race.Entry<Boolean>> answers = rivals.stream()
                        .map(rival -> race.enter(() -> createdOrRefused(store, rival)))
                        .toList();
                race.run();

                List<Session> winners = IntStream.range(0, CALLERS)
                        .filter(i -> answers.get(i).answer())
                        .mapToObj(rivals::get)
                        .toList();
                assertEquals(1, winners.size(), "Of simultaneous creates with one id exactly one must succeed");
                assertSame(
                        winners,
                        rivals.stream()
                                .flatMap(rival -> store.list(rival.userId()).stream())
                                .toList(),
                        "Exactly the record whose create returned must be stored");
            }
        }
    }

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

                List<Session> winners = IntStream.range(0, CALLERS)
                        .filter(i -> answers.get(i).answer())
                        .mapToObj(wishes::get)
                        .toList();
                assertEquals(
                        1, winners.size(), "Of simultaneous touches that saw the same exactly one must answer true");
                assertStored(store, winners.get(0), "The touch that answered true must be the one that is stored");
                seen = winners.get(0);
            }
        }
    }

    @Test
    void touchRacingDeleteNeverRevives() throws Exception {
        assertTouchLosesToARemoval((store, session) ->
                store.delete(session.userId(), session.id()).stream().toList());
    }

    @Test
    void touchRacingDeleteOthersNeverRevives() throws Exception {
        assertTouchLosesToARemoval((store, session) -> store.deleteOthers(session.userId(), random()));
    }

    @Test
    void touchRacingDeleteAllNeverRevives() throws Exception {
        assertTouchLosesToARemoval((store, session) -> store.deleteAll(session.userId()));
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
    void simultaneousDeletesHandOutEachRecordOnce() throws Exception {
        SessionStore store = store();
        String user = aUser();

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                List<Session> sessions = sessions(user, 3);
                createAll(store, sessions);
                Session contested = sessions.get(0);
                List<Race.Entry<List<Session>>> answers = List.of(
                        race.enter(() ->
                                store.delete(user, contested.id()).stream().toList()),
                        race.enter(() ->
                                store.delete(user, contested.id()).stream().toList()),
                        race.enter(() -> store.deleteOthers(user, random())),
                        race.enter(() -> store.deleteAll(user)));
                race.run();

                assertSame(
                        sessions,
                        answers.stream()
                                .flatMap(answer -> answer.answer().stream())
                                .toList(),
                        "When deletes meet, each record must be returned by exactly one of them");
                assertSame(List.of(), store.list(user), "After these deletes no record must be left");
            }
        }
    }

    @Test
    void simultaneousPurgesCountEachRecordOnce() throws Exception {
        SessionStore store = store();
        Instant border = aBorder(store);

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                Stream.generate(() -> aSessionExpiring(aUser(), border))
                        .limit(4)
                        .forEach(store::create);
                List<Race.Entry<Integer>> counts = Stream.generate(() -> race.enter(() -> store.purge(border)))
                        .limit(2)
                        .toList();
                race.run();

                assertEquals(
                        4,
                        counts.stream().mapToInt(Race.Entry::answer).sum(),
                        "When purges meet, each record must be counted by exactly one of them");
            }
        }
    }

    @Test
    void loginRacingDeleteAllIsEitherHandedOutOrKept() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                String user = aUser();
                List<Session> early = sessions(user, 2);
                List<Session> racing = sessions(user, 3);
                createAll(store, early);
                racing.forEach(login -> race.enter(() -> created(store, login)));
                Race.Entry<List<Session>> removed = race.enter(() -> store.deleteAll(user));
                race.run();

                List<Session> kept = store.list(user);
                assertSame(
                        Stream.concat(early.stream(), racing.stream()).toList(),
                        Stream.concat(removed.answer().stream(), kept.stream()).toList(),
                        "Every record must be either returned by deleteAll or still be listed, none both or neither");
                assertTrue(racing.containsAll(kept), "A record created before deleteAll began must not be left by it");
                kept.forEach(session -> assertStored(store, session, "A listed record must be found"));
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

    private void assertTouchLosesToARemoval(Removal removal) throws InterruptedException {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                Session session = aSession(aUser());
                Session touched = session.touched(LATER, DEADLINE.plusSeconds(60));
                store.create(session);
                Race.Entry<Boolean> touch = race.enter(() -> touched(store, session, touched));
                Race.Entry<List<Session>> removed = race.enter(() -> removal.remove(store, session));
                race.run();

                assertGone(store, session, "A touch that meets a delete must never bring the record back");
                assertEquals(
                        Optional.of(touch.answer() ? touched : session),
                        removed.answer().stream().findFirst(),
                        "A delete must return the record as it last was: touched if touch answered true, else not");
            }
        }
    }

    private static boolean created(SessionStore store, Session session) {
        store.create(session);
        return true;
    }

    private static boolean createdOrRefused(SessionStore store, Session session) {
        try {
            store.create(session);
            return true;
        } catch (SessionStoreException refused) {
            return false;
        }
    }

    private static boolean touched(SessionStore store, Session seen, Session wish) {
        return store.touch(seen, wish.lastActiveAt(), wish.expiresAt());
    }

    private static AssertionError vanished(String call) {
        return new AssertionError("A record that is being touched must not vanish for a moment (" + call + ")");
    }

    /** One of the calls that remove the record of a user who has just this one. */
    private interface Removal {
        List<Session> remove(SessionStore store, Session session);
    }
}
