package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.aCutoff;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.assertStoredOrDropped;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.insert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A purge removes the records that expire at or before its cutoff, to the millisecond. */
interface PurgeRules extends Rules {

    /** @hidden */
    @Test
    default void purgeRemovesRecordsThatExpireAtOrBeforeTheCutoff() {
        SessionStore store = store();
        Instant cutoff = aCutoff(store);
        String user = aUser();
        SessionRecord longAgo = aSessionExpiring(user, cutoff.minus(Duration.ofDays(100)));
        SessionRecord at = aSessionExpiring(user, cutoff);
        SessionRecord after = aSessionExpiring(user, cutoff.plusMillis(1));
        createAll(store, List.of(longAgo, at, after));

        store.purge(cutoff);

        assertGone(store, longAgo, "A record that expired long before the cutoff must be removed");
        assertGone(store, at, "A record that expires at the cutoff must be removed");
        assertStoredOrDropped(store, after, dropsExpired(), "A record that expires 1 ms after the cutoff must stay");
    }

    /** @hidden */
    @Test
    default void purgeLooksOnlyAtExpiresAt() {
        SessionStore store = store();
        Instant cutoff = aCutoff(store);
        Instant before = cutoff.minus(Duration.ofDays(1));
        Instant after = cutoff.plus(Duration.ofDays(1));
        SessionRecord oldLogin = aSession(aUser()).toBuilder()
                .createdAt(before)
                .lastActiveAt(after)
                .build();
        SessionRecord idle = aSession(aUser()).toBuilder()
                .createdAt(before)
                .lastActiveAt(before)
                .build();
        SessionRecord expired = aSession(aUser()).toBuilder()
                .createdAt(after)
                .lastActiveAt(after)
                .expiresAt(before)
                .build();
        createAll(store, List.of(oldLogin, idle, expired));

        store.purge(cutoff);

        assertStored(store, oldLogin, "purge must not look at createdAt");
        assertStored(store, idle, "purge must not look at lastActiveAt");
        assertGone(store, expired, "purge must look at expiresAt and at no other time");
    }

    /** @hidden */
    @Test
    default void purgeReturnsTheNumberOfRemovedRecords() {
        SessionStore store = store();
        Instant cutoff = aCutoff(store);
        createAll(
                store,
                List.of(
                        aSession(aUser()),
                        aSessionExpiring(aUser(), cutoff.minusMillis(1)),
                        aSessionExpiring(aUser(), cutoff.minusMillis(1)),
                        aSessionExpiring(aUser(), cutoff),
                        aSessionExpiring(aUser(), cutoff.plusMillis(1))));

        assertCount(3, store.purge(cutoff), "purge must return the number of records that it removed");
        assertEquals(0, store.purge(cutoff), "The second purge at the same cutoff must remove nothing");
        assertCount(1, store.purge(cutoff.plusMillis(1)), "purge must return the number of records that it removed");
    }

    /** @hidden */
    @Test
    default void purgeRemovesExpiredRecordsOfEveryUserAndNoLiveRecord() {
        SessionStore store = store();
        Instant cutoff = aCutoff(store);
        String user = aUser();
        SessionRecord expired = aSessionExpiring(user, cutoff);
        SessionRecord live = aSession(user);
        SessionRecord strangersExpired = aSessionExpiring(aUser(), cutoff);
        createAll(store, List.of(expired, live, strangersExpired));

        store.purge(cutoff);

        assertGone(store, expired, "purge must remove the expired record");
        assertStored(store, live, "purge must keep a live record of the same user");
        assertGone(store, strangersExpired, "purge must remove the expired records of every user");
    }

    /** @hidden */
    @Test
    default void purgeKeepsARecordWhoseDeadlineATouchMadeLater() {
        SessionStore store = store();
        Instant cutoff = aCutoff(store);
        SessionRecord session = aSessionExpiring(aUser(), cutoff);
        SessionRecord touched = session.touched(session.lastActiveAt().plusSeconds(60), cutoff.plusMillis(1));
        insert(store, session);
        store.touch(session, touched.lastActiveAt(), touched.expiresAt());

        assertEquals(0, store.purge(cutoff), "purge must not count a record whose deadline a touch made later");

        assertStoredOrDropped(
                store, touched, dropsExpired(), "purge must keep a record whose deadline a touch made later");
    }

    /** @hidden */
    @Test
    default void purgeRemovesARecordWhoseDeadlineATouchMadeEarlier() {
        SessionStore store = store();
        Instant cutoff = aCutoff(store);
        SessionRecord session = aSession(aUser());
        insert(store, session);
        store.touch(session, session.lastActiveAt(), cutoff);

        assertCount(1, store.purge(cutoff), "purge must use the earlier deadline that a touch has set");

        assertGone(store, session, "purge must use the earlier deadline that a touch has set");
    }

    /** @hidden */
    @Test
    default void purgeBeforeTheEpochIsExactToTheMillisecond() {
        SessionStore store = store();
        Instant cutoff = Instant.parse("1969-12-31T23:59:59.500Z");
        store.purge(cutoff);
        String user = aUser();
        SessionRecord at = aSessionExpiring(user, cutoff);
        SessionRecord after = aSessionExpiring(user, cutoff.plusMillis(1));
        createAll(store, List.of(at, after));

        assertCount(1, store.purge(cutoff), "purge must return the number of records that it removed");

        assertGone(store, at, "A record that expires at the cutoff must be removed");
        assertStoredOrDropped(store, after, dropsExpired(), "A record that expires 1 ms after the cutoff must stay");
    }

    private void assertCount(int expected, int purged, String rule) {
        if (dropsExpired()) {
            assertTrue(purged >= 0 && purged <= expected, () -> rule + ", but it returned " + purged);
        } else {
            assertEquals(expected, purged, rule);
        }
    }
}
