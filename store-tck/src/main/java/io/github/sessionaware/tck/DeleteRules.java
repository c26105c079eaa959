package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.aCutoff;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertDeleted;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.delete;
import static io.github.sessionaware.tck.ContractFixture.idsOf;
import static io.github.sessionaware.tck.ContractFixture.insert;
import static io.github.sessionaware.tck.ContractFixture.random;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A delete removes only records of its user, at once, and returns exactly the records that it removed. */
interface DeleteRules extends Rules {

    /** @hidden */
    @Test
    default void deleteRemovesTheRecordAndReturnsIt() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 3);
        createAll(store, sessions);
        SessionRecord deleted = sessions.get(1);

        assertDeleted(deleted, delete(store, deleted), "delete must return the record it removed");

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
        List<SessionRecord> sessions = sessions(user, 3);
        createAll(store, sessions);
        List<SessionRecord> touched = sessions.stream()
                .map(session -> session.touched(LATER, DEADLINE))
                .toList();
        sessions.forEach(session -> store.touch(session, LATER, DEADLINE));

        assertEquals(
                Optional.of(touched.get(0)),
                delete(store, sessions.get(0)),
                "delete must remove a record of any version and return its last state");
        assertSame(
                touched.subList(1, 2),
                store.deleteAll(user, sessions.get(2).id()),
                "deleteAll with a kept id must return the last state of the records");
        assertSame(
                touched.subList(2, 3),
                store.deleteAll(user, null),
                "deleteAll must return the last state of the records");
    }

    /** @hidden */
    @Test
    default void secondDeleteOfARecordReturnsEmpty() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);
        delete(store, session);

        assertEquals(Optional.empty(), delete(store, session), "The second delete of a record must return empty");
    }

    /** @hidden */
    @Test
    default void deleteOfAnUnknownIdReturnsEmpty() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);

        assertEquals(
                Optional.empty(),
                delete(store, session.userId(), random()),
                "delete of an unknown id must return empty");

        assertStored(store, session, "delete of an unknown id must remove nothing");
    }

    /** @hidden */
    @Test
    default void deleteOfAnotherUsersRecordRemovesNothing() {
        SessionStore store = store();
        SessionRecord owners = aSession(aUser());
        String stranger = aUser();
        SessionRecord strangers = aSession(stranger);
        createAll(store, List.of(owners, strangers));

        assertEquals(
                Optional.empty(),
                delete(store, stranger, owners.id()),
                "delete of a record of another user must return empty");

        assertStored(store, owners, "Only the owner may delete a record");
        assertStored(store, strangers, "delete of a record of another user must remove nothing");
    }

    /** @hidden */
    @Test
    default void deleteOfSeveralIdsRemovesExactlyThoseOfTheUser() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 5);
        SessionRecord strangers = aSession(aUser());
        createAll(store, sessions);
        insert(store, strangers);
        List<SessionRecord> deleted = sessions.subList(1, 4);
        Set<String> ids = idsOf(deleted);
        ids.addAll(List.of(random(), strangers.id()));

        assertSame(
                deleted,
                store.delete(user, ids),
                "delete of several ids must ignore unknown ids, and return exactly the records that it removed");

        assertSame(
                List.of(sessions.get(0), sessions.get(4)),
                store.list(user),
                "delete of several ids must keep the other records of the user");
        assertStored(store, strangers, "delete must not remove a record of another user");
        assertSame(List.of(), store.delete(user, ids), "The second delete of several ids must return nothing");
    }

    /** @hidden */
    @Test
    default void deleteRemovesFiveHundredRecordsByTheirIds() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 501);
        createAll(store, sessions);

        assertSame(
                sessions.subList(0, 500),
                store.delete(user, idsOf(sessions.subList(0, 500))),
                "delete must return all of 500 records");

        assertSame(sessions.subList(500, 501), store.list(user), "delete must remove exactly the 500 records");
    }

    /** @hidden */
    @Test
    default void deleteAllRemovesEveryRecordOfTheUserAndReturnsThem() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 5);
        List<SessionRecord> strangers = sessions(aUser(), 2);
        createAll(store, sessions);
        createAll(store, strangers);

        assertSame(sessions, store.deleteAll(user, null), "deleteAll must return exactly the records that it removed");

        sessions.forEach(session -> assertGone(store, session, "deleteAll must remove every record of the user"));
        strangers.forEach(session -> assertStored(store, session, "deleteAll must keep the records of other users"));
    }

    /** @hidden */
    @Test
    default void deleteAllExceptOneKeepsItAndReturnsTheRest() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 5);
        List<SessionRecord> strangers = sessions(aUser(), 2);
        createAll(store, sessions);
        createAll(store, strangers);
        SessionRecord kept = sessions.get(2);
        List<SessionRecord> others =
                sessions.stream().filter(session -> !session.equals(kept)).toList();

        assertSame(
                others,
                store.deleteAll(user, kept.id()),
                "deleteAll with a kept id must return exactly the records that it removed");

        assertSame(List.of(kept), store.list(user), "deleteAll must keep exactly the record with the kept id");
        others.forEach(session -> assertGone(store, session, "deleteAll must remove every record except the kept one"));
        strangers.forEach(session -> assertStored(store, session, "deleteAll must keep the records of other users"));
    }

    /** @hidden */
    @Test
    default void deleteAllExceptTheOnlyRecordRemovesNothing() {
        SessionStore store = store();
        SessionRecord only = aSession(aUser());
        insert(store, only);

        assertSame(
                List.of(),
                store.deleteAll(only.userId(), only.id()),
                "deleteAll must return nothing if the kept record is the only one");

        assertStored(store, only, "deleteAll must not change the kept record");
    }

    /** @hidden */
    @Test
    default void deleteAllExceptAnUnknownRecordRemovesAll() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 3);
        createAll(store, sessions);

        assertSame(
                sessions, store.deleteAll(user, random()), "deleteAll with an unknown kept id must return all records");

        assertSame(List.of(), store.list(user), "deleteAll with an unknown kept id must remove all records");
    }

    /** @hidden */
    @Test
    default void deleteAllExceptAnotherUsersRecordRemovesOnlyTheUsersOwnRecords() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 3);
        SessionRecord strangers = aSession(aUser());
        createAll(store, sessions);
        insert(store, strangers);

        assertSame(
                sessions,
                store.deleteAll(user, strangers.id()),
                "deleteAll must treat a kept id of another user as unknown, and return all records of the user");

        assertSame(
                List.of(),
                store.list(user),
                "deleteAll must treat a kept id of another user as unknown, and remove all records of the user");
    }

    /** @hidden */
    @Test
    default void deleteAllOfAUserWithoutRecordsReturnsNothing() {
        SessionStore store = store();
        String user = aUser();

        insert(store, aSession(aUser()));
        assertSame(List.of(), store.deleteAll(user, null), "deleteAll of an unknown user must return nothing");
        insert(store, aSession(aUser()));
        assertSame(
                List.of(),
                store.deleteAll(user, random()),
                "deleteAll of an unknown user with a kept id must return nothing");

        insert(store, aSession(user));
        store.deleteAll(user, null);
        assertSame(List.of(), store.deleteAll(user, null), "The second deleteAll must return nothing");
    }

    /** @hidden */
    @Test
    default void manyRecordsOfOneUserAreListedDeletedAndPurged() {
        SessionStore store = store();
        Instant cutoff = aCutoff(store);
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 150);
        createAll(store, sessions);

        assertSame(sessions, store.list(user), "list must return all records of a user with 150 records");
        assertSame(sessions, store.deleteAll(user, null), "deleteAll must return all of the 150 records");
        assertSame(List.of(), store.list(user), "deleteAll must remove all of the 150 records");

        createAll(
                store,
                sessions.stream()
                        .map(session -> session.toBuilder().expiresAt(cutoff).build())
                        .toList());
        store.purge(cutoff);
        assertSame(List.of(), store.list(user), "purge must remove all of the 150 records");
    }

    /** @hidden */
    @Test
    default void recordCreatedAfterDeleteAllIsKept() {
        SessionStore store = store();
        String user = aUser();
        createAll(store, sessions(user, 3));
        store.deleteAll(user, null);
        SessionRecord next = aSession(user);

        insert(store, next);

        assertSame(List.of(next), store.list(user), "A record that was created after deleteAll returned must stay");
        assertStored(store, next, "A record that was created after deleteAll returned must stay");
    }
}
