package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One session gets further access tokens: for another organisation, for a download, for another service. */
class ReissueTest {
    private static final TokenOptions TICKET =
            TokenOptions.defaults().withType("ticket+jwt").withLifetime(Duration.ofSeconds(30));

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = aService().build();
    private final IssuedTokens login = service.issue("alice", ClientInfo.unknown());

    @Test
    void theNewTokenHasTheClaimsThatItWasGivenAndBelongsToTheSameSession() {
        IssuedTokens blue = service.reissue(current(), TokenOptions.defaults().withClaims(Map.of("org", "blue")));
        IssuedTokens red = service.reissue(
                service.validate(blue.accessToken()), TokenOptions.defaults().withClaims(Map.of("org", "red")));

        AuthenticatedSession validated = service.validate(red.accessToken());
        assertEquals(Optional.of("red"), validated.claim("org", String.class));
        assertEquals(login.session(), red.session());
        assertEquals(login.session().id(), validated.sessionId());
        assertEquals(Optional.empty(), service.validate(reissue().accessToken()).claim("org", String.class));
        assertNotEquals(
                JWT.decode(blue.accessToken()).getId(),
                JWT.decode(red.accessToken()).getId());
    }

    @Test
    void theSessionAndItsDeadlinesStayAsTheyAre() {
        List<SessionRecord> before = store.list("alice");
        AuthenticatedSession current = current();
        clock.advance(Duration.ofHours(5));

        IssuedTokens reissued = service.reissue(current, TokenOptions.defaults());

        assertEquals(before, store.list("alice"));
        assertEquals(login.session(), reissued.session());
        AuthenticatedSession validated = service.validate(reissued.accessToken());
        assertEquals(START, validated.session().authentication().time());
        assertThrows(
                ReauthenticationRequiredException.class,
                () -> validated.requireAuthenticatedWithin(Duration.ofHours(5).minusMillis(1)));
    }

    @Test
    void reissuingCostsOneReadAndNoWrite() {
        AuthenticatedSession current = current();
        clock.advance(Duration.ofHours(5));
        store.reset();

        service.reissue(current, TICKET.withClaims(Map.of("file", "a.pdf")).withAudience("https://files.example"));

        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
    }

    @Test
    void theOtherTokensOfTheSessionStayValid() {
        IssuedTokens first = reissue();
        IssuedTokens second = reissue();

        for (IssuedTokens tokens : List.of(login, first, second)) {
            assertEquals(
                    login.session().id(), service.validate(tokens.accessToken()).sessionId());
        }
    }

    @Test
    void thereIsNoNewRefreshTokenAndTheOneOfTheSessionStillWorks() {
        IssuedTokens reissued = reissue();

        assertNull(reissued.refreshToken());
        IssuedTokens next = service.refresh(login.refreshToken(), ClientInfo.unknown());
        service.validate(next.accessToken());
        service.validate(reissued.accessToken());
    }

    @Test
    void theNewTokenEndsWithTheSession() {
        IssuedTokens reissued = reissue();

        service.revoke(service.validate(reissued.accessToken()));

        assertRefused(Reason.SESSION_ENDED, service, reissued);
        assertRefused(Reason.SESSION_ENDED, service, login);
    }

    @Test
    void aRevokedSessionGetsNoNewToken() {
        AuthenticatedSession current = current();
        service.revokeAllSessions("alice");
        store.reset();

        assertEquals(
                Reason.SESSION_ENDED,
                assertThrows(InvalidTokenException.class, () -> service.reissue(current, TokenOptions.defaults()))
                        .reason());
        assertEquals(1, store.calls());
    }

    @Test
    void aTokenOfBeforeARenewedAuthenticationGetsNoNewToken() {
        AuthenticatedSession former = current();
        IssuedTokens renewed = service.reauthenticate(former);

        assertEquals(
                Reason.OTHER_GENERATION,
                assertThrows(InvalidTokenException.class, () -> service.reissue(former, TokenOptions.defaults()))
                        .reason());
        IssuedTokens next = service.reissue(service.validate(renewed.accessToken()), TokenOptions.defaults());
        assertEquals(login.session().id(), service.validate(next.accessToken()).sessionId());
    }

    @Test
    void aRenewedAuthenticationEndsTheReissuedTokensOfBefore() {
        IssuedTokens reissued = reissue();

        service.reauthenticate(service.validate(reissued.accessToken()));

        assertRefused(Reason.OTHER_GENERATION, service, reissued);
    }

