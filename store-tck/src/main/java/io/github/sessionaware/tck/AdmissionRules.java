package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.EXPIRED;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LIMIT;
import static io.github.sessionaware.tck.ContractFixture.aFullSession;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertSameOrDropped;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.delete;
import static io.github.sessionaware.tck.ContractFixture.find;
import static io.github.sessionaware.tck.ContractFixture.inTurn;
import static io.github.sessionaware.tck.ContractFixture.insert;
import static io.github.sessionaware.tck.ContractFixture.replaced;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code create} asks the admission, removes the records that must leave and adds the new one, in one atomic step. */
interface AdmissionRules extends Rules {

    /** @hidden */
    @Test
    default void unconditionalCreateRemovesNothing() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 3);

        for (SessionRecord session : sessions) {
            assertEquals(
                    Optional.of(List.of()),
                    store.create(session, Admission.unconditional()),
                    "An unconditional create must return an empty list, and not empty");
        }

        assertSame(sessions, store.list(user), "An unconditional create must keep the other records");
    }

    /** @hidden */
    @Test
    default void admissionReceivesEveryRecordOfTheUserAndNoOther() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 3);
        SessionRecord expired = aSessionExpiring(user, EXPIRED);
        createAll(store, sessions);
        insert(store, expired);
        createAll(store, sessions(aUser(), 2));
        List<SessionRecord> given = new ArrayList<>();

        store.create(aSession(user), Admission.decidedBy(present -> {
            given.clear();
            given.addAll(present);
            return Optional.of(List.of());
        }));

        assertSameOrDropped(
                sessions,
                List.of(expired),
                dropsExpired(),
                given,
                "The admission must receive every record of the user, including expired ones, and not the new one");
    }

    /** @hidden */
    @Test
    default void createRemovesTheRecordsThatMustLeaveAndAddsTheNewOne() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 4);
        createAll(store, sessions);
        SessionRecord login = aSession(user);

        assertEquals(
                Optional.of(List.of()),
                store.create(login, Admission.decidedBy(present -> Optional.of(List.of()))),
                "create must return an empty list, and not empty, if no record must leave");
        assertStored(store, login, "The new record must be stored");

        SessionRecord second = aFullSession(user);
        List<SessionRecord> removed = store.create(
                        second,
                        Admission.decidedBy(present -> Optional.of(present.stream()
                                .filter(session -> sessions.indexOf(session) % 2 == 0)
                                .toList())))
                .orElseThrow();

        assertSame(
                List.of(sessions.get(0), sessions.get(2)), removed, "create must return the records that had to leave");
        assertSame(
                List.of(sessions.get(1), sessions.get(3), login, second),
                store.list(user),
                "create must remove the records that must leave and add the new one");
        assertStored(store, second, "The new record must be stored with every part");
        removed.forEach(session -> assertGone(store, session, "A record that had to leave must be gone"));
    }

    /** @hidden */
    @Test
    default void manyRecordsLeaveForOneLogin() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 149 + LIMIT);
        createAll(store, sessions);
        SessionRecord login = aSession(user);
        List<SessionRecord> leaving = makeRoom(sessions).orElseThrow();

        List<SessionRecord> removed = store.create(login, Admission.decidedBy(AdmissionRules::makeRoom))
                .orElseThrow();

        assertSame(leaving, removed, "create must return all of 150 records that had to leave");
        assertSame(
                Stream.concat(sessions.stream().filter(session -> !leaving.contains(session)), Stream.of(login))
                        .toList(),
                store.list(user),
                "create must remove all of 150 records that must leave, and no other");
    }

    /** @hidden */
    @Test
    default void refusedLoginChangesNothing() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 2);
        createAll(store, sessions);
        SessionRecord login = aSession(user);

        assertEquals(
                Optional.empty(),
                store.create(login, Admission.decidedBy(present -> Optional.empty())),
                "create must return empty if the admission refuses");

        assertGone(store, login, "A refused login must not be stored");
        assertSame(sessions, store.list(user), "A refused login must change nothing");
    }

    /** @hidden */
    @Test
    default void existingIdFailsWhateverTheAdmissionWouldDecide() {
        SessionStore store = store();
        SessionRecord existing = aSession(aUser());
        insert(store, existing);

        for (Admission admission :
                List.of(Admission.decidedBy(present -> Optional.empty()), Admission.decidedBy(Optional::of))) {
            assertThrows(
                    SessionStoreException.class,
                    () -> store.create(existing, admission),
                    "create must throw if the user has a record with this id, even if the admission would refuse"
                            + " or would let that record leave");
            assertStored(store, existing, "The existing record must stay");
        }
    }

    /** @hidden */
    @Test
    default void createWhoseAdmissionThrowsChangesNothing() {
        SessionStore store = store();
        SessionRecord present = aSession(aUser());
        SessionRecord login = aSession(present.userId());
        insert(store, present);

        assertThrows(
                RuntimeException.class,
                () -> store.create(login, Admission.decidedBy(all -> {
                    throw new IllegalStateException("the admission fails");
                })),
                "create must fail if the admission throws");

        assertSame(
                List.of(present), store.list(present.userId()), "create must change nothing if the admission throws");
    }

    /** @hidden */
    @Test
    default void createWithAnExistingIdRemovesNothing() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 3);
        createAll(store, sessions);
        SessionRecord login = aSession(user, sessions.get(1).id());

        assertThrows(
                SessionStoreException.class,
                () -> store.create(
                        login,
                        Admission.decidedBy(present -> Optional.of(present.stream()
                                .filter(session -> !session.id().equals(login.id()))
                                .toList()))),
                "create must throw SessionStoreException if the user has a record with this id");

        assertSame(sessions, store.list(user), "A failed create must keep the records that should have left");
    }

    /** @hidden */
    @Test
    default void simultaneousLoginsNeverLeaveMoreThanTheLimit() throws Exception {
        SessionStore store = store();
        Supplier<SessionStore> nodes = inTurn(store, otherNode(store));

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                String user = aUser();
                List<SessionRecord> logins = sessions(user, Race.CALLERS);
                List<Race.Call<Optional<List<SessionRecord>>>> calls = logins.stream()
                        .map(login -> race.add(
                                nodes.get(), node -> node.create(login, Admission.decidedBy(AdmissionRules::makeRoom))))
                        .toList();
                race.run();

                List<SessionRecord> left = store.list(user);
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
        Supplier<SessionStore> nodes = inTurn(store, otherNode(store));

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                String user = aUser();
                List<SessionRecord> logins = sessions(user, Race.CALLERS);
                Admission admission = Admission.decidedBy(
                        present -> present.size() < LIMIT ? Optional.of(List.of()) : Optional.empty());
                List<Race.Call<Boolean>> calls = logins.stream()
                        .map(login -> race.add(
                                nodes.get(),
                                node -> node.create(login, admission).isPresent()))
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
    default void recordThatMustLeaveIsRemovedDespiteAConcurrentChange() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                String user = aUser();
                SessionRecord old = aSession(user);
                SessionRecord changed = round % 2 == 0 ? old.touched(LATER, DEADLINE) : replaced(old, "state-1");
                SessionRecord login = aSession(user);
                insert(store, old);
                Race.Call<Boolean> change = race.add(() -> changed.equals(old.touched(LATER, DEADLINE))
                        ? store.touch(old, LATER, DEADLINE)
                        : store.replace(old, changed));
                Race.Call<Optional<List<SessionRecord>>> removed =
                        race.add(() -> store.create(login, Admission.decidedBy(Optional::of)));
                race.run();

                assertEquals(
                        Optional.of(List.of(change.result() ? changed : old)),
                        removed.result(),
                        "create must return the last state of a record that had to leave");
                assertSame(
                        List.of(login),
                        store.list(user),
                        "A concurrent touch or replace must not keep a record that must leave");
            }
        }
    }

    /** @hidden */
    @Test
    default void recordLeavesOnlyInAStateThatTheAdmissionHasSeen() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                SessionRecord idle = aSession(aUser());
                insert(store, idle);
                Race.Call<Boolean> touch = race.add(() -> store.touch(idle, LATER, DEADLINE));
                Race.Call<Optional<List<SessionRecord>>> removed = race.add(() -> store.create(
                        aSession(idle.userId()),
                        Admission.decidedBy(present -> Optional.of(present.stream()
                                .filter(session -> session.lastActiveAt().isBefore(LATER))
                                .toList()))));
                race.run();

                assertEquals(
                        Optional.of(touch.result() ? List.of() : List.of(idle)),
                        removed.result(),
                        "create must ask the admission again if a touch has changed a record that had to leave");
                assertEquals(
                        touch.result() ? Optional.of(idle.touched(LATER, DEADLINE)) : Optional.empty(),
                        find(store, idle),
                        "A record that a touch has changed must stay if the admission lets only the former one leave");
            }
        }
    }

    /** @hidden */
    @Test
    default void recordThatStaysKeepsAConcurrentTouch() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                SessionRecord staying = aSession(aUser());
                insert(store, staying);
                Race.Call<Boolean> touch = race.add(() -> store.touch(staying, LATER, DEADLINE));
                race.add(() -> store.create(
                        aSession(staying.userId()), Admission.decidedBy(present -> Optional.of(List.of()))));
                race.run();

                assertEquals(
                        Optional.of(touch.result() ? staying.touched(LATER, DEADLINE) : staying),
                        find(store, staying),
                        "create must not undo a concurrent touch of a record that stays");
            }
        }
    }

    /** @hidden */
    @Test
    default void recordThatAConcurrentDeleteRemovesIsReturnedOnceAndStaysGone() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                SessionRecord old = aSession(aUser());
                boolean mustLeave = round % 2 == 0;
                insert(store, old);
                Race.Call<Optional<SessionRecord>> deleted = race.add(() -> delete(store, old));
                Race.Call<Optional<List<SessionRecord>>> left = race.add(() -> store.create(
                        aSession(old.userId()),
                        Admission.decidedBy(present -> Optional.of(mustLeave ? present : List.of()))));
                race.run();

                assertSame(
                        List.of(old),
                        Stream.concat(deleted.result().stream(), left.result().orElseThrow().stream())
                                .toList(),
                        "Either delete or create must return a removed record, and not both");
                assertGone(store, old, "create must not bring back a record that a concurrent delete removes");
            }
        }
    }

    private static Optional<List<SessionRecord>> makeRoom(List<SessionRecord> present) {
        return Optional.of(present.stream()
                .sorted(Comparator.comparing(SessionRecord::id))
                .limit(Math.max(0, present.size() + 1 - LIMIT))
                .toList());
    }
}
