package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * What a refresh token leads to, used once and again, on two nodes that share nothing except the store. In the names of
 * variables R2 is the successor of R1. Races are in {@code RefreshInvariants}.
 */
class RefreshRotationTest {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final ClientInfo CLIENT = ClientInfo.builder()
            .device("Firefox on Linux")
            .ipAddress("192.0.2.7")
            .build();

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore store = new ReferenceStore();
    private final SessionAwareTokenService one = node(store, GRACE);
    private final SessionAwareTokenService other = node(store, GRACE);

    @Test
    void refreshGivesValidTokensAndRecordsActivityAndClient() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        clock.advance(Duration.ofDays(1));

        IssuedTokens r2 = other.refresh(
                r1.refreshToken(), ClientInfo.builder().ipAddress("192.0.2.8").build());

        assertNotEquals(r1.refreshToken(), r2.refreshToken());
        assertEquals(r1.session().id(), one.validate(r2.accessToken()).sessionId());
        Session session = one.listSessions("alice").get(0);
        assertEquals(TestSessions.notCurrent(r2.session()), session);
        assertEquals(clock.instant(), session.lastActiveAt());
        assertEquals("Firefox on Linux", session.client().device(), "A part that is unknown now must stay");
        assertEquals("192.0.2.8", session.client().ipAddress());
    }

    @Test
    void refreshNeverMovesTheAbsoluteDeadline() {
        IssuedTokens tokens = one.issue("alice", CLIENT);
        for (int day = 0; day < 29; day++) {
            clock.advance(Duration.ofDays(1));
            tokens = one.refresh(tokens.refreshToken(), CLIENT);
        }
        assertEquals(START.plus(Duration.ofDays(30)), tokens.session().expiresAt());
        clock.set(START.plus(Duration.ofDays(30)).minusSeconds(1));
        IssuedTokens last = one.refresh(tokens.refreshToken(), CLIENT);
        assertEquals(START.plus(Duration.ofDays(30)), last.accessTokenExpiresAt());

        clock.advance(Duration.ofSeconds(1));

        assertRefused(Reason.SESSION_EXPIRED, one, last.refreshToken());
    }

    @Test
    void aUsedTokenWithinTheGraceWindowGivesTheSameSuccessor() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens lost = one.refresh(r1.refreshToken(), CLIENT);
        clock.advance(GRACE.minusMillis(1));

        IssuedTokens again = other.refresh(r1.refreshToken(), CLIENT);

        assertEquals(lost.refreshToken(), again.refreshToken());
        one.validate(again.accessToken());
        one.refresh(again.refreshToken(), CLIENT);
    }

    /** The service cannot tell whether the thief or the owner came first, so neither keeps the session. */
    @Test
    void aUsedTokenAfterTheGraceWindowEndsTheSession() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens r2 = one.refresh(r1.refreshToken(), CLIENT);
        clock.advance(GRACE);

        assertReuseEndsTheSession(other, r1, r2);
    }

    @Test
    void aUsedTokenEndsTheSessionOnceItsSuccessorIsUsed() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens r2 = one.refresh(r1.refreshToken(), CLIENT);
        IssuedTokens r3 = other.refresh(r2.refreshToken(), CLIENT);

        assertReuseEndsTheSession(one, r1, r3);
    }

    @Test
    void withoutAGraceWindowASecondUseInTheSameMillisecondEndsTheSession() {
        SessionAwareTokenService strict = node(store, Duration.ZERO);
        IssuedTokens r1 = strict.issue("alice", CLIENT);
        IssuedTokens r2 = strict.refresh(r1.refreshToken(), CLIENT);

        assertReuseEndsTheSession(strict, r1, r2);
    }

    @Test
    void aUsedTokenOfARevokedSessionIsNotReuse() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens r2 = one.refresh(r1.refreshToken(), CLIENT);
        one.revokeSession("alice", r1.session().id());
        clock.advance(GRACE);

        assertRefused(Reason.SESSION_ENDED, other, r1.refreshToken());
        assertRefused(Reason.SESSION_ENDED, other, r2.refreshToken());
    }

    @Test
    void aGuessIsRefusedAndEndsNothing() {
        IssuedTokens victim = one.issue("alice", CLIENT);
        IssuedTokens attacker = one.issue("mallory", CLIENT);
        String[] own = attacker.refreshToken().split("~", -1);
        String[] victims = victim.refreshToken().split("~", -1);
        String named = victims[0] + "~" + victims[1];
        List<String> guesses = List.of(
                named + "~" + own[2] + "~" + own[3],
                named + "~" + "A".repeat(43) + "~" + victims[3],
                named + "~" + "A".repeat(43) + "~" + "A".repeat(43));

        guesses.forEach(guess -> assertRefused(Reason.UNKNOWN_REFRESH_TOKEN, other, guess));

        one.validate(victim.accessToken());
        one.refresh(victim.refreshToken(), CLIENT);
    }

    @Test
    void aRefreshThatReadTheSessionBeforeItsRevocationIsRefusedAndWritesNothing() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        SessionAwareTokenService late = node(
                beforeReplace(() ->
                        assertTrue(other.revokeSession("alice", r1.session().id()))),
                GRACE);

        assertRefused(Reason.SESSION_ENDED, late, r1.refreshToken());

        assertEquals(List.of(), one.listSessions("alice"));
    }

    @Test
    void aTouchDuringARefreshDoesNotPreventTheRotation() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        clock.advance(Duration.ofMinutes(1));
        SessionAwareTokenService slow = node(beforeReplace(() -> other.validate(r1.accessToken())), GRACE);

        IssuedTokens r2 = slow.refresh(r1.refreshToken(), CLIENT);

        one.refresh(r2.refreshToken(), CLIENT);
        assertEquals(clock.instant(), one.listSessions("alice").get(0).lastActiveAt());
    }

    /** The store holds hashes and a nonce. A successor can be computed only from them and the old token together. */
    @Test
    void whatTheStoreHoldsRefreshesNothing() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens r2 = one.refresh(r1.refreshToken(), CLIENT);
        SessionRecord stored = store.list("alice").get(0);
        String named = r1.refreshToken().split("~", -1)[0] + "~" + stored.id();

        for (String secret : (r1.refreshToken() + "~" + r2.refreshToken()).split("~", -1)) {
            if (!named.contains(secret)) {
                assertFalse(stored.refreshState().contains(secret), "The store must not hold a secret");
            }
        }
        String[] parts = stored.refreshState().split("\\.", -1);
        for (String family : parts) {
            for (String secret : parts) {
                String made = named + "~" + family + "~" + secret;
                InvalidTokenException refusal =
                        assertThrows(InvalidTokenException.class, () -> other.refresh(made, CLIENT));
                assertTrue(
                        Set.of(Reason.UNKNOWN_REFRESH_TOKEN, Reason.MALFORMED).contains(refusal.reason()),
                        "" + refusal.reason());
            }
        }
        one.refresh(r2.refreshToken(), CLIENT);
    }

    /** A transaction whose calls use another store, and whose rollback undoes them, must not undo the alarm. */
    @Test
    void aReusedTokenEndsItsSessionInTheStoreOfTheServiceBeforeItJoinedATransaction() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        one.refresh(r1.refreshToken(), CLIENT);
        clock.advance(GRACE);
        SessionAwareTokenService joined = one.withSessionStore(new ReferenceStore());

        assertRefused(Reason.REFRESH_TOKEN_REUSED, joined, r1.refreshToken());

        assertEquals(List.of(), one.listSessions("alice"));
    }

    private SessionAwareTokenService node(SessionStore nodesStore, Duration graceWindow) {
        return aServiceOn(nodesStore)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .refreshGraceWindow(graceWindow)
                .build();
    }

    /** Returns the store as a slow node sees it: something happens once, after its read and before its write. */
    private SessionStore beforeReplace(Runnable meanwhile) {
        AtomicReference<Runnable> once = new AtomicReference<>(meanwhile);
        return new StoreWrapper(store) {
            @Override
            public boolean replace(SessionRecord seen, SessionRecord next) {
                once.getAndSet(() -> {}).run();
                return super.replace(seen, next);
            }
        };
    }

    private void assertReuseEndsTheSession(SessionAwareTokenService node, IssuedTokens old, IssuedTokens latest) {
        assertRefused(Reason.REFRESH_TOKEN_REUSED, node, old.refreshToken());
        for (SessionAwareTokenService any : List.of(one, other)) {
            assertRefused(Reason.SESSION_ENDED, any, latest.refreshToken());
            InvalidTokenException refusal =
                    assertThrows(InvalidTokenException.class, () -> any.validate(latest.accessToken()));
            assertEquals(Reason.SESSION_ENDED, refusal.reason());
        }
        assertEquals(List.of(), one.listSessions("alice"));
    }

    private static void assertRefused(Reason reason, SessionAwareTokenService node, String refreshToken) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> node.refresh(refreshToken, CLIENT));
        assertEquals(reason, refusal.reason());
    }
}
