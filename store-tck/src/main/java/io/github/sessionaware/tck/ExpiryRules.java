package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.EXPIRED;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.NOW;
import static io.github.sessionaware.tck.ContractFixture.aFullSession;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertSameOrDropped;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.assertStoredOrDropped;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.delete;
import static io.github.sessionaware.tck.ContractFixture.find;
import static io.github.sessionaware.tck.ContractFixture.insert;
import static io.github.sessionaware.tck.ContractFixture.next;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store has no clock: it treats expired records like any others. A store with its own time-to-live may drop them, but
 * not a moment too early, and a dropped record never comes back.
 */
interface ExpiryRules extends Rules {

    /** @hidden */
    @Test
    default void findAndListReturnExpiredRecords() {
        SessionStore store = store();
        SessionRecord expired = aSessionExpiring(aUser(), EXPIRED);

        insert(store, expired);

        assertStoredOrDropped(
                store,
                expired,
                dropsExpired(),
                "A store has no clock: it must keep an expired record until a delete or a purge");
    }

    /** @hidden */
    @ParameterizedTest
    @EnumSource
    default void everyDeadlineIsKeptToTheMillisecond(Moment moment) {
        SessionStore store = store();
        boolean mayBeDropped = dropsExpired() && moment.time.isBefore(NOW);
        SessionRecord session =
                aSession(aUser()).toBuilder().expiresAt(moment.time).build();

        insert(store, session);
        assertStoredOrDropped(store, session, mayBeDropped, "A store must keep deadlines to the millisecond");

        SessionRecord touched = session.touched(LATER, moment.time.plusMillis(1));
        assertTrue(
                store.touch(session, LATER, touched.expiresAt()) || mayBeDropped,
                "touch of an unchanged record must return true");
        assertStoredOrDropped(store, touched, mayBeDropped, "A store must keep the deadline of a touch");
    }

    /** @hidden */
    @Test
    default void recordIsFoundAndListedUntilItsDeadline() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> live = new ArrayList<>();
        for (int number = 1; number <= 15; number++) {
            SessionRecord session = aSessionExpiring(user, Instant.now().plusMillis(20L * number));
            insert(store, session);
            live.add(session);
        }

        while (!live.isEmpty()) {
            List<SessionRecord> listed = store.list(user);
            live.removeIf(ExpiryRules::isExpired);
            assertTrue(listed.containsAll(live), "list must return every record until its deadline");
            for (SessionRecord session : live) {
                Optional<SessionRecord> found = find(store, session);
                assertTrue(
                        found.isPresent() || isExpired(session),
                        "find must return every record until its deadline; or is the clock of the store ahead?");
            }
        }
    }

    /** @hidden */
    @Test
    default void laterDeadlineKeepsTheWholeRecord() {
        SessionStore store = store();
        Instant first = Instant.now().plusSeconds(1);
        List<SessionRecord> created = List.of(expiring(first), expiring(first));
        SessionRecord touched = created.get(0).touched(LATER, DEADLINE);
        SessionRecord replaced = next(created.get(1)).expiresAt(DEADLINE).build();
        createAll(store, created);

        assertTrue(store.touch(created.get(0), LATER, DEADLINE), "touch of an unchanged record must return true");
        assertTrue(store.replace(created.get(1), replaced), "replace of an unchanged record must return true");

        // A time-to-live in whole seconds may end up to a second after the deadline.
        Instant end = dropsExpired() ? first.plusMillis(1_200) : Instant.MIN;
        do {
            assertStored(store, touched, "A touch with a later deadline must prolong the life of every part");
            assertStored(store, replaced, "A replace with a later deadline must prolong the life of every part");
        } while (Instant.now().isBefore(end));
    }

    /** @hidden */
    @Test
    default void expiredRecordIsChangedOrStaysGone() {
        SessionStore store = store();
        SessionRecord touched = aSessionExpiring(aUser(), EXPIRED);
        SessionRecord replaced = aSessionExpiring(aUser(), EXPIRED);
        SessionRecord next = next(replaced).expiresAt(DEADLINE).build();
        createAll(store, List.of(touched, replaced));

        boolean touchable = isPresent(store, touched);
        assertChangedOrGone(
                store, touchable, store.touch(touched, LATER, DEADLINE), touched.touched(LATER, DEADLINE), "touch");

        boolean replaceable = isPresent(store, replaced);
        assertChangedOrGone(store, replaceable, store.replace(replaced, next), next, "replace");
    }

    /** @hidden */
    @Test
    default void deletesRemoveExpiredRecordsToo() {
        SessionStore store = store();
        String user = aUser();
        SessionRecord deleted = aSessionExpiring(user, EXPIRED);
        SessionRecord deletedExceptOne = aSessionExpiring(user, EXPIRED);
        SessionRecord deletedWithAll = aSessionExpiring(user, EXPIRED);
        List<SessionRecord> live = sessions(user, 2);
        String rule = "A store has no clock: a delete must remove and return an expired record";

        createAll(store, List.of(deleted, live.get(0), live.get(1)));
        assertSameOrDropped(
                List.of(),
                List.of(deleted),
                dropsExpired(),
                delete(store, deleted).stream().toList(),
                rule);
        assertGone(store, deleted, "A deleted record must be gone");

        insert(store, deletedExceptOne);
        assertSameOrDropped(
                live.subList(1, 2),
                List.of(deletedExceptOne),
                dropsExpired(),
                store.deleteAll(user, live.get(0).id()),
                rule);
        assertGone(store, deletedExceptOne, "A deleted record must be gone");

        insert(store, deletedWithAll);
        assertSameOrDropped(
                live.subList(0, 1), List.of(deletedWithAll), dropsExpired(), store.deleteAll(user, null), rule);
        assertGone(store, deletedWithAll, "A deleted record must be gone");
        assertSame(List.of(), store.list(user), "deleteAll must remove expired records too");
    }

    private boolean isPresent(SessionStore store, SessionRecord expired) {
        boolean present = find(store, expired).isPresent();
        assertTrue(present || dropsExpired(), "A store has no clock: it must find an expired record");
        return present;
    }

    private void assertChangedOrGone(
            SessionStore store, boolean wasPresent, boolean changed, SessionRecord next, String call) {
        assertTrue(changed || dropsExpired(), () -> call + " of an expired record must return true");
        assertTrue(wasPresent || !changed, () -> call + " must not revive a record that the store has dropped");
        if (changed) {
            assertStored(store, next, call + " must give an expired record its new deadline");
        } else {
            assertGone(store, next, call + " must not revive a record that the store has dropped");
        }
    }

    private static SessionRecord expiring(Instant expiresAt) {
        return aFullSession(aUser()).toBuilder().expiresAt(expiresAt).build();
    }

    private static boolean isExpired(SessionRecord session) {
        return !session.expiresAt().isAfter(Instant.now());
    }
}
