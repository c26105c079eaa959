package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The migration from stateless tokens: which of them are accepted, how long, and how they become sessions. */
class TokensWithoutSessionTest {
    private static final Algorithm KEY = Algorithm.HMAC256(TestService.secret());
    private static final RawSigner SIGNER = RawSigner.mac("HmacSHA256", TestService.secret());
    private static final Instant UNTIL = START.plus(Duration.ofDays(7));

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = aServiceOn(store)
            .clock(clock)
            .acceptTokensWithoutSessionUntil(UNTIL)
            .build();

    /** The steps of the guide: before, the switch, the time of both, the end. */
    @Test
    void theFourStepsOfTheGuideWork() {
        String old = oldToken();
        SessionAwareTokenService notYet = aServiceOn(store).clock(clock).build();
        assertReason(Reason.NOT_OURS, notYet, old);

        assertReason(Reason.WITHOUT_SESSION, service, old);
        assertEquals("alice", service.validateWithoutSession(old).getSubject());
        assertEquals(List.of(), service.listSessions("alice"));

        IssuedTokens adopted = service.adopt(old, ClientInfo.unknown());
        assertEquals(
                adopted.session().id(), service.validate(adopted.accessToken()).sessionId());
        assertEquals(1, service.listSessions("alice").size());
        assertReason(Reason.WITHOUT_SESSION, service, old);

        clock.set(UNTIL);
        store.reset();
        assertReason(Reason.NOT_OURS, service, old);
        assertNotAccepted(Reason.NOT_OURS, old);
        assertEquals(0, store.calls());
    }

    @Test
    void acceptanceEndsAtItsMillisecond() {
        String old = old().withExpiresAt(UNTIL.plusSeconds(60)).sign(KEY);
        clock.set(UNTIL.minusMillis(1));
        assertReason(Reason.WITHOUT_SESSION, service, old);
        clock.set(UNTIL);
        assertReason(Reason.NOT_OURS, service, old);
    }

    /** "Now" ends acceptance at once, even if it was read from a finer clock. */
    @Test
    void theEndOfAcceptanceIsTruncatedToTheMillisecond() {
        SessionAwareTokenService over = aServiceOn(store)
                .clock(clock)
                .acceptTokensWithoutSessionUntil(START.plusNanos(999_999))
                .build();

        assertReason(Reason.NOT_OURS, over, oldToken());
    }

    @Test
    void validatingAndRefusingCostNoStoreCall() {
        String old = oldToken();

        service.validateWithoutSession(old);
        assertReason(Reason.WITHOUT_SESSION, service, old);

        assertEquals(0, store.calls());
    }

    @Test
    void aTokenOfASessionIsNotAccepted() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        service.validate(issued.accessToken());
        assertNotAccepted(Reason.NOT_OURS, issued.accessToken());

