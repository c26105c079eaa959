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
import static io.github.sessionaware.tck.ContractFixture.emoji;
import static io.github.sessionaware.tck.ContractFixture.insert;
import static io.github.sessionaware.tck.ContractFixture.random;
import static io.github.sessionaware.tck.ContractFixture.replaced;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * User ids and session ids compare code point by code point. A session id names a record only together with its user.
 */
interface IdentityRules extends Rules {

    /** @hidden */
    @Test
    default void sameSessionIdOfTwoUsersNamesTwoRecords() {
        SessionStore store = store();
        SessionRecord one = aSession(aUser());
        SessionRecord other = aSession(aUser(), one.id());

        createAll(store, List.of(one, other));
        assertStored(store, one, "Each of two users may have a record with the same session id");
        assertStored(store, other, "Each of two users may have a record with the same session id");

        SessionRecord touched = one.touched(LATER, DEADLINE);
        assertTrue(store.touch(one, LATER, DEADLINE), "touch must find the record of its user");
        assertStored(store, other, "touch must not change another user's record with the same session id");

        SessionRecord replaced = replaced(touched, "state-1");
        assertTrue(store.replace(touched, replaced), "replace must find the record of its user");
        assertStored(store, other, "replace must not change another user's record with the same session id");

        assertSame(
                List.of(),
                store.deleteAll(one.userId(), one.id()),
                "deleteAll must keep the record of its user with the kept session id");
        assertDeleted(replaced, delete(store, one), "delete must find the record of its user");
        assertGone(store, one, "A deleted record must be gone");
        assertSame(List.of(), store.deleteAll(one.userId(), null), "deleteAll must return records of its user only");
        assertStored(store, other, "A delete must not remove another user's record with the same session id");
    }

    /** @hidden */
    @Test
    default void removalsKeepTheRecordOfAnotherUserWithTheSameSessionId() {
        SessionStore store = store();
        SessionRecord other = aSession(aUser());
        SessionRecord one = aSession(aUser(), other.id());
        SessionRecord kept = aSession(one.userId());
        createAll(store, List.of(other, one, kept));

        assertSame(List.of(one), store.deleteAll(one.userId(), kept.id()), "deleteAll must return the user's records");
        assertStored(store, other, "deleteAll with a kept id must keep another user's record with the same session id");

        insert(store, one);
        assertSame(List.of(one, kept), store.deleteAll(one.userId(), null), "deleteAll must return the user's records");
        assertStored(store, other, "deleteAll must keep another user's record with the same session id");

        insert(store, one);
        store.create(kept, Admission.decidedBy(Optional::of));
        assertGone(store, one, "create must remove the record that must leave");
        assertStored(store, other, "create must keep another user's record with the same session id");

        Instant cutoff = aCutoff(store);
        SessionRecord expired = one.toBuilder().expiresAt(cutoff).build();
        insert(store, expired);
        store.purge(cutoff);
        assertGone(store, expired, "purge must remove the expired record");
        assertStored(store, other, "purge must keep another user's record with the same session id");
    }

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
    @Test
    default void userIdAndSessionIdDoNotRunTogether() {
        SessionStore store = store();
        String user = aUser();
        String id = random();
        SessionRecord one = aSession(user, "-" + id);
        SessionRecord other = aSession(user + "-", id);

        createAll(store, List.of(one, other));

        assertStored(store, one, "A store must keep the end of the user id apart from the start of the session id");
        assertStored(store, other, "A store must keep the end of the user id apart from the start of the session id");
        assertDeleted(one, delete(store, one), "delete must remove the record of exactly this user");
        assertDeleted(other, delete(store, other), "delete must remove the record of exactly this user");
    }

    /** @hidden */
    @ParameterizedTest
    @EnumSource
    default void hostileUserIdReachesOnlyItsOwnRecords(HostileUserId hostile) {
        SessionStore store = store();
        String neighbour = aUser();
        SessionRecord neighbours = aSession(neighbour + "x");
        insert(store, neighbours);

        for (String user : List.of(hostile.text, neighbour + hostile.text)) {
            store.deleteAll(user, null);
            List<SessionRecord> own = sessions(user, 4);
            createAll(store, own);

            assertSame(own, store.list(user), "list must not interpret the user id");
            assertEquals(
                    Optional.of(own.get(0)),
                    store.find(user, own.get(0).id()),
                    "find must not interpret the user id, and must find the record of the user");
            assertEquals(
                    Optional.empty(),
                    store.find(user, neighbours.id()),
                    "find must not interpret the user id, nor find a record of another user");
            assertEquals(
                    Optional.empty(),
                    delete(store, user, neighbours.id()),
                    "delete must not interpret the user id, nor remove a record of another user");
            assertEquals(
                    Optional.of(own.get(0)),
                    delete(store, user, own.get(0).id()),
                    "delete must not interpret the user id, and must find the record of the user");
            assertSame(
                    own.subList(2, 4),
                    store.deleteAll(user, own.get(1).id()),
                    "deleteAll must not interpret the user id, and must keep one record");
            assertSame(own.subList(1, 2), store.deleteAll(user, null), "deleteAll must not interpret the user id");
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
        SessionRecord first = aSession(user, one);
        SessionRecord second = aSession(user, other);

        insert(store, first);
        assertEquals(Optional.empty(), store.find(user, other), "find must not return the record of a similar id");
        insert(store, second);
        assertStored(store, first, "Each of two similar session ids must have its own record");
        assertStored(store, second, "Each of two similar session ids must have its own record");

        assertTrue(store.touch(second, LATER, DEADLINE), "touch must find the record by its exact id");
        assertStored(store, first, "touch must not change the record of a similar id");
        assertEquals(
                List.of(second.touched(LATER, DEADLINE)),
                store.deleteAll(user, one),
                "deleteAll must keep only the record with the exact id");
        assertEquals(Optional.empty(), delete(store, user, other), "delete must not remove the record of a similar id");
        assertStored(store, first, "delete must not remove the record of a similar id");
        assertDeleted(first, delete(store, user, one), "delete must find the record by its exact id");
    }

    private static void assertTwoUsers(SessionStore store, String one, String other) {
        List<SessionRecord> ones = sessions(one, 2);
        List<SessionRecord> others = sessions(other, 2);
        createAll(store, ones);
        createAll(store, others);

        assertSame(ones, store.list(one), "list must return the records of exactly this user");
        assertSame(others, store.list(other), "list must return the records of exactly this user");

        assertEquals(
                Optional.empty(),
                store.find(other, ones.get(0).id()),
                "find must not return a record of a user with a similar id");
        assertEquals(
                Optional.empty(),
                delete(store, other, ones.get(0).id()),
                "delete must not remove a record of a user with a similar id");
        assertSame(
                others.subList(1, 2),
                store.deleteAll(other, others.get(0).id()),
                "deleteAll must keep one record of exactly this user");
        assertSame(
                others.subList(0, 1),
                store.deleteAll(other, null),
                "deleteAll must remove the records of exactly this user");
        assertSame(ones, store.list(one), "The user with the similar id must keep every record");
    }
}
