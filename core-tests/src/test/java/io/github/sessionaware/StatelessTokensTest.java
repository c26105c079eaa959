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
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The migration from stateless tokens: which of them are accepted, how long, and how they become sessions. */
class StatelessTokensTest {
    private static final Algorithm KEY = Algorithm.HMAC256(TestService.secret());
    private static final RawSigner SIGNER = RawSigner.mac("HmacSHA256", TestService.secret());
    private static final Instant UNTIL = START.plus(Duration.ofDays(7));

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service =
            aServiceOn(store).clock(clock).acceptStatelessTokensUntil(UNTIL).build();

    /** The steps of the guide: before, the switch, the time of both, the end. */
    @Test
    void theFourStepsOfTheGuideWork() {
        String old = oldToken();
        SessionAwareTokenService notYet = aServiceOn(store).clock(clock).build();
        assertReason(Reason.WRONG_TYPE, notYet, old);

        assertReason(Reason.STATELESS, service, old);
        assertEquals("alice", service.validateStateless(old).userId());
        assertEquals(List.of(), service.listSessions("alice"));

        IssuedTokens migrated = service.migrateStateless(old, ClientInfo.unknown());
        assertEquals(
                migrated.session().id(),
                service.validate(migrated.accessToken()).sessionId());
        assertEquals(1, service.listSessions("alice").size());
        assertReason(Reason.STATELESS, service, old);

        clock.set(UNTIL);
        store.reset();
        assertReason(Reason.WRONG_TYPE, service, old);
        assertNotAccepted(Reason.EXPIRED, old);
        assertEquals(0, store.calls());
    }

    @Test
    void acceptanceEndsAtItsMillisecond() {
        String old = old().withExpiresAt(UNTIL.plusSeconds(60)).sign(KEY);
        clock.set(UNTIL.minusMillis(1));
        assertReason(Reason.STATELESS, service, old);
        clock.set(UNTIL);
        assertReason(Reason.WRONG_TYPE, service, old);
        assertNotAccepted(Reason.STATELESS, old);
    }

    /** "Now" ends acceptance at once, even if it was read from a finer clock. */
    @Test
    void theEndOfAcceptanceIsTruncatedToTheMillisecond() {
        SessionAwareTokenService over = aServiceOn(store)
                .clock(clock)
                .acceptStatelessTokensUntil(START.plusNanos(999_999))
                .build();

        assertReason(Reason.WRONG_TYPE, over, oldToken());
    }

    @Test
    void validatingAndRefusingCostNoStoreCall() {
        String old = oldToken();

        service.validateStateless(old);
        assertReason(Reason.STATELESS, service, old);

        assertEquals(0, store.calls());
    }

    @Test
    void aTokenOfASessionIsNotAccepted() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        service.validate(issued.accessToken());
        assertNotAccepted(Reason.WRONG_TYPE, issued.accessToken());