        service.revokeAllSessions("alice");
        assertReason(Reason.SESSION_ENDED, service, issued.accessToken());
        assertNotAccepted(Reason.NOT_OURS, issued.accessToken());
    }

    /** Renaming the claim must not revive a token whose session was revoked. */
    @Test
    void aTokenOfASessionIsNotAcceptedAfterTheClaimWasRenamed() {
        SessionAwareTokenService renamed = aServiceOn(store)
                .clock(clock)
                .sessionIdClaim("sessionId")
                .acceptTokensWithoutSessionUntil(UNTIL)
                .build();
        String token = service.issue("alice", ClientInfo.unknown()).accessToken();
        service.revokeAllSessions("alice");

        assertThrows(InvalidTokenException.class, () -> renamed.adopt(token, ClientInfo.unknown()));
        assertReason(Reason.MALFORMED, renamed, token);
        assertReason(Reason.WITHOUT_SESSION, renamed, oldToken());

        String ofRenamed = renamed.issue("alice", ClientInfo.unknown()).accessToken();
        assertNotAccepted(Reason.NOT_OURS, ofRenamed);
        SessionAwareTokenService ofEverybodysType = aServiceOn(store)
                .clock(clock)
                .sessionIdClaim("sessionId")
                .tokenType("JWT")
                .acceptTokensWithoutSessionUntil(UNTIL)
                .build();
        String ofUsualClaim = aServiceOn(store)
                .clock(clock)
                .tokenType("JWT")
                .build()
                .issue("alice", ClientInfo.unknown())
                .accessToken();
        assertThrows(InvalidTokenException.class, () -> ofEverybodysType.adopt(ofUsualClaim, ClientInfo.unknown()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                "{\"alg\":\"HS256\"}",
                "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}"
            })
    void commonTypesAreAcceptedUnlessTheyAreOurs(String header) {
        SessionAwareTokenService ofAnotherType = aServiceOn(store)
                .clock(clock)
                .tokenType("session+jwt")
                .acceptTokensWithoutSessionUntil(UNTIL)
                .build();
        String token = SIGNER.sign(header, payload());

        assertEquals("alice", ofAnotherType.validateWithoutSession(token).getSubject());
        if (header.contains("at+jwt")) {
            assertNotAccepted(Reason.NOT_OURS, token);
        } else {
            assertEquals("alice", service.validateWithoutSession(token).getSubject());
        }
    }

    /** A service whose own type is JWT cannot expect another type. */
    @Test
    void theTypeJwtIsAcceptedEvenIfItIsOurs() {
        SessionAwareTokenService ofThatType = aServiceOn(store)
                .clock(clock)
                .tokenType("JWT")
                .sessionIdClaim("sessionId")
                .acceptTokensWithoutSessionUntil(UNTIL)
                .build();

        assertEquals("alice", ofThatType.validateWithoutSession(oldToken()).getSubject());
        String token = ofThatType.issue("alice", ClientInfo.unknown()).accessToken();
        assertThrows(InvalidTokenException.class, () -> ofThatType.validateWithoutSession(token));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\",\"typ\":\"id+jwt\"}",
                "{\"alg\":\"HS256\",\"typ\":\"jwt\"}",
                "{\"alg\":\"HS256\",\"typ\":\"\"}",
                "{\"alg\":\"HS256\",\"typ\":1}",
                "{\"alg\":\"HS256\",\"typ\":null}",
                "{\"alg\":\"none\",\"typ\":\"JWT\"}",
                "{\"alg\":\"HS512\",\"typ\":\"JWT\"}",
                "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"1\"}",
                "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"\"}",
                "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"crit\":[\"exp\"]}",
                "{\"typ\":\"JWT\"}"
            })
    void otherHeadersAreRefused(String header) {
        assertNotAccepted(Reason.NOT_OURS, SIGNER.sign(header, payload()));
    }

    @Test
    void everyDecidingClaimMustBeRight() {
        Map<String, UnaryOperator<JWTCreator.Builder>> wrong = Map.of(
                "issuer", token -> token.withIssuer("https://other.example"),
                "audience", token -> token.withAudience("https://other.example"),
                "no audience", token -> token.withAudience((String[]) null),
                "not yet", token -> token.withNotBefore(START.plusSeconds(1)),
                "blank user", token -> token.withSubject(" "),
                "user with a line break", token -> token.withSubject("al\nice"),
                "long user", token -> token.withSubject("a".repeat(256)),
                "no user", token -> token.withSubject(null),
                "no expiry", token -> token.withExpiresAt((Instant) null),
                "no time of issue", token -> token.withIssuedAt((Instant) null));
        wrong.forEach((name, change) -> {
            String token = change.apply(old()).sign(KEY);
            assertThrows(InvalidTokenException.class, () -> service.validateWithoutSession(token), name);
            assertThrows(InvalidTokenException.class, () -> service.adopt(token, ClientInfo.unknown()), name);
            InvalidTokenException refusal =
                    assertThrows(InvalidTokenException.class, () -> service.validate(token), name);
            assertEquals(false, refusal.reason() == Reason.WITHOUT_SESSION, name);
        });
        assertEquals(0, store.calls());
    }

    @Test
    void oneAudienceAmongSeveralIsEnough() {
        String token = old().withAudience("https://other.example", ISSUER).sign(KEY);

        assertEquals("alice", service.validateWithoutSession(token).getSubject());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[1]",
                "[null]",
                "[\"https://shop.example\",1]",
                "[[\"https://shop.example\"]]",
                "{\"https://shop.example\":1}",
                "null",
                "1"
            })
    void anAudienceOfAnotherFormIsRefused(String audience) {
        String odd = payload().replace("\"" + ISSUER + "\",\"exp\"", audience + ",\"exp\"");
        assertEquals(true, odd.contains(audience));

        assertThrows(
                InvalidTokenException.class,
                () -> service.validateWithoutSession(SIGNER.sign("{\"alg\":\"HS256\"}", odd)));
    }

    /** Some issuers mean "never". */
    @Test
    void theLastSecondOfTheYear9999IsAccepted() {
        assertEquals(
                "alice",
                service.validateWithoutSession(old().withExpiresAt(Instant.ofEpochSecond(253_402_300_799L))
                                .sign(KEY))
                        .getSubject());
    }

    @Test
    void anExpiredOrForeignTokenIsRefused() {
        String old = oldToken();
        assertNotAccepted(
                Reason.NOT_OURS, old().sign(Algorithm.HMAC256("another secret of 32 bytes or so".getBytes(UTF_8))));
        clock.set(START.plus(Duration.ofDays(1)));
        assertNotAccepted(Reason.EXPIRED, old);
        assertReason(Reason.EXPIRED, service, old);
        assertNotAccepted(Reason.MISSING, null);
        assertNotAccepted(Reason.MALFORMED, "token");
        assertReason(Reason.MISSING, service, null);
    }

    @Test
    void anAdoptedSessionWasAuthenticatedWhenItsTokenWasIssued() {
        String old = oldToken();
        clock.set(START.plus(Duration.ofHours(5)));

        IssuedTokens adopted = service.adopt(old, ClientInfo.unknown());

        AuthenticatedSession current = service.validate(adopted.accessToken());
        assertEquals(START, current.session().authentication().time());
        assertEquals(START.plus(Duration.ofHours(5)), current.session().createdAt());
        assertThrows(
                ReauthenticationRequiredException.class,
                () -> current.requireAuthenticatedWithin(Duration.ofHours(5).minusMillis(1)));
        current.requireAuthenticatedWithin(Duration.ofHours(5));
    }

    @Test
    void aTokenFromTheFutureCountsAsIssuedNow() {
        String token = old().withIssuedAt(START.plusSeconds(3600)).sign(KEY);

        assertEquals(
                START,
                service.adopt(token, ClientInfo.unknown())
                        .session()
                        .authentication()
                        .time());
    }

    @Test
    void aTokenOlderThanTheAbsoluteTimeoutIsNotAdopted() {
        String token = old().withIssuedAt(START.minus(Duration.ofDays(30)))
                .withExpiresAt(START.plus(Duration.ofDays(1)))
                .sign(KEY);
        assertEquals("alice", service.validateWithoutSession(token).getSubject());

        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.adopt(token, ClientInfo.unknown()));
        assertEquals(Reason.SESSION_EXPIRED, refusal.reason());
        assertEquals(0, store.calls());
    }

    @Test
    void adoptingFollowsTheRulesOfALogin() {
        SessionAwareTokenService limited = aServiceOn(store)
                .clock(clock)
                .acceptTokensWithoutSessionUntil(UNTIL)
                .refreshTokens(TestService.refreshSecret())
                .sessionLimit(new SessionLimit(1, AtLimit.REFUSE_LOGIN))
                .build();
        ClientInfo client = ClientInfo.builder().device("Firefox on Linux").build();

        IssuedTokens adopted =
                limited.adopt(oldToken(), client, LoginOptions.none().withClaims(Map.of("role", "admin")));

        DecodedJWT token = limited.validate(adopted.accessToken()).token();
        assertEquals("admin", token.getClaim("role").asString());
        assertEquals(client, adopted.session().client());
        limited.refresh(adopted.refreshToken(), client);
        assertThrows(SessionLimitExceededException.class, () -> limited.adopt(oldToken(), client));
        assertThrows(NullPointerException.class, () -> limited.adopt(oldToken(), null));
        assertThrows(NullPointerException.class, () -> limited.adopt(oldToken(), client, null));
    }

    @Test
    void theChallengeDoesNotRevealTheReason() {
        assertEquals(
                new InvalidTokenException(Reason.NOT_OURS).wwwAuthenticate(),
                assertThrows(InvalidTokenException.class, () -> service.validate(oldToken()))
                        .wwwAuthenticate());
    }

    private static String oldToken() {
        return old().sign(KEY);
    }

    /** With the header that java-jwt writes by default. */
    private static JWTCreator.Builder old() {
        return JWT.create()
                .withIssuer(ISSUER)
                .withSubject("alice")
                .withAudience(ISSUER)
                .withIssuedAt(START)
                .withExpiresAt(START.plus(Duration.ofDays(1)));
    }

    private static String payload() {
        return "{\"iss\":\"%s\",\"sub\":\"alice\",\"aud\":\"%s\",\"exp\":%d,\"iat\":%d}"
                .formatted(ISSUER, ISSUER, START.plusSeconds(60).getEpochSecond(), START.getEpochSecond());
    }

    private void assertNotAccepted(Reason reason, String token) {
        assertEquals(
                reason,
                assertThrows(InvalidTokenException.class, () -> service.validateWithoutSession(token))
                        .reason());
        assertEquals(
                reason,
                assertThrows(InvalidTokenException.class, () -> service.adopt(token, ClientInfo.unknown()))
                        .reason());
    }

    private static void assertReason(Reason reason, SessionAwareTokenService service, String token) {
        assertEquals(
                reason,
                assertThrows(InvalidTokenException.class, () -> service.validate(token))
                        .reason());
    }
}
