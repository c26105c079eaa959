package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CapturedLog;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("All tests of the JVM log to System.err, which this class captures")
class ValidateTest {
    private static final ClientInfo CLIENT =
            ClientInfo.builder().device("Firefox on Linux").build();
    private static final Duration ONE_HOUR = Duration.ofHours(1);
    private static final Duration THIRTY_DAYS = Duration.ofDays(30);

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore records = new ReferenceStore();
    private final CountingStore store = new CountingStore(records);
    private final SessionAwareTokenService service = builder().build();

    @Test
    void aGoodTokenLeadsToItsSession() {
        IssuedTokens issued = service.issue("user-42", CLIENT);

        AuthenticatedSession current = service.validate(issued.accessToken());

        assertEquals("user-42", current.userId());
        assertEquals(issued.session().id(), current.sessionId());
        assertEquals(issued.session(), current.session());
        assertEquals(START, current.validatedAt());
    }

    /** Another service, and the reason for which this service and that one refuse the tokens of each other. */
    private Map<SessionAwareTokenServiceBuilder, Reason> otherServices() {
        byte[] otherSecret = TestKeys.secret(64);
        Map<SessionAwareTokenServiceBuilder, Reason> others = new LinkedHashMap<>();
        others.put(builder().issuer("https://other.example").audience(TestService.ISSUER), Reason.WRONG_ISSUER);
        others.put(builder().audience("https://other.example"), Reason.WRONG_AUDIENCE);
        others.put(builder().tokenType("JWT"), Reason.WRONG_TYPE);
        others.put(builder().signingKey(SigningKey.hmac256(otherSecret)), Reason.BAD_SIGNATURE);
        others.put(builder().signingKey(SigningKey.of(JwsAlgorithm.HS384, otherSecret)), Reason.UNKNOWN_KEY);
        others.put(builder().signingKey(SigningKey.hmac256(TestService.secret()).withKeyId("1")), Reason.UNKNOWN_KEY);
        others.put(builder().sessionIdClaim("sessionId"), Reason.MISSING_CLAIM);
        return others;
    }

    @Test
    void aTokenOfAnotherServiceIsRefusedWithTheReasonThatTellsThemApart() {
        String ours = service.issue("alice", CLIENT).accessToken();
        otherServices().forEach((other, reason) -> {
            SessionAwareTokenService foreign = other.build();

            assertRefused(reason, service, foreign.issue("alice", CLIENT).accessToken());
            assertRefused(reason, foreign, ours);
        });
        assertEquals(0, store.reads());
    }

    /** Only tokens of this service are reported as expired. */
    @Test
    void anExpiredForeignTokenIsReportedAsForeign() {
        String ours = service.issue("alice", CLIENT).accessToken();
        Map<String, Reason> tokens = new LinkedHashMap<>();
        otherServices()
                .forEach((other, reason) ->
                        tokens.put(other.build().issue("alice", CLIENT).accessToken(), reason));

        clock.advance(Duration.ofDays(31));

        assertRefused(Reason.EXPIRED, service, ours);
        tokens.forEach((token, reason) -> assertRefused(reason, service, token));
    }

    /** A key that was retired since looks like an unknown one, so a refresh may help. */
    @Test
    void anExpiredTokenOfARetiredKeyMayBeRefreshed() {
        SigningKey retired = SigningKey.hmac256(TestKeys.secret(64)).withKeyId("2025");
        String token =
                builder().signingKey(retired).build().issue("alice", CLIENT).accessToken();
        clock.advance(Duration.ofDays(1));

        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> service.validate(token));

