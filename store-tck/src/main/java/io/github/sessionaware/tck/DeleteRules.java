package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LOGIN;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.random;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A delete removes only records of the owner, at once, and returns exactly the records that it removed. */
interface DeleteRules extends Rules {

    /** @hidden */
    @Test
    default void deleteRemovesTheRecordAndReturnsIt() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);
        Session deleted = sessions.get(1);

        assertEquals(
                Optional.of(deleted), store.delete(user, deleted.id()), "delete must return the record it removed");

        assertGone(store, deleted, "A record must be gone when its delete returns");
        assertSame(
                List.of(sessions.get(0), sessions.get(2)),
                store.list(user),
                "delete must keep the other records of the user");
    }

    /** @hidden */
    @Test
    default void deletesReturnRecordsInTheirLastState() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);
        List<Session> touched = sessions.stream()
                .map(session -> session.touched(LATER, DEADLINE))
                .toList();
        sessions.forEach(session -> store.touch(session, LATER, DEADLINE));

        assertEquals(
                Optional.of(touched.get(0)),
                store.delete(user, sessions.get(0).id()),
                "delete must return the last state of the record");
        assertSame(
                touched.subList(1, 2),
                store.deleteOthers(user, sessions.get(2).id()),
                "deleteOthers must return the last state of the records");
        assertSame(touched.subList(2, 3), store.deleteAll(user), "deleteAll must return the last state of the records");
    }

    /** @hidden */
    @Test
    default void secondDeleteOfARecordReturnsEmpty() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);
        store.delete(session.userId(), session.id());

        assertEquals(
                Optional.empty(),
                store.delete(session.userId(), session.id()),
                "The second delete of a record must return empty");
    }

    /** @hidden */
    @Test
    default void deleteOfAnUnknownIdReturnsEmpty() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);

        assertEquals(
                Optional.empty(),
                store.delete(session.userId(), random()),
                "delete of an unknown id must return empty");

        assertStored(store, session, "delete of an unknown id must remove nothing");
    }

    /** @hidden */
    @Test
    default void deleteOfAnotherUsersRecordRemovesNothing() {
        SessionStore store = store();
        Session owners = aSession(aUser());
        String stranger = aUser();
        Session strangers = aSession(stranger);
        createAll(store, List.of(owners, strangers));

        assertEquals(
                Optional.empty(),
                store.delete(stranger, owners.id()),
                "delete of a record of another user must return empty");

        assertStored(store, owners, "Only the owner may delete a record");
        assertStored(store, strangers, "delete of a record of another user must remove nothing");
    }

    /** @hidden */
    @Test
    default void deleteRemovesExpiredRecordsToo() {
        SessionStore store = store();
        Session expired = aSessionExpiring(aUser(), LOGIN.minusSeconds(1));
        store.create(expired);

        assertEquals(
                Optional.of(expired),
                store.delete(expired.userId(), expired.id()),
                "A store has no clock: delete must remove and return an expired record");
        assertGone(store, expired, "A deleted record must be gone");
    }

    /** @hidden */
    @Test
    default void deleteOthersKeepsOneAndReturnsTheRest() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 5);
        List<Session> strangers = sessions(aUser(), 2);
        createAll(store, sessions);
        createAll(store, strangers);
        Session kept = sessions.get(2);
        List<Session> others =
                sessions.stream().filter(session -> !session.equals(kept)).toList();

        assertSame(
                others,
                store.deleteOthers(user, kept.id()),
                "deleteOthers must return exactly the records that it removed");

        assertSame(List.of(kept), store.list(user), "deleteOthers must keep exactly the kept record");
        others.forEach(session -> assertGone(store, session, "deleteOthers must remove every other record"));
        strangers.forEach(session -> assertStored(store, session, "deleteOthers must keep the records of other users"));
    }

    /** @hidden */
    @Test
    default void deleteOthersOfTheOnlyRecordRemovesNothing() {
        SessionStore store = store();
        Session only = aSession(aUser());
        store.create(only);

        assertSame(
                List.of(),
                store.deleteOthers(only.userId(), only.id()),
                "deleteOthers must return nothing if there is no other record");

        assertStored(store, only, "deleteOthers must not change the kept record");
    }

    /** @hidden */
    @Test
    default void deleteOthersWithAnUnknownKeptIdRemovesAll() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);

        assertSame(
                sessions,
                store.deleteOthers(user, random()),
                "deleteOthers with an unknown kept id must return all records");

        assertSame(List.of(), store.list(user), "deleteOthers with an unknown kept id must remove all records");
    }

    /** @hidden */
    @Test
    default void deleteOthersWithAnotherUsersKeptIdRemovesOnlyTheUsersOwnRecords() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        Session strangers = aSession(aUser());
        createAll(store, sessions);
        store.create(strangers);

        assertSame(
                sessions,
                store.deleteOthers(user, strangers.id()),
                "deleteOthers must treat a kept id of another user as unknown, and return all records of the user");

        assertSame(
                List.of(),
                store.list(user),
                "deleteOthers must treat a kept id of another user as unknown, and remove all records of the user");
        assertStored(store, strangers, "deleteOthers must keep the record of the other user");
    }

    /** @hidden */
    @Test
    default void deleteAllRemovesEveryRecordOfTheUserAndReturnsThem() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = Stream.concat(
                        sessions(user, 4).stream(), Stream.of(aSessionExpiring(user, LOGIN.minusSeconds(1))))
                .toList();
        List<Session> strangers = sessions(aUser(), 2);
        createAll(store, sessions);
        createAll(store, strangers);

        assertSame(sessions, store.deleteAll(user), "deleteAll must return exactly the records that it removed");

        sessions.forEach(session -> assertGone(store, session, "deleteAll must remove every record of the user"));
        strangers.forEach(session -> assertStored(store, session, "deleteAll must keep the records of other users"));
    }

    /** @hidden */
    @Test
    default void bulkDeletesOfAUserWithoutRecordsReturnNothing() {
        SessionStore store = store();
        String user = aUser();

        assertSame(List.of(), store.deleteAll(user), "deleteAll of an unknown user must return nothing");
        assertSame(
                List.of(), store.deleteOthers(user, random()), "deleteOthers of an unknown user must return nothing");

        store.create(aSession(user));
        store.deleteAll(user);
        assertSame(List.of(), store.deleteAll(user), "The second deleteAll must return nothing");
    }

    /** @hidden */
    @Test
    default void recordCreatedAfterDeleteAllIsKept() {
        SessionStore store = store();
        String user = aUser();
        createAll(store, sessions(user, 3));
        store.deleteAll(user);
        Session next = aSession(user);

        store.create(next);

        assertSame(List.of(next), store.list(user), "A record that was created after deleteAll returned must stay");
        assertStored(store, next, "A record that was created after deleteAll returned must stay");
    }
}
