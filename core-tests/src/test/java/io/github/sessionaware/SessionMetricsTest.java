package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionMetrics.StoreOperation;
import io.github.sessionaware.testing.CapturedLog;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestDevice;
import io.github.sessionaware.testing.TestService;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Metrics receive each outcome once, cannot change it, and cost nothing by default. */
@Isolated("All tests of the JVM log to System.err, which this class captures")
class SessionMetricsTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore store = new ReferenceStore();
    private final List<String> events = new ArrayList<>();
    private final SessionMetrics recorder = recorder(events);
    private boolean isDown;

    private final SessionStore fragile = new StoreWrapper(store) {
        @Override
        protected void beforeRead() {
            requireUp();
        }

        @Override
        protected void beforeWrite() {
            requireUp();
        }

        private void requireUp() {
            if (isDown) {
                throw new SessionStoreException("down");
            }
        }
    };
    private final SessionAwareTokenService service = builder().metrics(recorder).build();

    @Test
    void aLoginIsReportedWithItsCallOfTheStore() {
        service.issue("alice", CLIENT);

        assertReported("storeAnswered CREATE", "loginAccepted");
    }

    @Test
    void aValidateIsReportedWithTheCacheAndTheStore() {
        String token = service.issue("alice", CLIENT).accessToken();
        events.clear();

        service.validate(token);
        service.validateWithoutActivity(token);

        assertReported(
                "tokenCacheMiss",
                "storeAnswered FIND",
                "validateAccepted",
                "tokenCacheHit",
                "storeAnswered FIND",
                "validateAccepted");
    }

    @Test
    void recentReadsAreReportedWithTheirAgeAndMissesWithTheirCause() {
        TwoClocks clocks = new TwoClocks(START);
        SessionAwareTokenService bounded = clocks.on(aServiceOn(store))
                .idleTimeout(Duration.ofSeconds(90))
                .accessTokenLifetime(Duration.ofHours(1))
                .maxStaleness(Duration.ofSeconds(5))
                .metrics(recorder)
                .build();
        IssuedTokens login = bounded.issue("alice", CLIENT);
        String token = login.accessToken();
        bounded.validate(token);
        clocks.advance(Duration.ofSeconds(5));
        bounded.validate(token);
        clocks.advance(Duration.ofNanos(1));
        bounded.validate(token);
        clocks.step(Duration.ofMillis(51));
        bounded.validate(token);
        bounded.validate(token);
        String renewed = service.reauthenticate(service.validate(token)).accessToken();
        bounded.validate(renewed);
        clocks.advance(Duration.ofSeconds(84));
        bounded.validateWithoutActivity(renewed);
        clocks.advance(Duration.ofSeconds(5));
        assertThrows(InvalidTokenException.class, () -> bounded.validate(renewed));

        assertEquals(
                List.of(
                        "recentReadMiss NOT_REMEMBERED",
                        "recentReadHit 5000000000",
                        "recentReadMiss TOO_OLD",
                        "recentReadMiss CLOCKS_DISAGREE",
                        "recentReadHit 0",
                        "recentReadMiss OTHER_GENERATION",
                        "recentReadMiss EXPIRED"),
                events.stream().filter(event -> event.startsWith("recentRead")).toList());
    }

    @Test
    void withoutACacheEveryTokenIsAMiss() {
        SessionAwareTokenService uncached =
                builder().verifiedTokenCacheSize(0).metrics(recorder).build();
        String token = uncached.issue("alice", CLIENT).accessToken();
        events.clear();

        uncached.validate(token);
        uncached.validate(token);

        assertEquals(
                2,
                events.stream().filter(event -> event.equals("tokenCacheMiss")).count());
    }

    @Test
    void aTokenThatFailsVerificationIsReportedByItsReasonOnly() {
        String token = service.issue("alice", CLIENT).accessToken();
        service.validate(token);
        events.clear();

        assertRefused(Reason.MISSING, () -> service.validate(null));
        assertRefused(Reason.MALFORMED, () -> service.validateWithoutActivity("x"));
        assertRefused(
                Reason.BAD_SIGNATURE, () -> service.validate(token.substring(0, token.lastIndexOf('.')) + ".AAAA"));
        clock.advance(Duration.ofMinutes(15));
        assertRefused(Reason.EXPIRED, () -> service.validate(token));

        assertReported(
                "validateRefused MISSING",
                "validateRefused MALFORMED",
                "validateRefused BAD_SIGNATURE",
                "validateRefused EXPIRED");
    }

    @Test
    void aTokenWhoseSessionHasEndedIsReportedAfterTheFind() {
        IssuedTokens login = service.issue("alice", CLIENT);
        service.validate(login.accessToken());
        service.revokeAllSessions("alice");
        events.clear();

        assertRefused(Reason.SESSION_ENDED, () -> service.validate(login.accessToken()));

        assertReported("tokenCacheHit", "storeAnswered FIND", "validateRefused SESSION_ENDED");
    }

    @Test
    void anOutageIsReportedAsAFailureAndNeverAsARefusal() {
        IssuedTokens login = service.issue("alice", CLIENT);
        service.validate(login.accessToken());
        events.clear();
        isDown = true;

        assertThrows(SessionStoreException.class, () -> service.validate(login.accessToken()));
        assertThrows(SessionStoreException.class, () -> service.issue("alice", CLIENT));
        assertThrows(SessionStoreException.class, () -> service.refresh(login.refreshToken(), CLIENT));
        assertThrows(SessionStoreException.class, service::purgeExpiredSessions);

        assertReported(
                "tokenCacheHit",
                "storeFailed FIND",
                "validateFailed",
                "storeFailed CREATE",
                "storeFailed FIND",
                "storeFailed PURGE");
    }

    @Test
    void aTouchThatFailsIsReportedAlthoughTheRequestIsAccepted() {
        SessionAwareTokenService readOnly = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                        throw new IllegalStateException("read-only");
                    }
                })
                .clock(clock)
                .verifiedTokenCacheSize(10)
                .metrics(recorder)
                .build();
        String token = readOnly.issue("alice", CLIENT).accessToken();
        readOnly.validate(token);
        clock.advance(Duration.ofMinutes(1));
        events.clear();

        try (CapturedLog log = new CapturedLog()) {
            readOnly.validate(token);
            assertEquals(1, log.linesOf("WARN").size(), log.text());
        }

        assertReported("tokenCacheHit", "storeAnswered FIND", "validateAccepted", "storeFailed TOUCH");
    }

    @Test
    void eachRefusedLoginIsReportedWithWhatRefusedIt() {
        SessionAwareTokenService limited = builder()
                .sessionLimit(new SessionLimit(1, AtLimit.REFUSE_LOGIN))
                .metrics(recorder)
                .build();
        LoginOptions refused = LoginOptions.defaults().withStillAllowed(() -> false);
        assertThrows(LoginRefusedException.class, () -> limited.issue("alice", CLIENT, refused));
        AuthenticatedSession current =
                limited.validate(limited.issue("alice", CLIENT).accessToken());
        assertThrows(SessionLimitExceededException.class, () -> limited.issue("alice", CLIENT));
        assertThrows(LoginRefusedException.class, () -> limited.reauthenticate(current, refused));

        assertEquals(
                List.of(
                        "loginRefused NOT_ALLOWED",
                        "loginAccepted",
                        "loginRefused SESSION_LIMIT",
                        "loginRefused NOT_ALLOWED"),
                events.stream().filter(event -> event.startsWith("login")).toList());
    }

    @Test
    void eachRefreshIsReportedByItsOutcome() {
        String first = service.issue("alice", CLIENT).refreshToken();
        String second = service.refresh(first, CLIENT).refreshToken();
        service.refresh(first, CLIENT);
        assertRefused(Reason.MISSING, () -> service.refresh(null, CLIENT));
        service.refresh(second, CLIENT);
        assertRefused(Reason.REFRESH_TOKEN_REUSED, () -> service.refresh(first, CLIENT));
        assertRefused(Reason.SESSION_ENDED, () -> service.refresh(second, CLIENT));
        assertFalse(service.revokeByRefreshToken(second));

        assertEquals(
                List.of(
                        "refreshAccepted",
                        "refreshAccepted",
                        "refreshRefused MISSING",
                        "refreshAccepted",
                        "refreshRefused REFRESH_TOKEN_REUSED",
                        "refreshRefused SESSION_ENDED"),
                events.stream().filter(event -> event.startsWith("refresh")).toList());
    }

    @Test
    void eachRenewalOfABoundSessionIsReportedAsARefresh() {
        SessionAwareTokenService binding = builder()
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .metrics(recorder)
                .build();
        ExperimentalBoundSessions bound = binding.boundSessions();
        TestDevice device = TestDevice.es256();
        IssuedTokens login = binding.issue("alice", CLIENT);
        IssuedTokens tokens = bound.bind(
                binding.validate(login.accessToken()),
                device.registration(bound.registrationChallenge(login)),
                () -> CLIENT);
        String id = bound.identifier(tokens);
        String proof = device.renewal(bound.nextChallenge(tokens));

        assertThrows(ExperimentalChallengeException.class, () -> bound.renew(id, null, () -> CLIENT));
        bound.renew(id, proof, () -> CLIENT);
        String next = assertThrows(ExperimentalChallengeException.class, () -> bound.renew(id, proof, () -> CLIENT))
                .challenge();
        assertThrows(
                ExperimentalChallengeException.class, () -> bound.renew(id, device.renewal("1~old"), () -> CLIENT));
        assertRefused(Reason.MISSING, () -> bound.renew(null, proof, () -> CLIENT));
        assertRefused(Reason.MALFORMED, () -> bound.renew(id, "x", () -> CLIENT));
        assertRefused(
                Reason.BAD_SIGNATURE, () -> bound.renew(id, TestDevice.es256().renewal(next), () -> CLIENT));
        assertRefused(Reason.DEVICE_PROOF_REQUIRED, () -> binding.refresh(login.refreshToken(), CLIENT));
        isDown = true;
        assertThrows(SessionStoreException.class, () -> bound.renew(id, device.renewal(next), () -> CLIENT));

        assertEquals(
                List.of(
                        "refreshAccepted",
                        "refreshRefused WRONG_CHALLENGE",
                        "refreshRefused WRONG_CHALLENGE",
                        "refreshRefused MISSING",
                        "refreshRefused MALFORMED",
                        "refreshRefused BAD_SIGNATURE",
                        "refreshRefused DEVICE_PROOF_REQUIRED"),
                events.stream().filter(event -> event.startsWith("refresh")).toList());
    }

    @Test
    void aPurgeIsReportedWithTheNumberOfSessions() {
        service.issue("alice", CLIENT);
        service.issue("bob", CLIENT);
        clock.advance(Duration.ofDays(32));
        events.clear();

        service.purgeExpiredSessions();
        service.purgeExpiredSessions();

        assertReported("storeAnswered PURGE", "sessionsPurged 2", "storeAnswered PURGE", "sessionsPurged 0");
    }

    @Test
    void everyOperationOfAStoreIsReportedUnderItsName() {
        IssuedTokens login = service.issue("alice", CLIENT);
        clock.advance(Duration.ofMinutes(1));
        AuthenticatedSession current = service.validate(login.accessToken());
        service.refresh(login.refreshToken(), CLIENT);
        service.listSessions("alice");
        service.revoke(current);
        service.revokeAllSessions("alice");
        service.purgeExpiredSessions();

        assertEquals(
                EnumSet.allOf(StoreOperation.class),
                events.stream()
                        .filter(event -> event.startsWith("storeAnswered"))
                        .map(event -> StoreOperation.valueOf(event.split(" ", 2)[1]))
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(StoreOperation.class))));
        assertEquals(
                Stream.of(SessionStore.class.getDeclaredMethods())
                        .map(Method::getName)
                        .collect(Collectors.toSet())
                        .size(),
                StoreOperation.values().length);
    }

    @Test
    void aServiceOnTheStoreOfATransactionReportsToTheSameMetrics() {
        service.withSessionStore(store).issue("alice", CLIENT);
        service.withSessionStore(fragile, notification -> {}).revokeAllSessions("alice");

        assertReported("storeAnswered CREATE", "loginAccepted", "storeAnswered DELETE_ALL");
    }

    @Test
    void theDurationOfACallIsMeasuredFromItsBeginningToItsEnd() {
        AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 3);
        List<String> durations = new ArrayList<>();
        SessionMetrics timed = new SessionMetrics() {
            @Override
            public void storeAnswered(StoreOperation operation, long nanoseconds) {
                durations.add(operation + " answered after " + nanoseconds);
            }

            @Override
            public void storeFailed(StoreOperation operation, long nanoseconds) {
                durations.add(operation + " failed after " + nanoseconds);
            }
        };
        GuardedStore guarded = new GuardedStore(
                new StoreWrapper(fragile) {
                    @Override
                    protected void beforeRead() {
                        nanoTime.addAndGet(7);
                    }
                },
                timed,
                nanoTime::get);

        guarded.list("alice");
        isDown = true;
        assertThrows(SessionStoreException.class, () -> guarded.list("alice"));

        assertEquals(List.of("LIST answered after 7", "LIST failed after 7"), durations);
    }

    @Test
    void withoutMetricsNoDurationIsMeasured() {
        assertSame(SessionMetrics.NOOP, GuardedMetrics.of(SessionMetrics.NOOP));
        GuardedStore guarded = new GuardedStore(fragile, SessionMetrics.NOOP, () -> {
            throw new AssertionError("the time was asked for");
        });

        assertEquals(List.of(), guarded.list("alice"));
        isDown = true;
        assertThrows(SessionStoreException.class, () -> guarded.list("alice"));
    }

    /** Tests run with the first compiler only, which removes no allocation, so the numbers are exact. */
    @Test
    void metricsAllocateNothingOfTheirOwn() {
        long without = bytesOfAValidate(builder().build());

        assertEquals(
                without,
                bytesOfAValidate(builder().metrics(new SessionMetrics() {}).build()));
    }

    @Test
    void aServiceWithoutMetricsHasNone() {
        SessionAwareTokenService plain = builder().build();

        plain.validate(plain.issue("alice", CLIENT).accessToken());

        assertReported();
    }

    @Test
    void metricsThatThrowChangeNoOutcomeAndAreLoggedInOneLine() {
        for (Throwable thrown : List.of(
                new IllegalStateException("must-not-be-shown"), new StackOverflowError(), new AssertionError())) {
            events.clear();
            everyOutcome(builder().metrics(recorder).build());
            List<String> reported = List.copyOf(events);
            events.clear();
            SessionAwareTokenService unlucky = builder()
                    .metrics(proxy(event -> {
                        events.add(event);
                        throwIt(thrown);
                    }))
                    .build();
            try (CapturedLog log = new CapturedLog()) {
                everyOutcome(unlucky);

                assertEquals(1, log.text().lines().count(), log.text());
                assertEquals(1, log.linesOf("WARN").size(), log.text());
                assertTrue(log.text().contains(thrown.getClass().getName()), log.text());
                assertFalse(log.text().contains("must-not-be-shown"), log.text());
            }
            assertEquals(reported, events);
        }
    }

    /** All methods, except the one that only stores call, and those of recent reads, which are off here. */
    @Test
    void theScenarioOfFailingMetricsReachesEveryMethod() {
        everyOutcome(service);

        Set<String> reached =
                events.stream().map(event -> event.split(" ", 2)[0]).collect(Collectors.toCollection(TreeSet::new));
        Set<String> declared = Stream.of(SessionMetrics.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        declared.removeAll(Set.of("readsShared", "recentReadHit", "recentReadMiss"));
        assertEquals(declared, reached);
    }

    @Test
    void metricsThatThrowDoNotChangeWhatRecentReadsAnswer() {
        SessionAwareTokenService unlucky = new TwoClocks(START)
                .on(builder())
                .maxStaleness(Duration.ofSeconds(5))
                .metrics(proxy(event -> {
                    events.add(event);
                    throw new IllegalStateException();
                }))
                .build();
        String token = unlucky.issue("alice", CLIENT).accessToken();
        unlucky.validate(token);
        isDown = true;

        assertEquals("alice", unlucky.validate(token).userId());
        assertTrue(events.contains("recentReadMiss NOT_REMEMBERED"));
        assertTrue(events.contains("recentReadHit 0"));
    }

    @Test
    void failingMetricsAreLoggedOnceAMinute() {
        AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);
        SessionMetrics guarded = new GuardedMetrics(
                proxy(event -> {
                    throw new IllegalStateException();
                }),
                nanoTime::get);
        try (CapturedLog log = new CapturedLog()) {
            guarded.validateAccepted();
            guarded.validateAccepted();
            nanoTime.addAndGet(59_999_999_999L);
            guarded.validateAccepted();
            assertEquals(1, log.linesOf("WARN").size(), log.text());

            nanoTime.addAndGet(1);
            guarded.storeAnswered(StoreOperation.FIND, 1);
            guarded.storeFailed(StoreOperation.FIND, 1);
            assertEquals(2, log.linesOf("WARN").size(), log.text());
        }
    }

    /** Returns the smallest of several rounds, because code that runs for the first time allocates more. */
    private static long bytesOfAValidate(SessionAwareTokenService tokens) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        String token = tokens.issue("alice", CLIENT).accessToken();
        int calls = 1_000;
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < calls; i++) {
                tokens.validate(token);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least / calls;
    }

    /** Checks the outcomes too. */
    private void everyOutcome(SessionAwareTokenService tokens) {
        isDown = false;
        IssuedTokens login = tokens.issue("carol", CLIENT);
        assertEquals("carol", tokens.validate(login.accessToken()).userId());
        assertEquals("carol", tokens.validate(login.accessToken()).userId());
        assertRefused(Reason.MALFORMED, () -> tokens.validate("x"));
        String next = tokens.refresh(login.refreshToken(), CLIENT).refreshToken();
        tokens.refresh(next, CLIENT);
        assertRefused(Reason.REFRESH_TOKEN_REUSED, () -> tokens.refresh(login.refreshToken(), CLIENT));
        assertEquals(List.of(), tokens.listSessions("carol"));
        LoginOptions refused = LoginOptions.defaults().withStillAllowed(() -> false);
        assertThrows(LoginRefusedException.class, () -> tokens.issue("carol", CLIENT, refused));
        LoginOptions none = LoginOptions.defaults().withSessionLimit(new SessionLimit(1, AtLimit.REFUSE_LOGIN));
        tokens.issue("carol", CLIENT);
        assertThrows(SessionLimitExceededException.class, () -> tokens.issue("carol", CLIENT, none));
        assertEquals(1, tokens.revokeAllSessions("carol"));
        assertEquals(0, tokens.purgeExpiredSessions());
        isDown = true;
        assertThrows(SessionStoreException.class, () -> tokens.validate(login.accessToken()));
        isDown = false;
    }

    private SessionAwareTokenServiceBuilder builder() {
        return aServiceOn(fragile).clock(clock).verifiedTokenCacheSize(10).refreshTokens(TestService.refreshSecret());
    }

    private void assertReported(String... expected) {
        assertEquals(Arrays.asList(expected), events);
    }

    private static void throwIt(Throwable thrown) {
        if (thrown instanceof Error e) {
            throw e;
        }
        throw (RuntimeException) thrown;
    }

    private static void assertRefused(Reason reason, Runnable call) {
        assertEquals(
                reason, assertThrows(InvalidTokenException.class, call::run).reason());
    }

    private static SessionMetrics recorder(List<String> events) {
        return proxy(events::add);
    }

    /** Metrics that pass on the name of the method with its first argument. Durations are not negative. */
    private static SessionMetrics proxy(Consumer<String> receiver) {
        return (SessionMetrics) Proxy.newProxyInstance(
                SessionMetrics.class.getClassLoader(),
                new Class<?>[] {SessionMetrics.class},
                (proxy, method, arguments) -> {
                    if (arguments == null) {
                        receiver.accept(method.getName());
                        return null;
                    }
                    if (arguments.length > 1) {
                        assertTrue((long) arguments[1] >= 0);
                    }
                    receiver.accept(method.getName() + " " + arguments[0]);
                    return null;
                });
    }
}
