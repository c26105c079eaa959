package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.FIREFOX;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LOGIN;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.emoji;
import static io.github.sessionaware.tck.ContractFixture.random;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Create, find and list keep every field of a record. */
interface RecordRules extends Rules {

    /** @hidden */
    @Test
    default void findAndListReturnACreatedRecordUnchanged() {
        SessionStore store = store();
        Session session = aSession(aUser());

        store.create(session);

        assertStored(store, session, "find and list must return the record as it was created");
    }

    /** @hidden */
    @Test
    default void eachFieldOfTheClientMayBeNull() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = List.of(
                aSession(user, ClientInfo.unknown()),
                aSession(user, ClientInfo.builder().device("only a device").build()),
                aSession(user, ClientInfo.builder().userAgent("only an agent").build()),
                aSession(user, ClientInfo.builder().ipAddress("192.0.2.7").build()),
                aSession(user, ClientInfo.builder().location("only a place").build()));

        createAll(store, sessions);

        for (Session session : sessions) {
            assertStored(
                    store,
                    session,
                    "A field of the client that is null must stay null, and the other fields must not change");
        }
    }

    /** @hidden */
    @Test
    default void longestTextOfFourByteCharactersIsKept() {
        SessionStore store = store();
        Session session = aSession(
                emoji(255),
                ClientInfo.builder()
                        .device(emoji(128))
                        .userAgent(emoji(512))
                        .ipAddress(emoji(64))
                        .location(emoji(128))
                        .build());

        store.create(session);

        assertStored(
                store, session, "Limits count code points: a store must neither cut nor refuse text up to the limit");
        assertEquals(
                Optional.of(session),
                store.delete(session.userId(), session.id()),
                "delete must find a user id of 255 code points");
    }

    /** @hidden */
    @Test
    default void shortestAndLongestSessionIdsAreKept() {
        SessionStore store = store();
        String user = aUser();
        String shortest = random().substring(0, 20) + "-_";
        String longest = (random() + random()).substring(0, 62) + "_-";
        List<Session> sessions = List.of(aSession(shortest, user), aSession(longest, user));

        createAll(store, sessions);

        for (Session session : sessions) {
            assertStored(store, session, "A store must keep session ids of 22 to 64 characters of A-Z a-z 0-9 - _");
        }
    }

    /** @hidden */
    @ParameterizedTest
    @EnumSource
    default void hostileTextIsKeptUnchanged(HostileText hostile) {
        SessionStore store = store();
        String text = hostile.text;
        Session session = aSession(aUser(), new ClientInfo(text, text, text, text));

        store.create(session);

        assertStored(store, session, "A store must not change or interpret text");
        assertEquals(
                List.of(session), store.deleteAll(session.userId()), "deleteAll must return text as it was created");
    }

    /** @hidden */
    @ParameterizedTest
    @EnumSource
    default void everyTimeIsKeptToTheMillisecond(Moment moment) {
        SessionStore store = store();
        Session session = new Session(
                random(), aUser(), FIREFOX, moment.time, moment.time.plusMillis(1), moment.time.plusMillis(2));

        store.create(session);
        assertStored(store, session, "A store must keep times to the millisecond");

        Session touched = session.touched(moment.time.plusMillis(2), moment.time.plusMillis(3));
        assertTrue(
                store.touch(session, touched.lastActiveAt(), touched.expiresAt()),
                "touch must recognise the time that the caller read, and a time one millisecond later");
        assertStored(store, touched, "A store must keep the times of a touch to the millisecond");
    }

    /** @hidden */
    @Test
    default void createRefusesAnExistingIdAndKeepsItsRecord() {
        SessionStore store = store();
        Session first = aSession(aUser());
        Session second = new Session(first.id(), first.userId(), ClientInfo.unknown(), LATER, LATER, DEADLINE);
        store.create(first);

        assertThrows(
                SessionStoreException.class,
                () -> store.create(second),
                "create must throw SessionStoreException if the id exists");

        assertStored(store, first, "The existing record must not change");
    }

    /** @hidden */
    @Test
    default void createRefusesAnExistingIdOfAnotherUserAndKeepsItsRecord() {
        SessionStore store = store();
        Session owners = aSession(aUser());
        Session strangers = aSession(owners.id(), aUser());
        store.create(owners);

        assertThrows(
                SessionStoreException.class,
                () -> store.create(strangers),
                "create must throw SessionStoreException if the id exists for another user");

        assertStored(store, owners, "The existing record must stay with its owner");
        assertEquals(List.of(), store.list(strangers.userId()), "A refused create must add no record");
    }

    /** @hidden */
    @Test
    default void findOfAnUnknownIdReturnsEmpty() {
        assertEquals(Optional.empty(), store().find(random()), "find of an unknown id must return empty");
    }

    /** @hidden */
    @Test
    default void listOfAnUnknownUserIsEmpty() {
        assertEquals(List.of(), List.copyOf(store().list(aUser())), "list of an unknown user must be empty");
    }

    /** @hidden */
    @Test
    default void findAndListReturnExpiredRecords() {
        SessionStore store = store();
        Session expired = aSessionExpiring(aUser(), LOGIN.minusSeconds(1));

        store.create(expired);

        assertStored(store, expired, "A store has no clock: it must keep an expired record until a delete or a purge");
    }

    /** @hidden */
    @Test
    default void listReturnsEveryRecordOfTheUserAndNoOther() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 5);
        createAll(store, sessions);
        createAll(store, sessions(aUser(), 3));

        assertSame(sessions, store.list(user), "list must return exactly the records of the user, each once");
    }

    /** @hidden */
    @Test
    default void laterCallsDoNotChangeAReturnedList() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);

        List<Session> listed = store.list(user);
        store.create(aSession(user));
        store.touch(sessions.get(0), LATER, DEADLINE);
        store.delete(user, sessions.get(1).id());

        assertSame(sessions, listed, "A returned list must be a snapshot");
    }

    /** @hidden */
    @Test
    default void changingAReturnedListDoesNotChangeTheStore() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);

        clearIfMutable(store.list(user));

        assertSame(sessions, store.list(user), "Changing a returned list must not change the store");
        for (Session session : sessions) {
            assertStored(store, session, "Changing a returned list must not change the store");
        }
    }

    private static void clearIfMutable(Collection<Session> sessions) {
        try {
            sessions.clear();
        } catch (UnsupportedOperationException immutable) {
            return;
        }
    }
}