    /** The session is idle at 14 days, and no token of it is accepted from then on. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void anIdleSessionGetsNoNewToken(int millis) {
        SessionAwareTokenService longTokens =
                aService().accessTokenLifetime(Duration.ofDays(30)).build();
        AuthenticatedSession current = longTokens.validate(login.accessToken());
        clock.set(login.session().expiresAt().plusMillis(millis));

        if (millis < 0) {
            longTokens.reissue(current, TokenOptions.defaults());
        } else {
            assertEquals(
                    Reason.SESSION_EXPIRED,
                    assertThrows(
                                    InvalidTokenException.class,
                                    () -> longTokens.reissue(current, TokenOptions.defaults()))
                            .reason());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theTokenNeverExpiresAfterTheAbsoluteDeadline(int millis) {
        SessionAwareTokenService brief = aService()
                .idleTimeout(Duration.ofHours(1))
                .absoluteTimeout(Duration.ofHours(1))
                .build();
        Instant deadline = START.plus(Duration.ofHours(1));
        AuthenticatedSession current =
                brief.validate(brief.issue("bob", ClientInfo.unknown()).accessToken());
        clock.set(deadline.minus(Duration.ofMinutes(15)).plusMillis(millis));

        IssuedTokens reissued = brief.reissue(current, TokenOptions.defaults());

        Instant expected = millis < 0 ? deadline.minusSeconds(1) : deadline;
        assertEquals(expected, reissued.accessTokenExpiresAt());
        assertEquals(expected, JWT.decode(reissued.accessToken()).getExpiresAtAsInstant());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void aShorterLifetimeEndsAtItsMillisecond(int millis) {
        IssuedTokens brief = service.reissue(current(), TokenOptions.defaults().withLifetime(Duration.ofSeconds(1)));
        assertEquals(START.plusSeconds(1), brief.accessTokenExpiresAt());

        clock.set(START.plusSeconds(1).plusMillis(millis));

        if (millis < 0) {
            service.validate(brief.accessToken());
        } else {
            assertRefused(Reason.EXPIRED, service, brief);
        }
        service.validate(login.accessToken());
    }

    /** Otherwise a thief with an access token renews it until the session ends. */
    @Test
    void aTokenMayExpireWithTheOneOfTheRequest() {
        clock.advance(Duration.ofMinutes(14));
        AuthenticatedSession current = current();
        Duration rest = Duration.between(
                current.validatedAt(), current.claim("exp", Instant.class).orElseThrow());

        IssuedTokens reissued = service.reissue(current, TokenOptions.defaults().withLifetime(rest));

        assertEquals(login.accessTokenExpiresAt(), reissued.accessTokenExpiresAt());
    }

    @Test
    void aLifetimeLongerThanTheServicesIsRefused() {
        AuthenticatedSession current = current();

        service.reissue(current, TokenOptions.defaults().withLifetime(Duration.ofMinutes(15)));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> service.reissue(
                                current,
                                TokenOptions.defaults()
                                        .withLifetime(Duration.ofMinutes(15).plusNanos(1))))
                .getMessage();

