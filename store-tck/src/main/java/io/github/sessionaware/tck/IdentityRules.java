package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.emoji;
import static io.github.sessionaware.tck.ContractFixture.random;
import static io.github.sessionaware.tck.ContractFixture.sessions;
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
interface IdentityRules extends Rules {

    /** @hidden */
    @ParameterizedTest
    @EnumSource
    default void similarUserIdsAreDifferentUsers(LookAlike pair) {
        String random = random();
        assertTwoUsers(store(), pair.one(random), pair.other(random));
    }

    /** @hidden */
    @Test
    default void longUserIdsThatDifferOnlyInTheLastCodePointAreDifferentUsers() {
        String start = emoji(254);
        assertTwoUsers(store(), start + "\uD83D\uDE00", start + "\uD83D\uDE01");
    }

    /** @hidden */
    @Test
    default void userIdThatIsAPrefixOfAnotherIsADifferentUser() {
        String user = aUser();
        assertTwoUsers(store(), user, user + "0");
    }

    /** @hidden */
    @ParameterizedTest
    @EnumSource
    default void hostileUserIdReachesOnlyItsOwnRecords(HostileUserId hostile) {
        SessionStore store = store();
        String neighbour = aUser();
        Session neighbours = aSession(neighbour + "x");
        store.create(neighbours);

        for (String user : List.of(hostile.text, neighbour + hostile.text)) {
            store.deleteAll(user);
            List<Session> own = sessions(user, 4);
            createAll(store, own);

            assertSame(own, store.list(user), "list must not interpret the user id");
            assertEquals(
                    Optional.empty(),
                    store.delete(user, neighbours.id()),
                    "delete must not interpret the user id, nor remove a record of another user");
            assertEquals(
                    Optional.of(own.get(0)),
                    store.delete(user, own.get(0).id()),
                    "delete must not interpret the user id, and must find the record of the user");
            assertSame(
                    own.subList(2, 4),
                    store.deleteOthers(user, own.get(1).id()),
                    "deleteOthers must not interpret the user id");
            assertSame(own.subList(1, 2), store.deleteAll(user), "deleteAll must not interpret the user id");
            assertStored(store, neighbours, "A hostile user id must not reach the records of other users");
        }
    }

    /** @hidden */
    @Test
    default void sessionIdsThatDifferOnlyInCaseAreDifferentSessions() {
        String start = random().substring(0, 20);
        assertTwoSessions(start + "-abc", start + "-ABC");
    }

    /** @hidden */
    @Test
    default void sessionIdsAreNotPatterns() {
        String start = random().substring(0, 20);
        assertTwoSessions(start + "abc", start + "_b_");
    }

    /** @hidden */
    @Test
    default void sessionIdThatIsAPrefixOfAnotherIsADifferentSession() {
        String start = random();
        assertTwoSessions(start, start + "0");
    }

    private void assertTwoSessions(String one, String other) {
        SessionStore store = store();
        String user = aUser();
        Session first = aSession(one, user);
        Session second = aSession(other, user);

        store.create(first);
        assertEquals(Optional.empty(), store.find(other), "find must not return the record of a similar id");
        store.create(second);
        assertStored(store, first, "Each of two similar session ids must have its own record");
        assertStored(store, second, "Each of two similar session ids must have its own record");

        assertTrue(store.touch(second, LATER, DEADLINE), "touch must find the record by its exact id");
        assertStored(store, first, "touch must not change the record of a similar id");
        assertEquals(
                List.of(second.touched(LATER, DEADLINE)),
                store.deleteOthers(user, one),
                "deleteOthers must keep only the record with the exact id");
        assertEquals(Optional.empty(), store.delete(user, other), "delete must not remove the record of a similar id");
        assertStored(store, first, "delete must not remove the record of a similar id");
        assertEquals(Optional.of(first), store.delete(user, one), "delete must find the record by its exact id");
    }

    private static void assertTwoUsers(SessionStore store, String one, String other) {
        List<Session> ones = sessions(one, 2);
        List<Session> others = sessions(other, 2);
        createAll(store, ones);
        createAll(store, others);

        assertSame(ones, store.list(one), "list must return the records of exactly this user");
        assertSame(others, store.list(other), "list must return the records of exactly this user");

        assertEquals(
                Optional.empty(),
                store.delete(other, ones.get(0).id()),
                "delete must not remove a record of a user with a similar id");
        assertSame(
                others.subList(1, 2),
                store.deleteOthers(other, others.get(0).id()),
                "deleteOthers must remove the records of exactly this user");
        assertSame(
                others.subList(0, 1), store.deleteAll(other), "deleteAll must remove the records of exactly this user");
        assertSame(ones, store.list(one), "The user with the similar id must keep every record");
    }
}
