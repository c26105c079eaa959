package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds when calls meet. Each round is judged by totals: nothing lost, nothing twice. */
abstract class RaceRules extends LimitRules {

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

                List<Session> winners = Race.winners(answers, rivals);
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
}