        assertTrue(message.startsWith("lifetime must not be longer than accessTokenLifetime (PT15M), was "), message);
        assertThrows(
                IllegalArgumentException.class,
                () -> service.reissue(
                        current, TokenOptions.defaults().withLifetime(Duration.ofSeconds(Long.MAX_VALUE))));
        for (Duration tooShort : List.of(Duration.ofMillis(999), Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> TokenOptions.defaults().withLifetime(tooShort));
        }
    }

    @Test
    void aTicketIsNoAccessTokenAndIsAcceptedByAServiceOfItsType() {
        SessionAwareTokenService downloads = aService().tokenType("ticket+jwt").build();
        IssuedTokens ticket = service.reissue(current(), TICKET.withClaims(Map.of("file", "a.pdf")));
        store.reset();

        assertRefused(Reason.WRONG_TYPE, service, ticket);
        assertEquals(0, store.calls());
        assertEquals(
                Optional.of("a.pdf"), downloads.validate(ticket.accessToken()).claim("file", String.class));
        assertRefused(Reason.WRONG_TYPE, downloads, login);

        service.revokeAllSessions("alice");
        assertRefused(Reason.SESSION_ENDED, downloads, ticket);
    }

    @Test
    void aTokenForAnotherAudienceIsRefusedHereAndAcceptedThere() {
        SessionAwareTokenService files =
                aService().audience("https://files.example").build();

        IssuedTokens forFiles =
                service.reissue(current(), TokenOptions.defaults().withAudience("https://files.example"));
        IssuedTokens forBoth =
                service.reissue(current(), TokenOptions.defaults().withAudience("https://files.example", ISSUER));

        assertRefused(Reason.WRONG_AUDIENCE, service, forFiles);
        assertEquals("alice", files.validate(forFiles.accessToken()).userId());
        assertEquals("alice", files.validate(forBoth.accessToken()).userId());
        assertEquals("alice", service.validate(forBoth.accessToken()).userId());
        assertRefused(Reason.WRONG_AUDIENCE, files, login);
    }

    @Test
    void theSessionOfAnotherServiceIsRefused() {
        for (SessionAwareTokenServiceBuilder other :
                List.of(aService().issuer("https://wiki.example"), aService().audience("https://api.example"))) {
            SessionAwareTokenService foreign = other.build();
            AuthenticatedSession current = foreign.validate(
                    foreign.issue("alice", ClientInfo.unknown()).accessToken());
            store.reset();

            assertThrows(IllegalArgumentException.class, () -> service.reissue(current, TokenOptions.defaults()));
            assertEquals(0, store.calls());
        }
    }

    @Test
    void aClaimThatIssueWouldRefuseIsRefused() {
        AuthenticatedSession current = current();

        for (Map<String, ?> refused : List.of(
                Map.of("sub", "bob"),
                Map.of("aud", ISSUER),
                Map.of("sid", "x"),
                Map.of("sid_gen", 2),
                Map.of("nbf", 1),
                Map.of("odd", new Object()),
                Map.of("long", "x".repeat(8_192)))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> service.reissue(current, TokenOptions.defaults().withClaims(refused)));
        }
        assertThrows(
                NullPointerException.class,
                () -> service.reissue(
                        current, TokenOptions.defaults().withClaims(Collections.singletonMap(null, "x"))));
    }

    /** A refresh would not drop the claims: the session's own tokens are made elsewhere. */
    @Test
    void claimsNeedNoClaimsOnRefresh() {
        assertEquals(
                Optional.of("blue"),
                service.validate(service.reissue(
                                        current(), TokenOptions.defaults().withClaims(Map.of("org", "blue")))
                                .accessToken())
                        .claim("org", String.class));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t", "a\nb", "\uD800", "a\u0000"})
    void aTypeOrAnAudienceOfAnotherFormIsRefused(String text) {
        TokenOptions options = TokenOptions.defaults();
        Class<? extends Exception> expected =
                text == null ? NullPointerException.class : IllegalArgumentException.class;

        assertThrows(expected, () -> options.withType(text));
        assertThrows(expected, () -> options.withAudience(text));
        assertThrows(expected, () -> options.withAudience(ISSUER, text));
        options.withAudience("a".repeat(255)).withType("a".repeat(255));
        assertThrows(IllegalArgumentException.class, () -> options.withAudience("a".repeat(256)));
        assertThrows(IllegalArgumentException.class, () -> options.withType("a".repeat(256)));
    }

    @Test
    void nullIsRefusedByName() {
        AuthenticatedSession current = current();
        store.reset();

        assertEquals("options", nameOfNull(() -> service.reissue(current, null)));
        assertEquals("current", nameOfNull(() -> service.reissue(null, TokenOptions.defaults())));
        assertEquals("claims", nameOfNull(() -> TokenOptions.defaults().withClaims(null)));
        assertEquals("lifetime", nameOfNull(() -> TokenOptions.defaults().withLifetime(null)));
        assertEquals("more", nameOfNull(() -> TokenOptions.defaults().withAudience(ISSUER, (String[]) null)));
        assertEquals(0, store.calls());
    }

    @Test
    void optionsAreCopiedAndImmutable() {
        Map<String, Object> claims = new HashMap<>(Map.of("org", "blue"));
        TokenOptions options = TokenOptions.defaults().withClaims(claims);
        claims.put("org", "red");
        options.withClaims(Map.of("org", "green"));

        assertEquals(
                Optional.of("blue"),
                service.validate(service.reissue(current(), options).accessToken())
                        .claim("org", String.class));
    }

    @Test
    void anOutageIsItsOwnAnswer() {
        AuthenticatedSession current = current();
        SessionAwareTokenService down = aService()
                .sessionStore(new StoreWrapper(store) {
                    @Override
                    protected void beforeRead() {
                        throw new SessionStoreException("down");
                    }
                })
                .build();

        assertThrows(SessionStoreException.class, () -> down.reissue(current, TokenOptions.defaults()));
    }

    private SessionAwareTokenServiceBuilder aService() {
        return aServiceOn(store).clock(clock).refreshTokens(TestService.refreshSecret());
    }

    private AuthenticatedSession current() {
        return service.validate(login.accessToken());
    }

    private IssuedTokens reissue() {
        return service.reissue(current(), TokenOptions.defaults());
    }

    private static String nameOfNull(Executable call) {
        return assertThrows(NullPointerException.class, call).getMessage();
    }

    private static void assertRefused(Reason reason, SessionAwareTokenService service, IssuedTokens tokens) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.validate(tokens.accessToken()));
        assertEquals(reason, refusal.reason());
    }
}