        assertEquals(Reason.UNKNOWN_KEY, refusal.reason());
        assertTrue(refusal.reason().mayRefresh());
    }

    @Test
    void aMissingTokenCostsNoStoreCall() {
        for (String none : new String[] {null, "", " ", "\t\r\n", "\u2003"}) {
            assertRefused(Reason.MISSING, service, none);
        }
        assertEquals(0, store.calls());
    }

    @Test
    void aTokenExpiresAtItsExp() {
        String token = service.issue("alice", CLIENT).accessToken();

        assertBorder(service, token, START.plus(Duration.ofMinutes(15)), Reason.EXPIRED);
    }

    @Test
    void leewayDelaysTheExpiryOfAToken() {
        SessionAwareTokenService lenient =
                builder().leeway(Duration.ofSeconds(60)).build();
        String token = lenient.issue("alice", CLIENT).accessToken();

        assertBorder(lenient, token, START.plus(Duration.ofMinutes(16)), Reason.EXPIRED);
    }

    @Test
    void leewayDoesNotDelayTheEndOfASession() {
        SessionAwareTokenService lenient = builder()
                .leeway(Duration.ofSeconds(60))
                .accessTokenLifetime(ONE_HOUR)
                .idleTimeout(ONE_HOUR)
                .absoluteTimeout(ONE_HOUR)
                .build();
        String token = lenient.issue("alice", CLIENT).accessToken();

        assertBorder(lenient, token, START.plus(ONE_HOUR), Reason.SESSION_EXPIRED);
    }

    @Test
    void aTokenIsNotValidBeforeItsNbf() {
        SessionAwareTokenService lenient =
                builder().leeway(Duration.ofSeconds(30)).build();
        String token = notBefore(lenient.issue("alice", CLIENT).accessToken(), START.plusSeconds(90));

        clock.set(START.plusSeconds(60).minusMillis(1));
        assertRefused(Reason.NOT_YET_VALID, lenient, token);
        clock.set(START.plusSeconds(60));
        assertEquals("alice", lenient.validate(token).userId());
        assertRefused(Reason.NOT_YET_VALID, service, token);
        clock.set(START.plusSeconds(90));
        assertEquals("alice", service.validate(token).userId());
    }

    @Test
    void aSessionExpiresAtTheIdleTimeout() {
        SessionAwareTokenService patient =
                builder().accessTokenLifetime(THIRTY_DAYS).build();
        String token = patient.issue("alice", CLIENT).accessToken();

        clock.set(START.plus(Duration.ofDays(14)));
        assertRefused(Reason.SESSION_EXPIRED, patient, token);
        clock.set(START.plus(Duration.ofDays(14)).plusMillis(1));
        assertRefused(Reason.SESSION_EXPIRED, patient, token);
        clock.set(START.plus(Duration.ofDays(14)).minusMillis(1));
        assertEquals(
                clock.instant().plus(Duration.ofDays(14)),
                patient.validate(token).session().expiresAt());
    }

    @Test
    void aSessionExpiresAtTheAbsoluteTimeoutHoweverActive() {
        SessionAwareTokenService patient = builder()
                .accessTokenLifetime(THIRTY_DAYS)
                .leeway(Duration.ofSeconds(1))
                .build();
        String token = patient.issue("alice", CLIENT).accessToken();
        for (int day = 1; day < 30; day++) {
            clock.set(START.plus(Duration.ofDays(day)));
            patient.validate(token);
        }

        assertBorder(patient, token, START.plus(THIRTY_DAYS), Reason.SESSION_EXPIRED);
    }

    @Test
    void activityIsRecordedAfterTheInterval() {
        assertEquals(START, lastActiveAfter(Duration.ofMinutes(1).minusMillis(1)));
        assertEquals(START.plusMillis(60_000), lastActiveAfter(Duration.ofMinutes(1)));
        assertEquals(
                START.plusMillis(60_001), lastActiveAfter(Duration.ofMinutes(1).plusMillis(1)));
    }

    @Test
    void activityMovesTheIdleDeadline() {
        String token = service.issue("alice", CLIENT).accessToken();
        clock.advance(Duration.ofMinutes(10));

        Session session = service.validate(token).session();

        assertEquals(START.plus(Duration.ofMinutes(10)), session.lastActiveAt());
        assertEquals(START.plus(Duration.ofMinutes(10)).plus(Duration.ofDays(14)), session.expiresAt());
        assertEquals(START, session.createdAt());
        assertEquals(List.of(TestSessions.notCurrent(session)), service.listSessions("alice"));
    }

    @Test
    void aRequestThatLosesTheTouchSucceedsWithWhatItRead() {
        SessionAwareTokenService loser = aServiceOn(new StoreWrapper(records) {
                    @Override
                    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                        return false;
                    }
                })
                .clock(clock)
                .build();
        IssuedTokens issued = loser.issue("alice", CLIENT);
        clock.advance(Duration.ofMinutes(1));

        assertEquals(issued.session(), loser.validate(issued.accessToken()).session());
    }

    @Test
    void aFailingTouchIsLoggedInOneLineAndTheRequestGoesOn() {
        for (Throwable failure : List.of(
                new SessionStoreException("read only"),
                new IllegalStateException("read only"),
                new StackOverflowError())) {
            SessionAwareTokenService readOnly =
                    aServiceOn(new TouchFails(records, failure)).clock(clock).build();
            IssuedTokens issued = readOnly.issue("alice", CLIENT);
            clock.advance(Duration.ofMinutes(1));

            try (CapturedLog log = new CapturedLog()) {
                assertEquals(
                        issued.session(),
                        readOnly.validate(issued.accessToken()).session());
                assertEquals(1, log.linesOf("WARN").size(), log.text());
                assertEquals(1, log.text().lines().count(), log.text());
                assertTrue(log.text().contains(failure.getClass().getName()), log.text());
                assertFalse(log.text().contains(issued.accessToken()));
                assertFalse(log.text().contains(issued.session().id()));
            }
        }
    }

    @Test
    void aPurgedSessionHasEnded() {
        SessionAwareTokenService patient =
                builder().accessTokenLifetime(THIRTY_DAYS).build();
        String token = patient.issue("alice", CLIENT).accessToken();
        clock.advance(Duration.ofDays(14 + 1));
        assertEquals(1, patient.purgeExpiredSessions());

        assertRefused(Reason.SESSION_ENDED, patient, token);
    }

    @Test
    void aSessionOfAnotherUserIsReportedAsEnded() {
        for (String other : List.of("mallory", "Alice", "alice ", "alic\u0435")) {
            IssuedTokens issued = service.issue("alice", CLIENT);
            String id = issued.session().id();
            records.delete("alice", Set.of(id));
            records.create(TestSessions.record(other, id, START.plus(ONE_HOUR)), Admission.unconditional());

            assertRefused(Reason.SESSION_ENDED, service, issued.accessToken());
        }
    }

    @Test
    void anExpiredSessionOfAnotherUserIsReportedAsEnded() {
        IssuedTokens issued = service.issue("alice", CLIENT);
        String id = issued.session().id();
        records.delete("alice", Set.of(id));
        records.create(TestSessions.record("mallory", id, START), Admission.unconditional());

        assertRefused(Reason.SESSION_ENDED, service, issued.accessToken());
    }

    @Test
    void oneOfManyConcurrentRequestsRecordsTheActivityAndNoneWaitsForIt() throws Exception {
        int requests = 64;
        Phaser allHaveRead = new Phaser(requests);
        Phaser othersAreDone = new Phaser(requests);
        AtomicInteger touches = new AtomicInteger();
        SessionAwareTokenService busy = aServiceOn(new StoreWrapper(records) {
                    @Override
                    public Optional<SessionRecord> find(String userId, String sessionId) {
                        Optional<SessionRecord> found = super.find(userId, sessionId);
                        allHaveRead.arriveAndAwaitAdvance();
                        return found;
                    }

                    @Override
                    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                        touches.incrementAndGet();
                        othersAreDone.arriveAndAwaitAdvance();
                        return super.touch(seen, lastActiveAt, expiresAt);
                    }
                })
                .clock(clock)
                .build();
        String token = busy.issue("alice", CLIENT).accessToken();
        clock.advance(Duration.ofMinutes(1));

        Together.call(Collections.nCopies(requests, () -> {
            Session session = busy.validate(token).session();
            othersAreDone.arrive();
            return session;
        }));

        assertEquals(1, touches.get());
        assertEquals(
                START.plus(Duration.ofMinutes(1)), records.list("alice").get(0).lastActiveAt());
    }

    /** Two users may have sessions of one id. */
    @Test
    void activityOfAnotherUserIsRecordedEvenIfTheSessionIdsAreEqual() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        SessionAwareTokenService busy = aServiceOn(new StoreWrapper(records) {
                    @Override
                    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                        meanwhile.getAndSet(() -> {}).run();
                        return super.touch(seen, lastActiveAt, expiresAt);
                    }
                })
                .clock(clock)
                .build();
        IssuedTokens alices = busy.issue("alice", CLIENT);
        IssuedTokens bobs = busy.issue("bob", CLIENT);
        Map<String, String> claims = HostileTokens.claimsOf(bobs.accessToken());
        claims.put("sid", "\"" + alices.session().id() + "\"");
        records.create(
                TestSessions.record("bob", alices.session().id(), START.plus(ONE_HOUR)), Admission.unconditional());
        clock.advance(Duration.ofMinutes(1));

        meanwhile.set(() -> busy.validate(HostileTokens.rightly(claims)));
        busy.validate(alices.accessToken());

        for (String user : List.of("alice", "bob")) {
            assertEquals(
                    clock.instant(),
                    records.find(user, alices.session().id()).orElseThrow().lastActiveAt());
        }
    }

    @Test
    void anExpiredTokenIsRefusedBeforeItsSessionIsRead() {
        IssuedTokens issued = service.issue("alice", CLIENT);
        service.revokeAllSessions("alice");
        clock.advance(Duration.ofMinutes(15));
        store.reset();

        assertRefused(Reason.EXPIRED, service, issued.accessToken());
        assertEquals(0, store.calls());
    }

    private SessionAwareTokenServiceBuilder builder() {
        return aServiceOn(store).clock(clock);
    }

    private Instant lastActiveAfter(Duration pause) {
        clock.set(START);
        String token = service.issue("alice", CLIENT).accessToken();
        clock.advance(pause);
        Instant answered = service.validate(token).session().lastActiveAt();
        String id = service.validate(token).sessionId();
        assertEquals(answered, records.find("alice", id).orElseThrow().lastActiveAt());
        return answered;
    }

    private void assertBorder(SessionAwareTokenService service, String token, Instant border, Reason beyond) {
        clock.set(border.minusMillis(1));
        assertEquals("alice", service.validate(token).userId());
        clock.set(border);
        assertRefused(beyond, service, token);
        clock.set(border.plusMillis(1));
        assertRefused(beyond, service, token);
    }

    private static void assertRefused(Reason reason, SessionAwareTokenService service, String token) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> service.validate(token));
        assertEquals(reason, refusal.reason());
    }

    /** This library never writes nbf, but a token may carry it. */
    private static String notBefore(String token, Instant time) {
        String[] parts = token.split("\\.", -1);
        String payload = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        String later = payload.replace("}", ",\"nbf\":" + time.getEpochSecond() + "}");
        return RawSigner.mac("HmacSHA256", TestService.secret())
                .signEncoded(parts[0], RawSigner.encode(later.getBytes(UTF_8)));
    }

    private static final class TouchFails extends StoreWrapper {
        private final Throwable failure;

        TouchFails(SessionStore store, Throwable failure) {
            super(store);
            this.failure = failure;
        }

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            throw failure instanceof Error error ? rethrown(error) : (RuntimeException) failure;
        }

        private static RuntimeException rethrown(Error error) {
            throw error;
        }
    }
}
