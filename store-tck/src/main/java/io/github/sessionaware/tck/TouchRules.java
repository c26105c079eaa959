package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Activity moves forward, is recorded by whoever saw the record as it is, and brings nothing back. */
abstract class TouchRules extends IdentityRules {
    private static final Instant NEW_DEADLINE = DEADLINE.plus(Duration.ofDays(14));

    @Test
    void touchSetsBothTimesAndNothingElse() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);

        assertTrue(store.touch(session, LATER, NEW_DEADLINE), "touch of a record as it was seen must answer true");

        assertStored(
                store,
                session.touched(LATER, NEW_DEADLINE),
                "touch must set lastActiveAt and expiresAt and leave everything else");
    }

    @Test
    void touchMayMoveTheDeadlineBack() {
        SessionStore store = store();
        Session session = aSession(aUser());
        Instant earlier = DEADLINE.minus(Duration.ofDays(1));
        store.create(session);

        assertTrue(store.touch(session, LATER, earlier), "touch with an earlier deadline must answer true");

        assertStored(store, session.touched(LATER, earlier), "A deadline may move back");
    }

    @Test
    void touchOneMillisecondLaterIsRecorded() {
        SessionStore store = store();
        Session session = aSession(aUser());
        Instant next = ACTIVE.plusMillis(1);
        store.create(session);

        assertTrue(store.touch(session, next, NEW_DEADLINE), "One millisecond later is later: touch must answer true");

        assertStored(store, session.touched(next, NEW_DEADLINE), "One millisecond later is later");
    }

    @Test
    void touchAtTheSameActivityTimeChangesNothing() {
        assertRefused(ACTIVE, "touch needs a later lastActiveAt: the same time must change nothing");
    }

    @Test
    void touchAtAnEarlierActivityTimeChangesNothing() {
        assertRefused(ACTIVE.minusMillis(1), "lastActiveAt must never move back");
        assertRefused(ACTIVE.minus(Duration.ofDays(400)), "lastActiveAt must never move back");
    }

    @Test
    void touchBySomebodyWhoWasOvertakenChangesNothing() {
        SessionStore store = store();
        Session seen = aSession(aUser());
        Session overtaken = seen.touched(LATER, NEW_DEADLINE);
        store.create(seen);
        assertTrue(store.touch(seen, LATER, NEW_DEADLINE), "The first touch must answer true");

        assertFalse(
                store.touch(seen, LATER.plusSeconds(60), DEADLINE),
                "The record was touched since it was seen: touch must answer false");
        assertStored(store, overtaken, "The touch that came first must stand");

        assertFalse(
                store.touch(seen, LATER.minusSeconds(60), DEADLINE),
                "The record was touched since it was seen: touch must answer false");
        assertStored(store, overtaken, "The touch that came first must stand");
    }

    @Test
    void touchOfARecordReadAgainIsRecorded() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);

        Session seen = session;
        for (int minute = 1; minute <= 20; minute++) {
            Instant now = ACTIVE.plus(Duration.ofMinutes(minute));
            Instant deadline = DEADLINE.plus(Duration.ofMinutes(minute));
            assertTrue(store.touch(seen, now, deadline), "touch of a record read after the last touch must succeed");
            assertStored(store, session.touched(now, deadline), "Each touch must be seen by the next reader");
            seen = store.find(session.id()).orElseThrow();
        }
    }

    @Test
    void touchChangesNoOtherRecord() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        Session strangers = aSession(aUser());
        createAll(store, sessions);
        store.create(strangers);

        store.touch(sessions.get(1), LATER, NEW_DEADLINE);

        assertSame(
                List.of(sessions.get(0), sessions.get(1).touched(LATER, NEW_DEADLINE), sessions.get(2)),
                store.list(user),
                "touch must change one record, not all of the user's");
        assertStored(store, strangers, "touch must not change another user's record");
    }

    @Test
    void touchOfAnUnknownRecordCreatesNothing() {
        assertNotRevived(store(), aSession(aUser()), "an unknown record");
    }

    @Test
    void touchAfterDeleteNeverRevives() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);
        store.delete(session.userId(), session.id());

        assertNotRevived(store, session, "a record that delete removed");
    }

    @Test
    void touchAfterDeleteOthersNeverRevives() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);
        store.deleteOthers(session.userId(), random());

        assertNotRevived(store, session, "a record that deleteOthers removed");
    }

    @Test
    void touchAfterDeleteAllNeverRevives() {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);
        store.deleteAll(session.userId());

        assertNotRevived(store, session, "a record that deleteAll removed");
    }

    @Test
    void touchAfterPurgeNeverRevives() {
        SessionStore store = store();
        Session session = aSessionExpiring(aUser(), Instant.parse("1990-05-01T00:00:00Z"));
        store.create(session);
        store.purge(session.expiresAt());

        assertNotRevived(store, session, "a record that purge removed");
    }

    private void assertRefused(Instant lastActiveAt, String rule) {
        SessionStore store = store();
        Session session = aSession(aUser());
        store.create(session);

        assertFalse(store.touch(session, lastActiveAt, NEW_DEADLINE), rule + " (answer)");

        assertStored(store, session, rule);
    }

    private static void assertNotRevived(SessionStore store, Session session, String which) {
        assertFalse(store.touch(session, LATER, NEW_DEADLINE), () -> "touch of " + which + " must answer false");
        assertGone(store, session, "touch must never bring back " + which);
    }
}
