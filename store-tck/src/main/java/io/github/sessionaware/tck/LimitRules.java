package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LIMIT;
import static io.github.sessionaware.tck.ContractFixture.LOGIN;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.replaced;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code createLimited} reads the records of a user, removes some and adds one in one atomic step. */
interface LimitRules extends Rules {

    /** @hidden */
    @Test
    default void choiceReceivesEveryRecordOfTheUserAndNoOther() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = new ArrayList<>(sessions(user, 3));
        sessions.add(aSessionExpiring(user, LOGIN.minusSeconds(1)));
        createAll(store, sessions);
        createAll(store, sessions(aUser(), 2));
        List<Session> given = new ArrayList<>();

        store.createLimited(aSession(user), present -> {
            given.clear();
            given.addAll(present);
            return Optional.of(List.of());
        });

        assertSame(sessions, given, "The choice must receive every record of the user, including expired ones");
    }

    /** @hidden */
    @Test
    default void createLimitedRemovesTheChosenRecordsAndAddsTheNewOne() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 4);
        createAll(store, sessions);
        Session login = aSession(user);

        assertEquals(
                Optional.of(List.of()),
                store.createLimited(login, present -> Optional.of(List.of())),
                "createLimited must return an empty list, and not empty, if the choice is an empty list");
        assertStored(store, login, "The new record must be stored");

        Session second = replaced(aSession(user), "state-1");
        List<Session> removed = store.createLimited(
                        second,
                        present -> Optional.of(present.stream()
                                .filter(session -> sessions.indexOf(session) % 2 == 0)
                                .toList()))
                .orElseThrow();

        assertSame(List.of(sessions.get(0), sessions.get(2)), removed, "createLimited must return the chosen records");
        assertSame(
                List.of(sessions.get(1), sessions.get(3), login, second),
                store.list(user),
                "createLimited must remove the chosen records and add the new one");
        assertStored(store, second, "The new record must be stored with every field");
        removed.forEach(session -> assertGone(store, session, "A chosen record must be gone"));
    }

    /** @hidden */
    @Test
    default void refusedLoginChangesNothing() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 2);
        createAll(store, sessions);
        Session login = aSession(user);

        assertEquals(
                Optional.empty(),
                store.createLimited(login, present -> Optional.empty()),
                "createLimited must return empty if the choice refuses");

        assertGone(store, login, "A refused login must not be stored");
        assertSame(sessions, store.list(user), "A refused login must change nothing");
    }

    /** @hidden */
    @Test
    default void limitedLoginWithAnExistingIdRemovesNothing() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 2);
        Session other = aSession(aUser());
        createAll(store, sessions);
        store.create(other);

        assertThrows(
                SessionStoreException.class,
                () -> store.createLimited(aSession(other.id(), user), Optional::of),
                "createLimited must throw SessionStoreException if the id exists");

        assertSame(sessions, store.list(user), "A failed createLimited must keep the chosen records");
        assertStored(store, other, "A failed createLimited must not change the record that has the id");
    }

    /** @hidden */
    @Test
    default void simultaneousLimitedLoginsNeverLeaveMoreThanTheLimit() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                String user = aUser();
                List<Session> logins = sessions(user, Race.CALLERS);
                List<Race.Call<Optional<List<Session>>>> calls = logins.stream()
                        .map(login -> race.add(() -> store.createLimited(login, LimitRules::makeRoom)))
                        .toList();
                race.run();

                List<Session> left = store.list(user);
                assertEquals(LIMIT, left.size(), "Simultaneous logins must leave exactly as many records as the limit");
                assertSame(
                        logins,
                        Stream.concat(
                                        left.stream(),
                                        calls.stream().flatMap(call -> call.result().orElseThrow().stream()))
                                .toList(),
                        "Either list or exactly one call must return each login");
            }
        }
    }

    /** @hidden */
    @Test
    default void simultaneousLoginsAreAcceptedUpToTheLimit() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                String user = aUser();
                List<Session> logins = sessions(user, Race.CALLERS);
                List<Race.Call<Boolean>> calls = logins.stream()
                        .map(login -> race.add(() -> store.createLimited(
                                        login,
                                        present -> present.size() < LIMIT ? Optional.of(List.of()) : Optional.empty())
                                .isPresent()))
                        .toList();
                race.run();

                assertEquals(
                        LIMIT,
                        calls.stream().filter(Race.Call::result).count(),
                        "Exactly as many simultaneous logins as the limit must be accepted");
                assertEquals(LIMIT, store.list(user).size(), "list must return the accepted logins and no refused one");
            }
        }
    }

    /** @hidden */
    @Test
    default void chosenRecordIsRemovedDespiteAConcurrentTouch() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                String user = aUser();
                Session old = aSession(user);
                Session login = aSession(user);
                store.create(old);
                Race.Call<Boolean> touch = race.add(() -> store.touch(old, LATER, DEADLINE));
                Race.Call<Optional<List<Session>>> removed = race.add(() -> store.createLimited(login, Optional::of));
                race.run();

                assertEquals(
                        Optional.of(List.of(touch.result() ? old.touched(LATER, DEADLINE) : old)),
                        removed.result(),
                        "createLimited must return the last state of a chosen record");
                assertSame(List.of(login), store.list(user), "A concurrent touch must not keep a chosen record");
            }
        }
    }

    private static Optional<List<Session>> makeRoom(List<Session> present) {
        return Optional.of(present.stream()
                .sorted(Comparator.comparing(Session::id))
                .limit(Math.max(0, present.size() + 1 - LIMIT))
                .toList());
    }
}
