package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.ACTIVE;
import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LATER_DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.LOGIN;
import static io.github.sessionaware.tck.ContractFixture.aCutoff;
import static io.github.sessionaware.tck.ContractFixture.aFullSession;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.delete;
import static io.github.sessionaware.tck.ContractFixture.find;
import static io.github.sessionaware.tck.ContractFixture.insert;
import static io.github.sessionaware.tck.ContractFixture.next;
import static io.github.sessionaware.tck.ContractFixture.random;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A touch needs the version that the caller has seen, sets two times, and never creates a record. */
interface TouchRules extends Rules {

    /** @hidden */
    @Test
    default void touchSetsBothTimesAndRaisesTheVersionByOne() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);

        assertTouched(
                store,
                session,
                LATER,
                LATER_DEADLINE,
                "touch must set lastActiveAt and expiresAt, and must raise the version by one");
    }

    /** @hidden */
    @Test
    default void touchKeepsEveryOtherPart() {
        SessionStore store = store();
        SessionRecord session = aFullSession(aUser());
        insert(store, session);

        assertTouched(
                store,
                session,
                LATER,
                LATER_DEADLINE,
                "touch must keep every part except lastActiveAt, expiresAt and the version");
    }

    /** @hidden */
    @Test
    default void touchMayMakeTheDeadlineEarlier() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);

        assertTouched(store, session, LATER, DEADLINE.minus(Duration.ofDays(1)), "touch may set an earlier deadline");
    }

    /** @hidden */
    @Test
    default void touchOneMillisecondLaterIsRecorded() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);

        assertTouched(
                store,
                session,
                ACTIVE.plusMillis(1),
                LATER_DEADLINE,
                "touch one millisecond later must be recorded to the millisecond");
    }

    /** @hidden */
    @Test
    default void touchAtTheSameTimesRaisesTheVersion() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);

        assertTouched(
                store,
                session,
                ACTIVE,
                DEADLINE,
                "touch must compare versions and not times: with the same times it must still raise the version");
    }

    /** @hidden */
    @Test
    default void touchAtAnEarlierTimeIsRecorded() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);

        assertTouched(
                store,
                session,
                LOGIN.minus(Duration.ofDays(400)),
                DEADLINE,
                "touch must compare versions and not times: it must also record an earlier time");
    }

    /** @hidden */
    @Test
    default void touchOfAnEarlierVersionChangesNothing() {
        SessionStore store = store();
        SessionRecord seen = aFullSession(aUser());
        SessionRecord second = seen.touched(seen.lastActiveAt(), seen.expiresAt());
        SessionRecord third = next(second).build();
        insert(store, seen);

        store.touch(seen, second.lastActiveAt(), second.expiresAt());
        assertFalse(
                store.touch(seen, LATER, LATER_DEADLINE),
                "A touch since the caller read the record must make touch return false, even if all else is equal");
        assertStored(store, second, "The first touch must stay in effect");

        store.replace(second, third);
        for (SessionRecord old : List.of(seen, second)) {
            assertFalse(
                    store.touch(old, LATER, LATER_DEADLINE),
                    "A replace since the caller read the record must make touch return false,"
                            + " even if all else is equal");
            assertStored(store, third, "The replace must stay in effect");
        }
    }

    /** @hidden */
    @Test
    default void touchOfALaterVersionChangesNothing() {
        SessionStore store = store();
        SessionRecord stored = aSession(aUser());
        insert(store, stored);

        assertFalse(
                store.touch(next(stored).build(), LATER, LATER_DEADLINE),
                "touch must return false unless the stored version equals the seen one");

        assertStored(store, stored, "touch of another version must change nothing");
    }

    /** @hidden */
    @Test
    default void touchAfterReadingTheRecordAgainIsRecorded() {
        SessionStore store = store();
        SessionRecord seen = aSession(aUser());
        insert(store, seen);

        for (int minute = 1; minute <= 20; minute++) {
            Instant now = ACTIVE.plus(Duration.ofMinutes(minute));
            assertTouched(store, seen, now, now.plus(Duration.ofDays(7)), "The next read must see the touch");
            seen = find(store, seen).orElseThrow();
        }
    }

    /** @hidden */
    @Test
    default void touchChangesNoOtherRecord() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 3);
        SessionRecord strangers = aSession(aUser());
        createAll(store, sessions);
        insert(store, strangers);

        store.touch(sessions.get(1), LATER, LATER_DEADLINE);

        assertSame(
                List.of(sessions.get(0), sessions.get(1).touched(LATER, LATER_DEADLINE), sessions.get(2)),
                store.list(user),
                "touch must change only one record of the user");
        assertStored(store, strangers, "touch must not change another user's record");
    }

    /** @hidden */
    @Test
    default void touchOfAnUnknownRecordCreatesNothing() {
        assertNotRevived(store(), aSession(aUser()), "an unknown record");
    }

    /** @hidden */
    @Test
    default void touchAfterDeleteDoesNotReviveTheRecord() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);
        delete(store, session);

        assertNotRevived(store, session, "a record that delete removed");
    }

    /** @hidden */
    @Test
    default void touchAfterDeleteAllExceptOneDoesNotReviveTheRecord() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);
        store.deleteAll(session.userId(), random());

        assertNotRevived(store, session, "a record that deleteAll with a kept id removed");
    }

    /** @hidden */
    @Test
    default void touchAfterDeleteAllDoesNotReviveTheRecord() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);
        store.deleteAll(session.userId(), null);

        assertNotRevived(store, session, "a record that deleteAll removed");
    }

    /** @hidden */
    @Test
    default void touchAfterALoginThatRemovedTheRecordDoesNotReviveIt() {
        SessionStore store = store();
        SessionRecord session = aSession(aUser());
        insert(store, session);
        store.create(aSession(session.userId()), Admission.decidedBy(Optional::of));

        assertNotRevived(store, session, "a record that had to leave for a login");
    }

    /** @hidden */
    @Test
    default void touchAfterPurgeDoesNotReviveTheRecord() {
        SessionStore store = store();
        Instant cutoff = aCutoff(store);
        SessionRecord session = aSessionExpiring(aUser(), cutoff);
        insert(store, session);
        store.purge(cutoff);

        assertNotRevived(store, session, "a record that purge removed");
    }

    private static void assertTouched(
            SessionStore store, SessionRecord seen, Instant lastActiveAt, Instant expiresAt, String rule) {
        assertTrue(
                store.touch(seen, lastActiveAt, expiresAt),
                () -> "touch of an unchanged record must return true. " + rule);
        assertStored(store, seen.touched(lastActiveAt, expiresAt), rule);
    }

    private static void assertNotRevived(SessionStore store, SessionRecord session, String description) {
        assertFalse(
                store.touch(session, LATER, LATER_DEADLINE), () -> "touch of " + description + " must return false");
        assertGone(store, session, "touch must not revive " + description);
    }
}
