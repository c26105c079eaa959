package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** User ids and session ids compare code point by code point. */
abstract class IdentityRules extends RecordRules {

    @ParameterizedTest
    @EnumSource
    void lookAlikeUsersAreTwoUsers(LookAlike pair) {
        String random = random();
        assertTwoUsers(store(), pair.one(random), pair.other(random));
    }

    @Test
    void longUserIdsThatDifferInTheirLastCodePointAreTwoUsers() {
        String start = emoji(254);
        assertTwoUsers(store(), start + "\uD83D\uDE00", start + "\uD83D\uDE01");
    }

    @Test
    void userIdThatBeginsAnotherIsAnotherUser() {
        String user = aUser();
        assertTwoUsers(store(), user, user + "0");
    }

    @ParameterizedTest
    @EnumSource
    void hostileUserIdReachesOnlyItsOwnRecords(HostileUserId hostile) {
        SessionStore store = store();
        String neighbour = aUser();
        Session neighbours = aSession(neighbour + "x");
        store.create(neighbours);

        for (String user : List.of(hostile.text, neighbour + hostile.text)) {
            store.deleteAll(user);
            List<Session> own = sessions(user, 4);
            createAll(store, own);

            assertSame(own, store.list(user), "list must take the user id as it is");
            assertEquals(
                    Optional.empty(),
                    store.delete(user, neighbours.id()),
                    "delete must take the user id as it is: another user's record is not its own");
            assertEquals(
                    Optional.of(own.get(0)),
                    store.delete(user, own.get(0).id()),
                    "delete must take the user id as it is, and find what it owns");
            assertSame(
                    own.subList(2, 4),
                    store.deleteOthers(user, own.get(1).id()),
                    "deleteOthers must take the user id as it is");
            assertSame(own.subList(1, 2), store.deleteAll(user), "deleteAll must take the user id as it is");
            assertStored(store, neighbours, "A hostile user id must not reach the records of others");
        }
    }

    @Test
    void sessionIdsThatDifferInCaseAreTwoSessions() {
        String start = random().substring(0, 20);
        assertTwoSessions(start + "-abc", start + "-ABC");
    }

    @Test
    void sessionIdsAreNotPatterns() {
        String start = random().substring(0, 20);
        assertTwoSessions(start + "abc", start + "_b_");
    }

    @Test
    void sessionIdThatBeginsAnotherIsAnotherSession() {
        String start = random();
        assertTwoSessions(start, start + "0");
    }

    private void assertTwoSessions(String one, String other) {
        SessionStore store = store();
        String user = aUser();
        Session first = aSession(one, user);
        Session second = aSession(other, user);

        store.create(first);
        assertEquals(Optional.empty(), store.find(other), "An id that was not created must not be found");
        store.create(second);
        assertStored(store, first, "Two session ids are two records");
        assertStored(store, second, "Two session ids are two records");

        assertTrue(store.touch(second, LATER, DEADLINE), "Touching one of two records must find it by its exact id");
        assertStored(store, first, "Touching one of two records must leave the other");
        assertEquals(
                List.of(second.touched(LATER, DEADLINE)),
                store.deleteOthers(user, one),
                "deleteOthers must keep exactly the id it was given");
        assertEquals(Optional.empty(), store.delete(user, other), "delete must not take one id for another");
        assertStored(store, first, "delete must not take one id for another");
        assertEquals(Optional.of(first), store.delete(user, one), "delete must find the exact id");
    }

    private static void assertTwoUsers(SessionStore store, String one, String other) {
        List<Session> ones = sessions(one, 2);
        List<Session> others = sessions(other, 2);
        createAll(store, ones);
        createAll(store, others);

        assertSame(ones, store.list(one), "Each of two users must see exactly the own records");
        assertSame(others, store.list(other), "Each of two users must see exactly the own records");

        assertEquals(
                Optional.empty(),
                store.delete(other, ones.get(0).id()),
                "A user must not delete a record of another whose id looks alike");
        assertSame(
                others.subList(1, 2),
                store.deleteOthers(other, others.get(0).id()),
                "deleteOthers must remove records of exactly this user");
        assertSame(others.subList(0, 1), store.deleteAll(other), "deleteAll must remove records of exactly this user");
        assertSame(ones, store.list(one), "The other user must keep every record");
    }
}
