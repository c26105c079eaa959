package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.auth0.jwt.JWT;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BuilderTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();
    private static final Duration ONE_HOUR = Duration.ofHours(1);

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore store = new ReferenceStore();

    static List<Arguments> nulls() {
        return List.of(
                setting("issuer", builder -> builder.issuer(null)),
                setting("audience", builder -> builder.audience(null)),
                setting("signingKey", builder -> builder.signingKey(null)),
                setting("sessionStore", builder -> builder.sessionStore(null)),
                setting("sessionIdClaim", builder -> builder.sessionIdClaim(null)),
                setting("tokenType", builder -> builder.tokenType(null)),
                setting("accessTokenLifetime", builder -> builder.accessTokenLifetime(null)),
                setting("idleTimeout", builder -> builder.idleTimeout(null)),
                setting("absoluteTimeout", builder -> builder.absoluteTimeout(null)),
                setting("activityInterval", builder -> builder.activityInterval(null)),
                setting("leeway", builder -> builder.leeway(null)),
                setting("sessionLimit", builder -> builder.sessionLimit((SessionLimit) null)),
                setting(
                        "sessionLimit",
                        builder -> builder.sessionLimit((BiFunction<String, String, SessionLimit>) null)),
                setting("listener", builder -> builder.listener(null)),
                setting("metrics", builder -> builder.metrics(null)),
                setting("clock", builder -> builder.clock(null)),
                setting("secureRandom", builder -> builder.secureRandom(null)));
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void nullIsRefusedByName(String name, Consumer<SessionAwareTokenServiceBuilder> set) {
        SessionAwareTokenServiceBuilder builder = builder();

        assertEquals(
                name,
                assertThrows(NullPointerException.class, () -> set.accept(builder))
                        .getMessage());
    }

    static List<Arguments> outOfRange() {
        Duration tooLong = Duration.ofDays(3650).plusNanos(1);
        Duration huge = Duration.ofSeconds(Long.MAX_VALUE);
        String span = " must be 1 ms to 3650 days, was ";
        return List.of(
                setting("issuer must not be blank", builder -> builder.issuer("")),
                setting("issuer must not be blank", builder -> builder.issuer(" \t")),
                setting("issuer must not be over 255 code points", builder -> builder.issuer("x".repeat(256))),
                setting(
                        "issuer must not contain control characters or lone surrogates",
                        builder -> builder.issuer("https://shop.example/\ud800")),
                setting("audience must not be blank", builder -> builder.audience("")),
                setting("audience must not be over 255 code points", builder -> builder.audience("x".repeat(256))),
                setting(
                        "audience must not contain control characters or lone surrogates",
                        builder -> builder.audience("x\n")),
                setting("sessionIdClaim must not be blank", builder -> builder.sessionIdClaim(" ")),
                setting(
                        "sessionIdClaim must not contain control characters or lone surrogates",
                        builder -> builder.sessionIdClaim("\ud800")),
                setting("tokenType must not be blank", builder -> builder.tokenType("")),
                setting(
                        "tokenType must not contain control characters or lone surrogates",
                        builder -> builder.tokenType("\ud800")),
                setting(
                        "sessionIdClaim must not be sub: that claim has another meaning",
                        builder -> builder.sessionIdClaim("sub")),
                setting(
                        "sessionIdClaim must not be nbf: that claim has another meaning",
                        builder -> builder.sessionIdClaim("nbf")),
                setting(
                        "sessionIdClaim must not be sid_gen: that claim has another meaning",
                        builder -> builder.sessionIdClaim("sid_gen")),
                setting(
                        "accessTokenLifetime must be 1 s to 3650 days, was PT0.999S",
                        builder -> builder.accessTokenLifetime(Duration.ofMillis(999))),
                setting(
                        "accessTokenLifetime must be 1 s to 3650 days, was PT0S",
                        builder -> builder.accessTokenLifetime(Duration.ZERO)),
                setting(
                        "accessTokenLifetime must be 1 s to 3650 days, was PT-15M",
                        builder -> builder.accessTokenLifetime(Duration.ofMinutes(-15))),
                setting(
                        "accessTokenLifetime must be 1 s to 3650 days, was " + tooLong,
                        builder -> builder.accessTokenLifetime(tooLong)),
                setting("idleTimeout" + span + "PT0S", builder -> builder.idleTimeout(Duration.ZERO)),
                setting("idleTimeout" + span + "PT-1H", builder -> builder.idleTimeout(ONE_HOUR.negated())),
                setting("idleTimeout" + span + huge, builder -> builder.idleTimeout(huge)),
                setting("absoluteTimeout" + span + "PT0S", builder -> builder.absoluteTimeout(Duration.ZERO)),
                setting("absoluteTimeout" + span + "PT-1H", builder -> builder.absoluteTimeout(ONE_HOUR.negated())),
                setting("absoluteTimeout" + span + tooLong, builder -> builder.absoluteTimeout(tooLong)),
                setting("absoluteTimeout" + span + huge, builder -> builder.absoluteTimeout(huge)),
                setting("activityInterval" + span + "PT0S", builder -> builder.activityInterval(Duration.ZERO)),
                setting(
                        "activityInterval" + span + "PT0.000999999S",
                        builder -> builder.activityInterval(Duration.ofNanos(999_999))),
                setting("leeway must be 0 to 60 s, was PT-0.001S", builder -> builder.leeway(Duration.ofMillis(-1))),
                setting(
                        "leeway must be 0 to 60 s, was PT1M0.001S",
                        builder -> builder.leeway(Duration.ofMillis(60_001))),
                setting("leeway must be 0 to 60 s, was " + huge, builder -> builder.leeway(huge)),
                setting(
                        "verifiedTokenCacheSize must not be negative, was -1",
                        builder -> builder.verifiedTokenCacheSize(-1)));
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void aValueOutOfRangeIsRefusedWithTheRule(String message, Consumer<SessionAwareTokenServiceBuilder> set) {
        SessionAwareTokenServiceBuilder builder = builder();

        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> set.accept(builder))
                        .getMessage());
    }

    @Test
    void valuesAtTheBordersAreAccepted() {
        SessionAwareTokenService least = builder()
                .accessTokenLifetime(Duration.ofSeconds(1))
                .activityInterval(Duration.ofMillis(1))
                .idleTimeout(Duration.ofMillis(2))
                .absoluteTimeout(Duration.ofSeconds(1))
                .leeway(Duration.ZERO)
                .build();
        SessionAwareTokenService most = builder()
                .issuer("x".repeat(255))
                .audience("x".repeat(255))
                .sessionIdClaim("x".repeat(255))
                .tokenType("x".repeat(255))
                .accessTokenLifetime(Duration.ofDays(3650))
                .idleTimeout(Duration.ofDays(3650))
                .absoluteTimeout(Duration.ofDays(3650))
                .activityInterval(Duration.ofDays(3650).minusMillis(1))
                .leeway(Duration.ofSeconds(60))
                .build();

        for (SessionAwareTokenService service : List.of(least, most)) {
            assertEquals("alice", service.validate(tokenOf(service)).userId());
        }
    }

    @Test
    void aMissingSettingIsNamed() {
        SigningKey key = SigningKey.hmac256(TestService.secret());

        assertIncomplete(
                "issuer is missing: call issuer(...) before build()",
                SessionAwareTokenService.builder().signingKey(key).sessionStore(store));
        assertIncomplete(
                "The keys are missing: call signingKey(...) or keyRing(...) before build()",
                SessionAwareTokenService.builder().issuer(ISSUER).sessionStore(store));
        assertIncomplete(
                "sessionStore is missing: call sessionStore(...) before build()",
                SessionAwareTokenService.builder().issuer(ISSUER).signingKey(key));
    }

    @Test
    void conflictingSettingsAreBothNamedInEitherOrder() {
        Duration justOver = ONE_HOUR.plusMillis(1);
        String idle = "idleTimeout (PT1H0.001S) must not be longer than absoluteTimeout (PT1H)";
        assertIncomplete(idle, builder().idleTimeout(justOver).absoluteTimeout(ONE_HOUR));
        assertIncomplete(idle, builder().absoluteTimeout(ONE_HOUR).idleTimeout(justOver));

        String token = "accessTokenLifetime (PT1H0.001S) must not be longer than absoluteTimeout (PT1H)";
        assertIncomplete(
                token,
                builder().accessTokenLifetime(justOver).idleTimeout(ONE_HOUR).absoluteTimeout(ONE_HOUR));
        assertIncomplete(
                token, builder().absoluteTimeout(ONE_HOUR).idleTimeout(ONE_HOUR).accessTokenLifetime(justOver));

        String interval =
                "activityInterval (PT1H) must be less than idleTimeout (PT1H), or active sessions would expire";
        assertIncomplete(interval, builder().activityInterval(ONE_HOUR).idleTimeout(ONE_HOUR));
        assertIncomplete(interval, builder().idleTimeout(ONE_HOUR).activityInterval(ONE_HOUR));
    }

    /** Two nodes whose clocks differ by the leeway would end a session for a retry. */
    @Test
    void leewayIsAtMostTheGraceWindowOfRefreshTokens() {
        String rule = " must not be longer than refreshGraceWindow (%s): a node whose clock is ahead by more than the"
                + " window would treat a retry as reuse, and end the session";
        Duration window = Duration.ofSeconds(30);
        Duration justOver = window.plusMillis(1);
        String message = "leeway (PT30.001S)" + rule.formatted("PT30S");
        assertIncomplete(message, refreshing().leeway(justOver).refreshGraceWindow(window));
        assertIncomplete(message, refreshing().refreshGraceWindow(window).leeway(justOver));
        assertIncomplete(
                "leeway (PT10.001S)" + rule.formatted("PT10S"), refreshing().leeway(Duration.ofMillis(10_001)));

        refreshing().leeway(window).refreshGraceWindow(window).build();
        refreshing().leeway(window.minusMillis(1)).refreshGraceWindow(window).build();
        refreshing().leeway(Duration.ofSeconds(10)).build();
    }

    @Test
    void leewayIsFreeWithoutAGraceWindowOrRefreshTokens() {
        builder().leeway(Duration.ofSeconds(60)).build();
        refreshing()
                .leeway(Duration.ofSeconds(60))
                .refreshGraceWindow(Duration.ZERO)
                .build();
    }

    private SessionAwareTokenServiceBuilder refreshing() {
        return builder().refreshTokens(TestService.refreshSecret());
    }

    @Test
    void aShorterAbsoluteTimeoutAloneConflictsWithTheDefaults() {
        assertIncomplete(
                "idleTimeout (PT336H) must not be longer than absoluteTimeout (PT1H)",
                builder().absoluteTimeout(ONE_HOUR));
    }

    @Test
    void theDefaultClockIsTheSystemClock() {
        Instant before = Instant.ofEpochMilli(Clock.systemUTC().millis());
        Session session = aServiceOn(store).build().issue("alice", CLIENT).session();

        assertFalse(session.createdAt().isBefore(before));
        assertFalse(session.createdAt().isAfter(Clock.systemUTC().instant()));
    }

    @Test
    void theDefaultRandomDoesNotRepeatItself() {
        assertNotEquals(
                builder().build().issue("alice", CLIENT).session().id(),
                builder().build().issue("alice", CLIENT).session().id());
    }

    @Test
    void theOrderOfCallsDoesNotMatter() {
        SigningKey key = SigningKey.hmac256(TestService.secret());
        SessionAwareTokenService one = SessionAwareTokenService.builder()
                .issuer(ISSUER)
                .audience("https://api.example")
                .signingKey(key)
                .sessionStore(store)
                .clock(clock)
                .absoluteTimeout(Duration.ofHours(3))
                .idleTimeout(Duration.ofHours(2))
                .accessTokenLifetime(ONE_HOUR)
                .build();
        SessionAwareTokenService other = SessionAwareTokenService.builder()
                .accessTokenLifetime(ONE_HOUR)
                .idleTimeout(Duration.ofHours(2))
                .absoluteTimeout(Duration.ofHours(3))
                .clock(clock)
                .sessionStore(store)
                .signingKey(key)
                .audience("https://api.example")
                .issuer(ISSUER)
                .build();

        assertEquals("alice", one.validate(tokenOf(other)).userId());
        assertEquals("alice", other.validate(tokenOf(one)).userId());
        assertEquals(
                one.issue("alice", CLIENT).session().expiresAt(),
                other.issue("alice", CLIENT).session().expiresAt());
    }

    @Test
    void theLastValueOfASettingCounts() {
        SessionAwareTokenService service = builder()
                .issuer("https://first.example")
                .issuer("https://last.example")
                .build();

        assertEquals("https://last.example", JWT.decode(tokenOf(service)).getIssuer());
        assertEquals(
                List.of("https://last.example"), JWT.decode(tokenOf(service)).getAudience());
    }

    @Test
    void aRefusedValueKeepsTheFormerOne() {
        SessionAwareTokenServiceBuilder builder = builder();
        assertThrows(IllegalArgumentException.class, () -> builder.issuer(" "));
        assertThrows(IllegalArgumentException.class, () -> builder.sessionIdClaim("sub"));
        assertThrows(IllegalArgumentException.class, () -> builder.accessTokenLifetime(Duration.ofDays(9_999)));

        DecodedJWT token = JWT.decode(tokenOf(builder.build()));

        assertEquals(ISSUER, token.getIssuer());
        assertFalse(token.getClaim("sid").isMissing());
        assertEquals(START.plus(Duration.ofMinutes(15)), token.getExpiresAtAsInstant());
    }

    static List<Arguments> laterChanges() {
        Instant longAgo = Instant.EPOCH;
        return List.of(
                setting("issuer", builder -> builder.issuer("https://other.example")),
                setting("audience", builder -> builder.audience("https://other.example")),
                setting(
                        "signingKey",
                        builder -> builder.signingKey(SigningKey.of(JwsAlgorithm.HS512, TestKeys.secret(64)))),
                setting("sessionStore", builder -> builder.sessionStore(new ReferenceStore())),
                setting("sessionIdClaim", builder -> builder.sessionIdClaim("other")),
                setting("tokenType", builder -> builder.tokenType("other")),
                setting("accessTokenLifetime", builder -> builder.accessTokenLifetime(Duration.ofDays(1))),
                setting("idleTimeout", builder -> builder.idleTimeout(Duration.ofDays(1))),
                setting(
                        "absoluteTimeout",
                        builder -> builder.absoluteTimeout(ONE_HOUR)
                                .idleTimeout(ONE_HOUR)
                                .accessTokenLifetime(ONE_HOUR)),
                setting("activityInterval", builder -> builder.activityInterval(Duration.ofMillis(1))),
                setting("leeway", builder -> builder.leeway(Duration.ofSeconds(60))),
                setting("maxStaleness", builder -> builder.maxStaleness(Duration.ofSeconds(60))),
                setting("clock", builder -> builder.clock(Clock.fixed(longAgo, ZoneOffset.UTC))),
                setting("secureRandom", builder -> builder.secureRandom(new AlwaysZero())));
    }

    @ParameterizedTest
    @MethodSource("laterChanges")
    void laterChangesOfTheBuilderDoNotReachABuiltService(
            String setting, Consumer<SessionAwareTokenServiceBuilder> change) {
        SessionAwareTokenServiceBuilder builder = builder();
        SessionAwareTokenService first = builder.build();
        String before = tokenOf(first);

        change.accept(builder);
        SessionAwareTokenService second = builder.build();
        second.issue("bob", CLIENT);

        String after = tokenOf(first);
        assertEquals(described(before), described(after));
        assertNotEquals(JWT.decode(before).getId(), JWT.decode(after).getId());
        assertEquals(2, first.listSessions("alice").size());
        assertEquals(START, first.validate(before).session().lastActiveAt());
        clock.set(START.plusMillis(1));
        assertEquals(START, first.validate(before).session().lastActiveAt());
        clock.set(START.plus(Duration.ofMinutes(15)).minusMillis(1));
        assertEquals(
                START.plus(Duration.ofMinutes(15)).minusMillis(1).plus(Duration.ofDays(14)),
                first.validate(before).session().expiresAt());
        clock.set(START.plus(Duration.ofMinutes(15)));
        assertRefused(Reason.EXPIRED, first, before);
        assertRefused(Reason.EXPIRED, first, after);
    }

    @Test
    void twoServicesOfOneBuilderShareNoState() {
        SessionAwareTokenServiceBuilder builder = builder();
        SessionAwareTokenService first = builder.build();
        FakeClock laterClock = new FakeClock(START.plus(Duration.ofMinutes(15)));
        SessionAwareTokenService second = builder.clock(laterClock).build();
        String token = tokenOf(first);

        assertRefused(Reason.EXPIRED, second, token);
        assertEquals("alice", first.validate(token).userId());
    }

    private SessionAwareTokenServiceBuilder builder() {
        return aServiceOn(store).clock(clock);
    }

    private static Arguments setting(String name, Consumer<SessionAwareTokenServiceBuilder> set) {
        return Arguments.of(name, Named.of("set", set));
    }

    private static String tokenOf(SessionAwareTokenService service) {
        return service.issue("alice", CLIENT).accessToken();
    }

    private static List<Object> described(String token) {
        DecodedJWT decoded = JWT.decode(token);
        return List.of(
                decoded.getHeader(),
                decoded.getIssuer(),
                decoded.getAudience(),
                decoded.getClaims().keySet(),
                decoded.getIssuedAtAsInstant(),
                decoded.getExpiresAtAsInstant());
    }

    private static void assertIncomplete(String message, SessionAwareTokenServiceBuilder builder) {
        assertEquals(
                message,
                assertThrows(IllegalStateException.class, builder::build).getMessage());
    }

    private static void assertRefused(Reason reason, SessionAwareTokenService service, String token) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> service.validate(token));
        assertEquals(reason, refusal.reason());
    }

    private static final class AlwaysZero extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
