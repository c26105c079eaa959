package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LATER_DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertDeleted;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.delete;
import static io.github.sessionaware.tck.ContractFixture.emoji;
import static io.github.sessionaware.tck.ContractFixture.insert;
import static io.github.sessionaware.tck.ContractFixture.random;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Create, find and list keep records unchanged, and keep those of each user apart. */
interface RecordRules extends Rules {

    /** @hidden */
    @Test
    default void findAndListReturnACreatedRecordUnchanged() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());

        insert(store, session);

        assertStored(store, session, "find and list must return the record as it was created");
    }

    /** @hidden */
    @Test
    default void eachFieldOfTheClientMayBeNull() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = List.of(
                aSession(user, ClientInfo.unknown()),
                aSession(user, ClientInfo.builder().device("only a device").build()),
                aSession(user, ClientInfo.builder().userAgent("only an agent").build()),
                aSession(user, ClientInfo.builder().ipAddress("192.0.2.7").build()),
                aSession(user, ClientInfo.builder().location("only a place").build()));

        createAll(store, sessions);

        for (SessionRecord session : sessions) {
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
        SessionRecord session = aSession(
                emoji(255),
                ClientInfo.builder()
                        .device(emoji(128))
                        .userAgent(emoji(512))
                        .ipAddress(emoji(64))
                        .location(emoji(128))
                        .build());

        insert(store, session);

        assertStored(
                store, session, "Limits count code points: a store must neither cut nor refuse text up to the limit");
        assertDeleted(session, delete(store, session), "delete must find a user id of 255 code points");
    }

    /** @hidden */
    @Test
    default void shortestAndLongestSessionIdsAreKept() {
        SessionStore store = store();
        String user = aUser();
        String shortest = random().substring(0, 20) + "-_";
        String longest = (random() + random()).substring(0, 62) + "_-";
        List<SessionRecord> sessions = List.of(aSession(user, shortest), aSession(user, longest));

        createAll(store, sessions);

        for (SessionRecord session : sessions) {
            assertStored(store, session, "A store must keep session ids of 22 to 64 characters of A-Z a-z 0-9 - _");
        }
    }

    /** @hidden */
    @ParameterizedTest
    @EnumSource
    default void hostileTextIsKeptUnchanged(HostileText hostile) {
        SessionStore store = store();
        String text = hostile.text;
        SessionRecord session = aSession(aUser(), new ClientInfo(text, text, text, text)).toBuilder()
                .label(text)
                .build();

        insert(store, session);

        assertStored(store, session, "A store must not change or interpret text");
        assertEquals(
                List.of(session),
                store.deleteAll(session.userId(), null),
                "deleteAll must return text as it was created");
    }

    /** @hidden */
    @ParameterizedTest
    @EnumSource
    default void everyTimeIsKeptToTheMillisecond(Moment moment) {
        SessionStore store = store();
        SessionRecord session = aSession(aUser()).toBuilder()
                .createdAt(moment.time)
                .lastActiveAt(moment.time.plusMillis(1))
                .build();

        insert(store, session);
        assertStored(store, session, "A store must keep times to the millisecond");

        SessionRecord touched = session.touched(moment.time.plusMillis(2), DEADLINE.plusMillis(1));
        assertTrue(
                store.touch(session, touched.lastActiveAt(), touched.expiresAt()),
                "touch of an unchanged record must return true");
        assertStored(store, touched, "A store must keep the times of a touch to the millisecond");
    }

    /** @hidden */
    @Test
    default void createRefusesAnExistingIdAndKeepsItsRecord() {
        SessionStore store = store();
        SessionRecord first = aSession(aUser());
        SessionRecord second = first.toBuilder()
                .client(ClientInfo.unknown())
                .lastActiveAt(LATER)
                .expiresAt(LATER_DEADLINE)
                .build();
        insert(store, first);

        assertThrows(
                SessionStoreException.class,
                () -> insert(store, second),
                "create must throw SessionStoreException if the user has a record with this id");

        assertStored(store, first, "The existing record must not change");
    }

    /** @hidden */
    @Test
    default void findOfAnUnknownIdReturnsEmpty() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);

        assertEquals(Optional.empty(), store.find(aUser(), random()), "find for an unknown user must return empty");
        assertEquals(
                Optional.empty(), store.find(session.userId(), random()), "find of an unknown id must return empty");
    }

    /** @hidden */
    @Test
    default void findOfAnotherUsersSessionIdReturnsEmpty() {
        SessionStore store = store();
        SessionRecord owners = aSession(aUser());
        SessionRecord strangers = aSession(aUser());
        createAll(store, List.of(owners, strangers));

        for (String user : List.of(aUser(), strangers.userId())) {
            assertEquals(
                    Optional.empty(),
                    store.find(user, owners.id()),
                    "find must return a record to its owner only: the session id alone must not find it");
        }
    }

    /** @hidden */
    @Test
    default void listOfAnUnknownUserIsEmpty() {
        assertEquals(List.of(), List.copyOf(store().list(aUser())), "list of an unknown user must be empty");
    }

    /** @hidden */
    @Test
    default void listReturnsEveryRecordOfTheUserAndNoOther() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 5);
        createAll(store, sessions);
        createAll(store, sessions(aUser(), 3));

        assertSame(sessions, store.list(user), "list must return exactly the records of the user, each once");
    }

    /** @hidden */
    @Test
    default void laterCallsDoNotChangeAReturnedList() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 3);
        createAll(store, sessions);

        List<SessionRecord> listed = store.list(user);
        insert(store, aSession(user));
        store.touch(sessions.get(0), LATER, DEADLINE);
        delete(store, sessions.get(1));

        assertSame(sessions, listed, "A returned list must be a snapshot");
    }

    /** @hidden */
    @Test
    default void changingAReturnedListDoesNotChangeTheStore() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 3);
        createAll(store, sessions);

        clearIfMutable(store.list(user));

        assertSame(sessions, store.list(user), "Changing a returned list must not change the store");
        for (SessionRecord session : sessions) {
            assertStored(store, session, "Changing a returned list must not change the store");
        }
    }

    private static void clearIfMutable(Collection<SessionRecord> sessions) {
        try {
            sessions.clear();
        } catch (UnsupportedOperationException immutable) {
            return;
        }
    }
}
