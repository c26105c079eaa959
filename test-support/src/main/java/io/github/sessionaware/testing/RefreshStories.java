package io.github.sessionaware.testing;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What becomes of refresh tokens, on two nodes, to be kept on every store. R1, R2, R3 are one after the other. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class RefreshStories {
    static final int ROUNDS = Integer.getInteger("races.rounds", 10);
    private static final int CALLERS = 32;
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final ClientInfo CLIENT = ClientInfo.builder()
            .device("Firefox on Linux")
            .ipAddress("192.0.2.7")
            .build();
    private static final ClientInfo ELSEWHERE =
            ClientInfo.builder().ipAddress("192.0.2.8").build();

    protected final FakeClock clock = new FakeClock(START);
    protected SessionStore store;

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private SessionAwareTokenService one;
    private SessionAwareTokenService other;

    /** An empty store. */
    protected abstract SessionStore store();

    /** The same sessions as {@link #store()} gave last, seen from another node. */
    protected SessionStore otherNode() {
        return store;
    }

    @BeforeEach
    void openStore() {
        store = store();
        one = node(store);
        other = node(otherNode());
    }

    @AfterEach
    void stopCallers() {
        callers.shutdownNow();
    }

    @Test
    void refreshGivesTokensThatValidateAndCountsAsActivity() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        clock.advance(Duration.ofDays(1));

        IssuedTokens r2 = other.refresh(r1.refreshToken(), ELSEWHERE);

        assertNotEquals(r1.refreshToken(), r2.refreshToken());
        assertEquals(r1.session().id(), one.validate(r2.accessToken()).sessionId());
        Session session = one.listSessions("alice").get(0);
        assertEquals(r2.session(), session);
        assertEquals(clock.instant(), session.lastActiveAt());
        assertEquals("Firefox on Linux", session.client().device(), "what is not known now stays");
        assertEquals("192.0.2.8", session.client().ipAddress());
    }

    @Test
    void theAbsoluteDeadlineIsNeverMoved() {
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
    void r1AfterGraceEndsTheSession() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens r2 = one.refresh(r1.refreshToken(), CLIENT);
        clock.advance(GRACE);

        assertReuse(other, r1, r2);
    }

    @Test
    void r1WithinGraceGivesTheSameR2BecauseTheAnswerWasLost() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens lost = one.refresh(r1.refreshToken(), CLIENT);
        clock.advance(GRACE.minusMillis(1));

        IssuedTokens again = other.refresh(r1.refreshToken(), CLIENT);

        assertEquals(lost.refreshToken(), again.refreshToken());
        one.validate(again.accessToken());
        one.refresh(again.refreshToken(), CLIENT);
    }

    @Test
    void r1InTheHandsOfAThiefFirstAndThenOfTheOwnerEndsTheSession() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens thiefs = other.refresh(r1.refreshToken(), ELSEWHERE);
        clock.advance(GRACE);

        assertReuse(one, r1, thiefs);
    }

    @Test
    void r1InTheHandsOfTheOwnerFirstAndThenOfAThiefEndsTheSession() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens owners = one.refresh(r1.refreshToken(), CLIENT);
        clock.advance(Duration.ofMinutes(5));

        assertReuse(other, r1, owners);
    }

    @Test
    void r1WithinGraceAfterR2WasUsedEndsTheSession() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens r2 = one.refresh(r1.refreshToken(), CLIENT);
        IssuedTokens r3 = other.refresh(r2.refreshToken(), CLIENT);

        assertReuse(one, r1, r3);
    }

    @Test
    void withoutGraceTheSecondUseEndsTheSessionInTheSameMillisecond() {
        SessionAwareTokenService strict = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .refreshGraceWindow(Duration.ZERO)
                .build();
        IssuedTokens r1 = strict.issue("alice", CLIENT);
        IssuedTokens r2 = strict.refresh(r1.refreshToken(), CLIENT);

        assertReuse(strict, r1, r2);
    }

    @Test
    void refreshAfterRestartOfEveryNode() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens r2 = one.refresh(r1.refreshToken(), CLIENT);
        SessionAwareTokenService restarted = node(otherNode());

        IssuedTokens r3 = restarted.refresh(r2.refreshToken(), CLIENT);
        clock.advance(GRACE);

        assertReuse(node(otherNode()), r2, r3);
    }

    @Test
    void aRefreshTokenOfAnEndedSessionIsNoReuse() {
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
        String id = victim.session().id();
        String[] own = attacker.refreshToken().split("~", -1);
        List<String> guesses = List.of(
                id + "~" + own[1] + "~" + own[2],
                id + "~" + "A".repeat(43) + "~" + victim.refreshToken().split("~", -1)[2],
                id + "~" + "A".repeat(43) + "~" + "A".repeat(43));

        guesses.forEach(guess -> assertRefused(Reason.NOT_OURS, other, guess));

        one.validate(victim.accessToken());
        one.refresh(victim.refreshToken(), CLIENT);
    }

    @Test
    void ofThirtyTwoCallersWithOneTokenOneRotatesAndAllGetTheSameNext() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            IssuedTokens r1 = one.issue("alice", CLIENT);
            Set<String> next = new HashSet<>();
            for (IssuedTokens tokens :
                    together(CALLERS, i -> (i % 2 == 0 ? one : other).refresh(r1.refreshToken(), CLIENT))) {
                next.add(tokens.refreshToken());
            }

            assertEquals(1, next.size(), "successors of one token");
            IssuedTokens r3 = other.refresh(next.iterator().next(), CLIENT);
            one.validate(r3.accessToken());
        }
        assertEquals(ROUNDS, one.listSessions("alice").size());
        System.out.println("refresh races of " + CALLERS + " callers on two nodes: " + ROUNDS + " rounds, 0 failures");
    }

    @Test
    void aRefreshThatMeetsRevokeAllLeavesNothingValid() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            IssuedTokens r1 = one.issue("alice", CLIENT);
            List<IssuedTokens> given = new ArrayList<>(together(CALLERS, i -> {
                if (i == CALLERS / 2) {
                    other.revokeAllSessions("alice");
                    return r1;
                }
                return refreshedOr(r1, i % 2 == 0 ? one : other);
            }));

            assertEquals(List.of(), one.listSessions("alice"));
            for (IssuedTokens tokens : given) {
                assertRefused(Reason.SESSION_ENDED, one, tokens.refreshToken());
                InvalidTokenException refusal =
                        assertThrows(InvalidTokenException.class, () -> other.validate(tokens.accessToken()));
                assertEquals(Reason.SESSION_ENDED, refusal.reason());
            }
        }
    }

    @Test
    void aRefreshThatWasReadBeforeARevokeWritesNothingAfterIt() throws Exception {
        CountDownLatch hasRead = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        SessionAwareTokenService slow = node(new StoreWrapper(store) {
            @Override
            public boolean replace(Session seen, Session next) {
                hasRead.countDown();
                awaitQuietly(mayGoOn);
                return super.replace(seen, next);
            }
        });
        IssuedTokens r1 = one.issue("alice", CLIENT);

        Future<IssuedTokens> late = callers.submit(() -> slow.refresh(r1.refreshToken(), CLIENT));
        awaitQuietly(hasRead);
        assertTrue(other.revokeSession("alice", r1.session().id()));
        mayGoOn.countDown();

        Throwable refusal = assertThrows(Exception.class, late::get).getCause();
        assertEquals(Reason.SESSION_ENDED, ((InvalidTokenException) refusal).reason());
        assertEquals(List.of(), one.listSessions("alice"));
    }

    @Test
    void aRefreshThatWasOvertakenByATouchRotatesAllTheSame() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        SessionAwareTokenService slow = node(new StoreWrapper(store) {
            @Override
            public boolean replace(Session seen, Session next) {
                meanwhile.getAndSet(() -> {}).run();
                return super.replace(seen, next);
            }
        });
        IssuedTokens r1 = one.issue("alice", CLIENT);
        clock.advance(Duration.ofMinutes(1));
        meanwhile.set(() -> other.validate(r1.accessToken()));

        IssuedTokens r2 = slow.refresh(r1.refreshToken(), CLIENT);

        one.refresh(r2.refreshToken(), CLIENT);
        assertEquals(clock.instant(), one.listSessions("alice").get(0).lastActiveAt());
    }

    /** Whoever holds the table holds hashes and a nonce; the old token and the table together are needed. */
    @Test
    void whatTheStoreHoldsIsNoToken() {
        IssuedTokens r1 = one.issue("alice", CLIENT);
        IssuedTokens r2 = one.refresh(r1.refreshToken(), CLIENT);
        Session stored = store.find(r1.session().id()).orElseThrow();

        for (String secret : (r1.refreshToken() + "~" + r2.refreshToken()).split("~", -1)) {
            if (!secret.equals(stored.id())) {
                assertTrue(!stored.refreshState().contains(secret), "a secret is in the store");
            }
        }
        String[] parts = stored.refreshState().split("\\.", -1);
        for (String family : parts) {
            for (String secret : parts) {
                String made = stored.id() + "~" + family + "~" + secret;
                InvalidTokenException refusal =
                        assertThrows(InvalidTokenException.class, () -> other.refresh(made, CLIENT));
                assertTrue(Set.of(Reason.NOT_OURS, Reason.MALFORMED).contains(refusal.reason()), "" + refusal.reason());
            }
        }
        one.refresh(r2.refreshToken(), CLIENT);
    }

    private SessionAwareTokenService node(SessionStore nodesStore) {
        return aServiceOn(nodesStore)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .refreshGraceWindow(GRACE)
                .build();
    }

    private static IssuedTokens refreshedOr(IssuedTokens tokens, SessionAwareTokenService node) {
        try {
            return node.refresh(tokens.refreshToken(), CLIENT);
        } catch (InvalidTokenException e) {
            assertEquals(Reason.SESSION_ENDED, e.reason());
            return tokens;
        }
    }

    private void assertReuse(SessionAwareTokenService node, IssuedTokens old, IssuedTokens latest) {
        assertRefused(Reason.REFRESH_TOKEN_REUSED, node, old.refreshToken());
        for (SessionAwareTokenService any : List.of(one, other)) {
            assertRefused(Reason.SESSION_ENDED, any, latest.refreshToken());
            InvalidTokenException refusal =
                    assertThrows(InvalidTokenException.class, () -> any.validate(latest.accessToken()));
            assertEquals(Reason.SESSION_ENDED, refusal.reason());
        }
        assertEquals(List.of(), one.listSessions(old.session().userId()));
    }

    private static void assertRefused(Reason reason, SessionAwareTokenService node, String refreshToken) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> node.refresh(refreshToken, CLIENT));
        assertEquals(reason, refusal.reason());
    }

    /** All at the same moment; fails as the first of them does. */
    static <T> List<T> together(int count, IntFunction<T> call) throws Exception {
        return Together.call(IntStream.range(0, count)
                .<Callable<T>>mapToObj(caller -> () -> call.apply(caller))
                .toList());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
