package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Only the owner's records go, they are gone at once, and each is handed out by the call that removed it. */
abstract class DeleteRules extends TouchRules {

    @Test
    void deleteRemovesTheRecordAndReturnsIt() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);
        Session deleted = sessions.get(1);

        assertEquals(
                Optional.of(deleted), store.delete(user, deleted.id()), "delete must return the record it removed");

        assertGone(store, deleted, "A deleted record must be gone when delete returns");
        assertSame(
                List.of(sessions.get(0), sessions.get(2)),
                store.list(user),
                "delete must leave the user's other records");
    }

    @Test
    void deletesReturnRecordsAsTheyLastWere() {
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
                "delete must return the record as it last was");
        assertSame(
                touched.subList(1, 2),
                store.deleteOthers(user, sessions.get(2).id()),
                "deleteOthers must return records as they last were");
        assertSame(touched.subList(2, 3), store.deleteAll(user), "deleteAll must return records as they last were");
    }

    @Test
    void secondDeleteOfOneRecordReturnsNothing() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);
        store.delete(session.userId(), session.id());

        assertEquals(
                Optional.empty(),
                store.delete(session.userId(), session.id()),
                "A record must be handed out once: the second delete must return empty");
    }

    @Test
    void deleteOfAnUnknownIdReturnsNothing() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);

        assertEquals(
                Optional.empty(), store.delete(session.userId(), random()), "delete of an unknown id must be empty");

        assertStored(store, session, "delete of an unknown id must remove nothing");
    }

    @Test
    void deleteOfAnotherUsersRecordRemovesNothing() {
        SessionStore store = store();
        Session owners = aSession(aUser());
        String stranger = aUser();
        Session strangers = aSession(stranger);
        createAll(store, List.of(owners, strangers));

        assertEquals(
                Optional.empty(),
                store.delete(stranger, owners.id()),
                "Another user's record must be answered like one that does not exist");

        assertStored(store, owners, "Only the owner may delete a record");
        assertStored(store, strangers, "delete of another user's record must remove nothing");
    }

    @Test
    void deleteRemovesExpiredRecordsToo() {
        SessionStore store = store();
        Session expired = aSessionExpiring(aUser(), LOGIN.minusSeconds(1));
        store.create(expired);

        assertEquals(
                Optional.of(expired),
                store.delete(expired.userId(), expired.id()),
                "A store has no clock: delete must remove and return an expired record");
        assertGone(store, expired, "A deleted record must be gone");
    }

    @Test
    void deleteOthersKeepsOneAndReturnsTheRest() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 5);
        List<Session> strangers = sessions(aUser(), 2);
        createAll(store, sessions);
        createAll(store, strangers);
        Session kept = sessions.get(2);
        List<Session> others =
                sessions.stream().filter(session -> !session.equals(kept)).toList();

        assertSame(others, store.deleteOthers(user, kept.id()), "deleteOthers must return exactly what it removed");

        assertSame(List.of(kept), store.list(user), "deleteOthers must leave exactly the kept record");
        others.forEach(session -> assertGone(store, session, "deleteOthers must remove every other record"));
        strangers.forEach(session -> assertStored(store, session, "deleteOthers must leave other users' records"));
    }

    @Test
    void deleteOthersOfTheOnlyRecordRemovesNothing() {
        SessionStore store = store();
        Session only = aSession(aUser());
        store.create(only);

        assertSame(List.of(), store.deleteOthers(only.userId(), only.id()), "There was no other record to return");

        assertStored(store, only, "deleteOthers must leave the kept record as it is");
    }

    @Test
    void deleteOthersWithAnUnknownKeptIdRemovesAll() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);

        assertSame(sessions, store.deleteOthers(user, random()), "With an unknown kept id all records must go");

        assertSame(List.of(), store.list(user), "With an unknown kept id no record must be left");
    }

    @Test
    void deleteOthersWithAnotherUsersKeptIdRemovesAllOfTheUserOnly() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        Session strangers = aSession(aUser());
        createAll(store, sessions);
        store.create(strangers);

        assertSame(
                sessions,
                store.deleteOthers(user, strangers.id()),
                "A kept id of another user must count as unknown: all of the user's records must go");

        assertSame(List.of(), store.list(user), "No record of the user must be left");
        assertStored(store, strangers, "The other user's record must stay");
    }

    @Test
    void deleteAllRemovesEveryRecordOfTheUserAndReturnsThem() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = Stream.concat(
                        sessions(user, 4).stream(), Stream.of(aSessionExpiring(user, LOGIN.minusSeconds(1))))
                .toList();
        List<Session> strangers = sessions(aUser(), 2);
        createAll(store, sessions);
        createAll(store, strangers);

        assertSame(sessions, store.deleteAll(user), "deleteAll must return exactly what it removed");

        sessions.forEach(session -> assertGone(store, session, "deleteAll must remove every record of the user"));
        strangers.forEach(session -> assertStored(store, session, "deleteAll must leave other users' records"));
    }

    @Test
    void deletingAllOfNothingReturnsNothing() {
        SessionStore store = store();
        String user = aUser();

        assertSame(List.of(), store.deleteAll(user), "deleteAll of an unknown user must return nothing");
        assertSame(List.of(), store.deleteOthers(user, random()), "deleteOthers of an unknown user must be empty");

        store.create(aSession(user));
        store.deleteAll(user);
        assertSame(List.of(), store.deleteAll(user), "A record must be handed out once: the second must be empty");
    }

    @Test
    void loginAfterDeleteAllIsKept() {
        SessionStore store = store();
        String user = aUser();
        createAll(store, sessions(user, 3));
        store.deleteAll(user);
        Session next = aSession(user);

        store.create(next);

        assertSame(List.of(next), store.list(user), "A record created after deleteAll returned must stay");
        assertStored(store, next, "A record created after deleteAll returned must stay");
    }
}
