package io.github.sessionaware.tck;

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
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written comes back whole: create, find and list. */
abstract class RecordRules extends ContractFixture {

    @Test
    void createdRecordIsFoundAndListedWhole() {
        SessionStore store = store();
        Session session = aSession(aUser());

        store.create(session);

        assertStored(store, session, "What is read must equal what was written");
    }

    @Test
    void eachPartOfTheClientMayBeUnknown() {
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
            assertStored(store, session, "A part that is null must stay null, and the others must stay as they are");
        }
    }

    @Test
    void longestTextOfTheWidestCharactersIsKeptWhole() {
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

        assertStored(store, session, "Limits count code points: text up to its limit must not be cut or refused");
        assertEquals(
                Optional.of(session),
                store.delete(session.userId(), session.id()),
                "A user id of 255 code points must be found again by delete");
    }

    @Test
    void shortestAndLongestSessionIdsAreKept() {
        SessionStore store = store();
        String user = aUser();
        String shortest = random().substring(0, 20) + "-_";
        String longest = (random() + random()).substring(0, 62) + "_-";
        List<Session> sessions = List.of(aSession(shortest, user), aSession(longest, user));

        createAll(store, sessions);

        for (Session session : sessions) {
            assertStored(store, session, "A session id has 22 to 64 characters of A-Z a-z 0-9 - _");
        }
    }

    @ParameterizedTest
    @EnumSource
    void hostileTextIsKeptAsItIs(HostileText hostile) {
        SessionStore store = store();
        String text = hostile.text;
        Session session = aSession(aUser(), new ClientInfo(text, text, text, text));

        store.create(session);

        assertStored(store, session, "Text is data: it must come back as it was written");
        assertEquals(
                List.of(session), store.deleteAll(session.userId()), "Text must come back from a delete as it was");
    }

    @ParameterizedTest
    @EnumSource
    void everyTimeIsKeptToTheMillisecond(Moment moment) {
        SessionStore store = store();
        Session session = new Session(
                random(), aUser(), FIREFOX, moment.time, moment.time.plusMillis(1), moment.time.plusMillis(2));

        store.create(session);
        assertStored(store, session, "A time must come back as the same millisecond");

        Session touched = session.touched(moment.time.plusMillis(2), moment.time.plusMillis(3));
        assertTrue(
                store.touch(session, touched.lastActiveAt(), touched.expiresAt()),
                "A touch must recognise the time that was seen, and a time one millisecond later");
        assertStored(store, touched, "A touched time must come back as the same millisecond");
    }

    @Test
    void idThatExistsIsRefusedAndItsRecordStays() {
        SessionStore store = store();
        Session first = aSession(aUser());
        Session second = new Session(first.id(), first.userId(), ClientInfo.unknown(), LATER, LATER, DEADLINE);
        store.create(first);

        assertThrows(
                SessionStoreException.class,
                () -> store.create(second),
                "create must refuse an id that exists with SessionStoreException");

        assertStored(store, first, "The existing record must stay as it is");
    }

    @Test
    void idThatExistsForAnotherUserIsRefusedAndItsRecordStays() {
        SessionStore store = store();
        Session owners = aSession(aUser());
        Session thiefs = aSession(owners.id(), aUser());
        store.create(owners);

        assertThrows(
                SessionStoreException.class,
                () -> store.create(thiefs),
                "Ids are unique over all users: create must throw SessionStoreException");

        assertStored(store, owners, "The existing record must stay its owner's");
        assertEquals(List.of(), store.list(thiefs.userId()), "Nothing must be listed for the user who was refused");
    }

    @Test
    void unknownIdIsNotFound() {
        assertEquals(Optional.empty(), store().find(random()), "find of an unknown id must answer empty");
    }

    @Test
    void unknownUserHasAnEmptyList() {
        assertEquals(List.of(), List.copyOf(store().list(aUser())), "list of an unknown user must be empty");
    }

    @Test
    void expiredRecordIsStillFoundAndListed() {
        SessionStore store = store();
        Session expired = aSessionExpiring(aUser(), LOGIN.minusSeconds(1));

        store.create(expired);

        assertStored(store, expired, "A store has no clock: an expired record stays until it is deleted or purged");
    }

    @Test
    void listHoldsEveryRecordOfTheUserAndNoOther() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 5);
        createAll(store, sessions);
        createAll(store, sessions(aUser(), 3));

        assertSame(sessions, store.list(user), "list must hold exactly the user's records, each once");
    }

    @Test
    void listIsASnapshotThatLaterCallsDoNotChange() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);

        List<Session> listed = store.list(user);
        store.create(aSession(user));
        store.touch(sessions.get(0), LATER, DEADLINE);
        store.delete(user, sessions.get(1).id());

        assertSame(sessions, listed, "A list must stay as it was when it was read");
    }

    @Test
    void changingAListDoesNotReachTheStore() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);

        clearIfMutable(store.list(user));

        assertSame(sessions, store.list(user), "A caller that changes its list must not change the store");
        for (Session session : sessions) {
            assertStored(store, session, "A caller that changes its list must not change the store");
        }
    }

    private static void clearIfMutable(Collection<Session> sessions) {
        try {
            sessions.clear();
        } catch (UnsupportedOperationException immutable) {
            return;
        }
    }

    static String emoji(int codePoints) {
        return ThreadLocalRandom.current()
                .ints(codePoints, 0x1F600, 0x1F640)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
