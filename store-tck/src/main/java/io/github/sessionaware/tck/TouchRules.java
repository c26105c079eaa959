package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.ACTIVE;
import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LATER_DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.random;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A touch needs the current record and a later time, and never creates a record. */
interface TouchRules extends Rules {

    /** @hidden */
    @Test
    default void touchSetsBothTimesAndNothingElse() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);

        assertTrue(store.touch(session, LATER, LATER_DEADLINE), "touch of an unchanged record must return true");

        assertStored(
                store,
                session.touched(LATER, LATER_DEADLINE),
                "touch must set lastActiveAt and expiresAt and nothing else");
    }

    /** @hidden */
    @Test
    default void touchMayMakeTheDeadlineEarlier() {
        SessionStore store = store();
        Session session = aSession(aUser());
        Instant earlier = DEADLINE.minus(Duration.ofDays(1));
        store.create(session);

        assertTrue(store.touch(session, LATER, earlier), "touch with an earlier deadline must return true");

        assertStored(store, session.touched(LATER, earlier), "touch may set an earlier deadline");
    }

    /** @hidden */
    @Test
    default void touchOneMillisecondLaterIsRecorded() {
        SessionStore store = store();
        Session session = aSession(aUser());
        Instant next = ACTIVE.plusMillis(1);
        store.create(session);

        assertTrue(store.touch(session, next, LATER_DEADLINE), "touch one millisecond later must return true");

        assertStored(store, session.touched(next, LATER_DEADLINE), "touch one millisecond later must be recorded");
    }

    /** @hidden */
    @Test
    default void touchAtTheSameActivityTimeChangesNothing() {
        assertRefused(store(), ACTIVE, "touch with the same lastActiveAt must change nothing");
    }

    /** @hidden */
    @Test
    default void touchAtAnEarlierActivityTimeChangesNothing() {
        SessionStore store = store();

        assertRefused(store, ACTIVE.minusMillis(1), "touch with an earlier lastActiveAt must change nothing");
        assertRefused(
                store, ACTIVE.minus(Duration.ofDays(400)), "touch with an earlier lastActiveAt must change nothing");
    }

    /** @hidden */
    @Test
    default void touchAfterAConcurrentTouchChangesNothing() {
        SessionStore store = store();
        Session seen = aSession(aUser());
        Session first = seen.touched(LATER, LATER_DEADLINE);
        store.create(seen);
        assertTrue(store.touch(seen, LATER, LATER_DEADLINE), "The first touch must return true");

        assertFalse(
                store.touch(seen, LATER.plusSeconds(60), DEADLINE),
                "A touch after the caller read the record must make touch return false");
        assertStored(store, first, "The first touch must stay in effect");

        assertFalse(
                store.touch(seen, LATER.minusSeconds(60), DEADLINE),
                "A touch after the caller read the record must make touch return false");
        assertStored(store, first, "The first touch must stay in effect");
    }

    /** @hidden */
    @Test
    default void touchAfterReadingTheRecordAgainIsRecorded() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);

        Session seen = session;
        for (int minute = 1; minute <= 20; minute++) {
            Instant now = ACTIVE.plus(Duration.ofMinutes(minute));
            Instant deadline = DEADLINE.plus(Duration.ofMinutes(minute));
            assertTrue(
                    store.touch(seen, now, deadline), "touch of a record read after the last touch must return true");
            assertStored(store, session.touched(now, deadline), "The next read must see the touch");
            seen = store.find(session.id()).orElseThrow();
        }
    }

    /** @hidden */
    @Test
    default void touchChangesNoOtherRecord() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        Session strangers = aSession(aUser());
        createAll(store, sessions);
        store.create(strangers);

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
        Session session = aSession(aUser());
        store.create(session);
        store.delete(session.userId(), session.id());

        assertNotRevived(store, session, "a record that delete removed");
    }

    /** @hidden */
    @Test
    default void touchAfterDeleteOthersDoesNotReviveTheRecord() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);
        store.deleteOthers(session.userId(), random());

        assertNotRevived(store, session, "a record that deleteOthers removed");
    }

    /** @hidden */
    @Test
    default void touchAfterDeleteAllDoesNotReviveTheRecord() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);
        store.deleteAll(session.userId());

        assertNotRevived(store, session, "a record that deleteAll removed");
    }

    /** @hidden */
    @Test
    default void touchAfterPurgeDoesNotReviveTheRecord() {
        SessionStore store = store();
        Session session = aSessionExpiring(aUser(), Instant.parse("1990-05-01T00:00:00Z"));
        store.create(session);
        store.purge(session.expiresAt());

        assertNotRevived(store, session, "a record that purge removed");
    }

    private static void assertRefused(SessionStore store, Instant lastActiveAt, String rule) {
        Session session = aSession(aUser());
        store.create(session);

        assertFalse(store.touch(session, lastActiveAt, LATER_DEADLINE), rule + " (result)");

        assertStored(store, session, rule);
    }

    private static void assertNotRevived(SessionStore store, Session session, String description) {
        assertFalse(
                store.touch(session, LATER, LATER_DEADLINE), () -> "touch of " + description + " must return false");
        assertGone(store, session, "touch must not revive " + description);
    }
}