        service.revokeAllSessions("alice");
        assertReason(Reason.SESSION_ENDED, service, issued.accessToken());
        assertNotAccepted(Reason.WRONG_TYPE, issued.accessToken());
    }

    /** Renaming the claim must not revive a token whose session was revoked. */
    @Test
    void aTokenOfASessionIsNotAcceptedAfterTheClaimWasRenamed() {
        SessionAwareTokenService renamed = aServiceOn(store)
                .clock(clock)
                .sessionIdClaim("sessionId")
                .acceptStatelessTokensUntil(UNTIL)
                .build();
        String token = service.issue("alice", ClientInfo.unknown()).accessToken();
        service.revokeAllSessions("alice");

        assertThrows(InvalidTokenException.class, () -> renamed.migrateStateless(token, ClientInfo.unknown()));
        assertReason(Reason.MISSING_CLAIM, renamed, token);
        assertReason(Reason.STATELESS, renamed, oldToken());

        String ofRenamed = renamed.issue("alice", ClientInfo.unknown()).accessToken();
        assertNotAccepted(Reason.WRONG_TYPE, ofRenamed);
        SessionAwareTokenService ofEverybodysType = aServiceOn(store)
                .clock(clock)
                .sessionIdClaim("sessionId")
                .tokenType("JWT")
                .acceptStatelessTokensUntil(UNTIL)
                .build();
        String ofUsualClaim = aServiceOn(store)
                .clock(clock)
                .tokenType("JWT")
                .build()
                .issue("alice", ClientInfo.unknown())
                .accessToken();
        assertThrows(
                InvalidTokenException.class,
                () -> ofEverybodysType.migrateStateless(ofUsualClaim, ClientInfo.unknown()));
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
                .acceptStatelessTokensUntil(UNTIL)
                .build();
        String token = SIGNER.sign(header, payload());

        assertEquals("alice", ofAnotherType.validateStateless(token).userId());
        if (header.contains("at+jwt")) {
            assertNotAccepted(Reason.WRONG_TYPE, token);
        } else {
            assertEquals("alice", service.validateStateless(token).userId());
        }
    }

    /** A service whose own type is JWT cannot expect another type. */
    @Test
    void theTypeJwtIsAcceptedEvenIfItIsOurs() {
        SessionAwareTokenService ofThatType = aServiceOn(store)
                .clock(clock)
                .tokenType("JWT")
                .sessionIdClaim("sessionId")
                .acceptStatelessTokensUntil(UNTIL)
                .build();

        assertEquals("alice", ofThatType.validateStateless(oldToken()).userId());
        String token = ofThatType.issue("alice", ClientInfo.unknown()).accessToken();
        assertThrows(InvalidTokenException.class, () -> ofThatType.validateStateless(token));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"alg\":\"HS256\",\"typ\":\"id+jwt\"} | WRONG_TYPE",
                "{\"alg\":\"HS256\",\"typ\":\"jwt\"} | WRONG_TYPE",
                "{\"alg\":\"HS256\",\"typ\":\"\"} | WRONG_TYPE",
                "{\"alg\":\"HS256\",\"typ\":1} | WRONG_TYPE",
                "{\"alg\":\"HS256\",\"typ\":null} | WRONG_TYPE",
                "{\"alg\":\"none\",\"typ\":\"JWT\"} | UNKNOWN_KEY",
                "{\"alg\":\"HS512\",\"typ\":\"JWT\"} | UNKNOWN_KEY",
                "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"1\"} | UNKNOWN_KEY",
                "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"\"} | MALFORMED",
                "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"crit\":[\"exp\"]} | MALFORMED",
                "{\"typ\":\"JWT\"} | UNKNOWN_KEY"
            })
    void otherHeadersAreRefused(String header, Reason reason) {
        assertNotAccepted(reason, SIGNER.sign(header, payload()));
    }

    @Test
    void aStatelessTokenShowsItsClaimsAndNothingElse() {
        String old = old().withClaim("role", "admin")
                .withClaim("roles", List.of("a", "b"))
                .sign(KEY);

        StatelessToken token = service.validateStateless(old);

        assertEquals(START, token.issuedAt());
        assertEquals(Optional.of("admin"), token.claim("role", String.class));
        assertEquals(List.of("a", "b"), token.claimList("roles", String.class));
        assertEquals(
                Set.of("iss", "sub", "aud", "iat", "exp", "role", "roles"),
                token.claims().keySet());
        assertThrows(UnsupportedOperationException.class, () -> token.claims().clear());
        assertEquals("StatelessToken[userId=alice, issuedAt=2026-03-01T10:00:00Z]", token.toString());
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
            assertThrows(InvalidTokenException.class, () -> service.validateStateless(token), name);
            assertThrows(
                    InvalidTokenException.class, () -> service.migrateStateless(token, ClientInfo.unknown()), name);
            InvalidTokenException refusal =
                    assertThrows(InvalidTokenException.class, () -> service.validate(token), name);
            assertEquals(false, refusal.reason() == Reason.STATELESS, name);
        });
        assertEquals(0, store.calls());
    }

    /** Only tokens of sessions have these claims. */
    @Test
    void aTokenWithASessionIdOrAGenerationIsNotStateless() {
        assertNotAccepted(
                Reason.MALFORMED, old().withClaim("sid", "A".repeat(24)).sign(KEY));
        assertNotAccepted(Reason.MALFORMED, old().withClaim("sid_gen", 2).sign(KEY));
        assertEquals(0, store.calls());
    }

    @Test
    void oneAudienceAmongSeveralIsEnough() {
        String token = old().withAudience("https://other.example", ISSUER).sign(KEY);

        assertEquals("alice", service.validateStateless(token).userId());
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
                InvalidTokenException.class, () -> service.validateStateless(SIGNER.sign("{\"alg\":\"HS256\"}", odd)));
    }

    /** Some issuers mean "never". */
    @Test
    void theLastSecondOfTheYear9999IsAccepted() {
        assertEquals(
                "alice",
                service.validateStateless(old().withExpiresAt(Instant.ofEpochSecond(253_402_300_799L))
                                .sign(KEY))
                        .userId());
    }

    @Test
    void anExpiredOrForeignTokenIsRefused() {
        String old = oldToken();
        assertNotAccepted(
                Reason.BAD_SIGNATURE,
                old().sign(Algorithm.HMAC256("another secret of 32 bytes or so".getBytes(UTF_8))));
        clock.set(START.plus(Duration.ofDays(1)));
        assertNotAccepted(Reason.EXPIRED, old);
        assertReason(Reason.EXPIRED, service, old);
        assertNotAccepted(Reason.MISSING, null);
        assertNotAccepted(Reason.MALFORMED, "token");
        assertReason(Reason.MISSING, service, null);
    }

    @Test
    void aMigratedSessionWasAuthenticatedWhenItsTokenWasIssued() {
        String old = oldToken();
        clock.set(START.plus(Duration.ofHours(5)));

        IssuedTokens migrated = service.migrateStateless(old, ClientInfo.unknown());

        AuthenticatedSession current = service.validate(migrated.accessToken());
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
                service.migrateStateless(token, ClientInfo.unknown())
                        .session()
                        .authentication()
                        .time());
    }

    @Test
    void aTokenOlderThanTheAbsoluteTimeoutIsNotMigrated() {
        String token = old().withIssuedAt(START.minus(Duration.ofDays(30)))
                .withExpiresAt(START.plus(Duration.ofDays(1)))
                .sign(KEY);
        assertEquals("alice", service.validateStateless(token).userId());

        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.migrateStateless(token, ClientInfo.unknown()));
        assertEquals(Reason.SESSION_EXPIRED, refusal.reason());
        assertEquals(1, store.calls());
    }

    @Test
    void migratingFollowsTheRulesOfALogin() {
        SessionAwareTokenService limited = aServiceOn(store)
                .clock(clock)
                .acceptStatelessTokensUntil(UNTIL)
                .refreshTokens(TestService.refreshSecret())
                .claimsOnRefresh((user, session) -> Map.of())
                .sessionLimit(new SessionLimit(1, AtLimit.REFUSE_LOGIN))
                .build();
        ClientInfo client = ClientInfo.builder().device("Firefox on Linux").build();

        IssuedTokens migrated = limited.migrateStateless(
                oldToken(), client, LoginOptions.defaults().withClaims(Map.of("role", "admin")));

        assertEquals(
                Optional.of("admin"), limited.validate(migrated.accessToken()).claim("role", String.class));
        assertEquals(client, migrated.session().client());
        limited.refresh(migrated.refreshToken(), client);
        String another = old().withJWTId("another").sign(KEY);
        assertThrows(SessionLimitExceededException.class, () -> limited.migrateStateless(another, client));
        assertThrows(NullPointerException.class, () -> limited.migrateStateless(oldToken(), null));
        assertThrows(NullPointerException.class, () -> limited.migrateStateless(oldToken(), client, null));
    }

    @Test
    void theChallengeDoesNotRevealTheReason() {
        assertEquals(
                new InvalidTokenException(Reason.WRONG_TYPE).wwwAuthenticate(),
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
                assertThrows(InvalidTokenException.class, () -> service.validateStateless(token))
                        .reason());
        assertEquals(
                reason,
                assertThrows(InvalidTokenException.class, () -> service.migrateStateless(token, ClientInfo.unknown()))
                        .reason());
    }

    private static void assertReason(Reason reason, SessionAwareTokenService service, String token) {
        assertEquals(
                reason,
                assertThrows(InvalidTokenException.class, () -> service.validate(token))
                        .reason());
    }
}
