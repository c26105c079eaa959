package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Polling pages do not count as activity, and web sockets do. */
class WithoutActivityTest {
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = aService(store).build();
    private final IssuedTokens login = login();
    private final String id = login.session().id();

    @Test
    void aSessionBecomesIdleAfterHalfAnHourWhileAPagePolls() {
        for (Instant end = START.plus(HALF_AN_HOUR); clock.instant().isBefore(end); clock.advance(seconds(10))) {
            assertEquals(
                    id, service.validateWithoutActivity(login.accessToken()).sessionId());
        }

        for (int hours = 0; hours < 12; hours++) {
            assertRefused(Reason.SESSION_EXPIRED, login);
            clock.advance(Duration.ofHours(1).minusMinutes(5));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theIdleDeadlineHoldsForEveryCall(int millis) {
        clock.set(START.plus(HALF_AN_HOUR).plusMillis(millis));
        boolean isLive = millis < 0;

        if (isLive) {
            service.validateWithoutActivity(login.accessToken());
        } else {
            assertRefused(Reason.SESSION_EXPIRED, login);
        }
        assertEquals(isLive, service.isLive("alice", id));
        assertEquals(isLive, service.recordActivity("alice", id));
        clock.set(START.plus(HALF_AN_HOUR));
        assertEquals(isLive, service.isLive("alice", id));
    }

    @Test
    void theResultShowsTheActivityBefore() {
        clock.advance(Duration.ofMinutes(10));

        AuthenticatedSession current = service.validateWithoutActivity(login.accessToken());

        assertEquals(START, current.session().lastActiveAt());
        assertEquals(START.plus(HALF_AN_HOUR), current.session().expiresAt());
        assertEquals(START.plus(Duration.ofMinutes(10)), current.validatedAt());
        assertTrue(current.session().current());
        assertEquals(1, service.listSessions(current).size());
    }

    @Test
    void aBusySocketKeepsItsSessionAlive() {
        for (int minutes = 0; minutes < 12 * 60; minutes++) {
            clock.advance(Duration.ofMinutes(1));
            assertTrue(service.recordActivity("alice", id));
        }

        assertEquals(clock.instant(), service.listSessions("alice").get(0).lastActiveAt());
        assertTrue(service.isLive("alice", id));
    }

    @Test
    void aBusySocketIsNotTheFirstToGoAtTheLimit() {
        SessionAwareTokenService limited = aService(store)
                .sessionLimit(new SessionLimit(2, AtLimit.END_LEAST_RECENTLY_ACTIVE))
                .build();
        clock.advance(Duration.ofMinutes(1));
        IssuedTokens quiet = limited.issue("alice", ClientInfo.unknown());
        clock.advance(Duration.ofMinutes(5));
        limited.recordActivity("alice", id);

        limited.issue("alice", ClientInfo.unknown());

        assertTrue(limited.isLive("alice", id));
        assertFalse(limited.isLive("alice", quiet.session().id()));
    }

    @Test
    void looksCostOneReadAndActivityAtMostOneWritePerInterval() {
        clock.advance(Duration.ofMinutes(10));

        service.validateWithoutActivity(login.accessToken());
        assertCost(1, 0);
        service.isLive("alice", id);
        assertCost(1, 0);
        service.recordActivity("alice", id);
        assertCost(1, 1);
        clock.advance(Duration.ofMinutes(1).minusMillis(1));
        service.recordActivity("alice", id);
        assertCost(1, 0);
        clock.advance(Duration.ofMillis(1));
        service.recordActivity("alice", id);
        assertCost(1, 1);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "nonsense", "\uD800", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA=="})
    void anIdOfAnotherFormIsNotLiveAndCostsNoStoreCall(String other) {
        assertFalse(service.isLive("alice", other));
        assertFalse(service.recordActivity("alice", other));

        assertCost(0, 0);
    }

    @Test
    void anUnknownIdAndTheSessionOfAnotherUserAreNotLive() {
        clock.advance(Duration.ofMinutes(10));
        for (List<String> unknown : List.of(List.of("alice", "A".repeat(24)), List.of("bob", id))) {
            assertFalse(service.isLive(unknown.get(0), unknown.get(1)));
            assertCost(1, 0);
            assertFalse(service.recordActivity(unknown.get(0), unknown.get(1)));
            assertCost(1, 0);
        }
        assertEquals(START, service.listSessions("alice").get(0).lastActiveAt());
    }

    @Test
    void aUserIdOfAnotherFormIsRefusedWithoutAStoreCall() {
        for (String userId : new String[] {null, "", " ", "a\nb", "a".repeat(256)}) {
            assertThrows(IllegalArgumentException.class, () -> service.isLive(userId, id));
            assertThrows(IllegalArgumentException.class, () -> service.recordActivity(userId, id));
        }
        assertCost(0, 0);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "token", "a.b.c"})
    void aTokenOfAnotherFormCostsNoStoreCall(String token) {
        assertThrows(InvalidTokenException.class, () -> service.validateWithoutActivity(token));

        assertCost(0, 0);
    }

    @Test
    void aRevokedSessionIsRefusedByEveryCall() {
        service.revokeAllSessions("alice");
        assertCost(0, 1);

        assertRefused(Reason.SESSION_ENDED, login);
        assertCost(1, 0);
        assertFalse(service.isLive("alice", id));
        assertCost(1, 0);
        assertFalse(service.recordActivity("alice", id));
        assertCost(1, 0);
    }

    /** The session goes on under its id, so a socket that was opened before stays open. */
    @Test
    void aSessionStaysLiveThroughARenewedAuthentication() {
        service.reauthenticate(service.validate(login.accessToken()));

        assertTrue(service.isLive("alice", id));
        assertTrue(service.recordActivity("alice", id));
        assertRefused(Reason.OTHER_GENERATION, login);
    }

    @Test
    void activityThatCannotBeWrittenDoesNotCloseTheSocket() {
        SessionAwareTokenService readOnly = aService(new StoreWrapper(store) {
                    @Override
                    protected void beforeWrite() {
                        throw new SessionStoreException("the replica is read-only");
                    }
                })
                .build();
        clock.advance(Duration.ofMinutes(10));

        assertTrue(readOnly.recordActivity("alice", id));

        assertEquals(START, service.listSessions("alice").get(0).lastActiveAt());
        assertTrue(service.recordActivity("alice", id));
        assertEquals(clock.instant(), service.listSessions("alice").get(0).lastActiveAt());
    }

    @Test
    void anOutageIsNeitherTrueNorFalse() {
        SessionAwareTokenService down = aService(new StoreWrapper(store) {
                    @Override
                    protected void beforeRead() {
                        throw new IllegalStateException("connection refused");
                    }
                })
                .build();

        assertThrows(SessionStoreException.class, () -> down.isLive("alice", id));
        assertThrows(SessionStoreException.class, () -> down.recordActivity("alice", id));
        assertThrows(SessionStoreException.class, () -> down.validateWithoutActivity(login.accessToken()));
    }

    @Test
    void recordedActivityDoesNotReviveASessionThatIsRevokedAtTheSameTime() {
        SessionAwareTokenService late = aService(new StoreWrapper(store) {
                    @Override
                    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                        service.revokeAllSessions("alice");
                        return super.touch(seen, lastActiveAt, expiresAt);
                    }
                })
                .build();
        clock.advance(Duration.ofMinutes(10));

        late.recordActivity("alice", id);

        assertFalse(service.isLive("alice", id));
        assertEquals(List.of(), store.list("alice"));
    }

    private SessionAwareTokenServiceBuilder aService(SessionStore on) {
        return aServiceOn(on).clock(clock).idleTimeout(HALF_AN_HOUR).accessTokenLifetime(Duration.ofHours(24));
    }

    private IssuedTokens login() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        store.reset();
        return issued;
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private void assertCost(int reads, int writes) {
        assertEquals(List.of(reads, writes), List.of(store.reads(), store.writes()), "reads, writes");
        store.reset();
    }

    private void assertRefused(Reason reason, IssuedTokens tokens) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.validateWithoutActivity(tokens.accessToken()));
        assertEquals(reason, refusal.reason());
    }
}
