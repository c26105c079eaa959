package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.aCutoff;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.delete;
import static io.github.sessionaware.tck.ContractFixture.idsOf;
import static io.github.sessionaware.tck.ContractFixture.inTurn;
import static io.github.sessionaware.tck.ContractFixture.insert;
import static io.github.sessionaware.tck.ContractFixture.random;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Races of creates, deletes and purges. Exact totals show that each round lost nothing and duplicated nothing. */
interface RaceRules extends Rules {

    /** @hidden */
    @Test
    default void simultaneousLoginsOfOneUserAreAllKept() throws Exception {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> logins = sessions(user, Race.ROUNDS * Race.CALLERS);

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                logins.subList(round * Race.CALLERS, (round + 1) * Race.CALLERS)
                        .forEach(login -> race.add(() -> created(store, login)));
                race.run();
            }
        }

        assertEquals(
                800,
                store.list(user).size(),
                "list must return the 800 records of 100 rounds of 8 simultaneous logins");
        assertSame(logins, store.list(user), "list must return every login once");
        List<SessionRecord> removed = store.deleteAll(user, null);
        assertEquals(800, removed.size(), "deleteAll must return all 800 records");
        assertSame(logins, removed, "deleteAll must return every login once");
        assertSame(List.of(), store.list(user), "deleteAll must remove every record");
    }

    /** @hidden */
    @Test
    default void exactlyOneOfSimultaneousCreatesWithOneIdWins() throws Exception {
        SessionStore store = store();
        Supplier<SessionStore> nodes = inTurn(store, otherNode(store));

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                SessionRecord first = aSession(aUser());
                List<SessionRecord> rivals = IntStream.range(0, Race.CALLERS)
                        .mapToObj(i -> first.toBuilder().label("rival " + i).build())
                        .toList();
                List<Race.Call<Boolean>> calls = rivals.stream()
                        .map(rival -> race.add(nodes.get(), node -> createdOrRefused(node, rival)))
                        .toList();
                race.run();

                List<SessionRecord> winners = Race.winners(calls, rivals);
                assertEquals(1, winners.size(), "Exactly one of the simultaneous creates with one id must succeed");
                assertSame(
                        winners,
                        store.list(first.userId()),
                        "The store must contain exactly the record whose create succeeded");
            }
        }
    }

    /** @hidden */
    @Test
    default void simultaneousDeletesReturnEachRecordOnce() throws Exception {
        SessionStore store = store();
        Supplier<SessionStore> nodes = inTurn(store, otherNode(store));
        String user = aUser();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                List<SessionRecord> sessions = sessions(user, 3);
                createAll(store, sessions);
                SessionRecord contested = sessions.get(0);
                List<Race.Call<List<SessionRecord>>> calls = List.of(
                        race.add(
                                nodes.get(),
                                node -> delete(node, contested).stream().toList()),
                        race.add(nodes.get(), node -> node.delete(user, idsOf(sessions.subList(0, 2)))),
                        race.add(nodes.get(), node -> node.delete(user, idsOf(sessions))),
                        race.add(nodes.get(), node -> node.deleteAll(user, random())),
                        race.add(nodes.get(), node -> node.deleteAll(user, null)));
                race.run();

                assertSame(
                        sessions,
                        calls.stream().flatMap(call -> call.result().stream()).toList(),
                        "Exactly one of the simultaneous deletes must return each record");
                assertSame(List.of(), store.list(user), "The simultaneous deletes must remove every record");
            }
        }
    }

    /** @hidden */
    @Test
    default void simultaneousPurgesCountEachRecordOnce() throws Exception {
        SessionStore store = store();
        Instant cutoff = aCutoff(store);

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                Stream.generate(() -> aSessionExpiring(aUser(), cutoff))
                        .limit(4)
                        .forEach(session -> insert(store, session));
                List<Race.Call<Integer>> counts = Stream.generate(() -> race.add(() -> store.purge(cutoff)))
                        .limit(2)
                        .toList();
                race.run();

                int counted = counts.stream().mapToInt(Race.Call::result).sum();
                assertTrue(
                        counted == 4 || (counted < 4 && dropsExpired()),
                        () -> "Exactly one of the simultaneous purges must count each of 4 records, but together they"
                                + " counted " + counted);
            }
        }
    }

    /** @hidden */
    @Test
    default void recordCreatedDuringDeleteAllIsEitherReturnedOrKept() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                String user = aUser();
                List<SessionRecord> early = sessions(user, 2);
                List<SessionRecord> racing = sessions(user, 3);
                createAll(store, early);
                racing.forEach(login -> race.add(() -> created(store, login)));
                Race.Call<List<SessionRecord>> removed = race.add(() -> store.deleteAll(user, null));
                race.run();

                List<SessionRecord> kept = store.list(user);
                assertSame(
                        Stream.concat(early.stream(), racing.stream()).toList(),
                        Stream.concat(removed.result().stream(), kept.stream()).toList(),
                        "Either deleteAll or a later list must return each record, and not both");
                assertTrue(
                        racing.containsAll(kept),
                        "deleteAll must remove every record that was created before it began");
                kept.forEach(session -> assertStored(store, session, "find must return a listed record"));
            }
        }
    }

    private static boolean created(SessionStore store, SessionRecord session) {
        insert(store, session);
        return true;
    }

    private static boolean createdOrRefused(SessionStore store, SessionRecord session) {
        try {
            insert(store, session);
            return true;
        } catch (SessionStoreException refused) {
            return false;
        }
    }
}
