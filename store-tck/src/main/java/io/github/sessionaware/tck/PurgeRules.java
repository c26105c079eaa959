package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * What has expired goes, at its border to the millisecond. The borders lie in the nineties, where a shared store has
 * nothing else; a purge before the records are created makes counts exact.
 */
abstract class PurgeRules extends DeleteRules {
    private static final Instant NINETIES = Instant.parse("1990-06-01T00:00:00Z");

    @Test
    void purgeRemovesWhatExpiresAtItsBorderOrBeforeAndKeepsWhatExpiresAfter() {
        SessionStore store = store();
        Instant border = aBorder(store);
        String user = aUser();
        Session longAgo = aSessionExpiring(user, border.minus(Duration.ofDays(100)));
        Session before = aSessionExpiring(user, border.minusMillis(1));
        Session at = aSessionExpiring(user, border);
        Session after = aSessionExpiring(user, border.plusMillis(1));
        createAll(store, List.of(longAgo, before, at, after));

        store.purge(border);

        assertGone(store, longAgo, "A record that expired long before the border must go");
        assertGone(store, before, "A record that expires 1 ms before the border must go");
        assertGone(store, at, "A record that expires at the border must go");
        assertStored(store, after, "A record that expires 1 ms after the border must stay");
    }

    @Test
    void purgeLooksAtTheDeadlineOnly() {
        SessionStore store = store();
        Instant border = aBorder(store);
        Instant before = border.minus(Duration.ofDays(1));
        Instant after = border.plus(Duration.ofDays(1));
        String user = aUser();
        Session oldLogin = new Session(random(), user, FIREFOX, before, after, after);
        Session idle = new Session(random(), user, FIREFOX, before, before, after);
        Session expired = new Session(random(), user, FIREFOX, after, after, before);
        createAll(store, List.of(oldLogin, idle, expired));

        store.purge(border);

        assertStored(store, oldLogin, "purge must not look at createdAt");
        assertStored(store, idle, "purge must not look at lastActiveAt");
        assertGone(store, expired, "purge must look at expiresAt, whatever the other times are");
    }

    @Test
    void purgeReturnsHowManyRecordsItRemoved() {
        SessionStore store = store();
        Instant border = aBorder(store);
        createAll(
                store,
                List.of(
                        aSessionExpiring(aUser(), border.minusMillis(1)),
                        aSessionExpiring(aUser(), border.minusMillis(1)),
                        aSessionExpiring(aUser(), border),
                        aSessionExpiring(aUser(), border.plusMillis(1))));

        assertEquals(3, store.purge(border), "purge must return how many records it removed");
        assertEquals(0, store.purge(border), "A second purge at the same border must find nothing");
        assertEquals(1, store.purge(border.plusMillis(1)), "purge must return how many records it removed");
    }

    @Test
    void purgeRemovesExpiredRecordsOfEveryUserAndNoLiveOne() {
        SessionStore store = store();
        Instant border = aBorder(store);
        String user = aUser();
        Session expired = aSessionExpiring(user, border);
        Session live = aSession(user);
        Session strangersExpired = aSessionExpiring(aUser(), border);
        Session strangersLive = aSession(aUser());
        createAll(store, List.of(expired, live, strangersExpired, strangersLive));

        store.purge(border);

        assertGone(store, expired, "purge must remove the expired record");
        assertStored(store, live, "purge must leave a user's live record");
        assertGone(store, strangersExpired, "purge must remove expired records of every user");
        assertStored(store, strangersLive, "purge must leave every live record");
    }

    @Test
    void recordThatATouchMovedPastTheBorderSurvivesPurge() {
        SessionStore store = store();
        Instant border = aBorder(store);
        Session session = aSessionExpiring(aUser(), border);
        Session touched = session.touched(session.lastActiveAt().plusSeconds(60), border.plusMillis(1));
        store.create(session);
        assertTrue(store.touch(session, touched.lastActiveAt(), touched.expiresAt()), "touch must answer true");

        assertEquals(0, store.purge(border), "There was nothing left to purge");

        assertStored(store, touched, "A record that a touch has moved past the border must stay");
    }

    @Test
    void recordThatATouchMovedBeforeTheBorderIsPurged() {
        SessionStore store = store();
        Instant border = aBorder(store);
        Session session = aSessionExpiring(aUser(), border.plus(Duration.ofDays(1)));
        store.create(session);
        assertTrue(store.touch(session, session.lastActiveAt().plusSeconds(60), border), "touch must answer true");

        assertEquals(1, store.purge(border), "The deadline that a touch has moved back must count");

        assertGone(store, session, "The deadline that a touch has moved back must count");
    }

    @Test
    void purgeBeforeTheEpochHasItsBorderToo() {
        SessionStore store = store();
        Instant border = Instant.parse("1969-12-31T23:59:59.500Z");
        store.purge(border);
        String user = aUser();
        Session at = aSessionExpiring(user, border);
        Session after = aSessionExpiring(user, border.plusMillis(1));
        createAll(store, List.of(at, after));

        assertEquals(1, store.purge(border), "purge must return how many records it removed");

        assertGone(store, at, "A record that expires at the border must go");
        assertStored(store, after, "A record that expires 1 ms after the border must stay");
    }

    static Instant aBorder(SessionStore store) {
        Instant border = NINETIES.plusMillis(
                ThreadLocalRandom.current().nextLong(Duration.ofDays(3000).toMillis()));
        store.purge(border.plusMillis(1));
        return border;
    }
}
