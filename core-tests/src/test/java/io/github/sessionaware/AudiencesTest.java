package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens for several services, and a service whose issuer or audience has changed. */
class AudiencesTest {
    private static final String SHOP = "https://shop-api.example";
    private static final String FILES = "https://files.example";
    private static final String CHAT = "https://chat.example";
    private static final String FORMER = "https://old.example";

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());

    @Test
    void aTokenCarriesAllAudiencesAndEachServiceAcceptsIt() {
        String token = login(node(SHOP, FILES)).accessToken();

        assertEquals(List.of(SHOP, FILES), JWT.decode(token).getAudience());
        for (SessionAwareTokenService service :
                List.of(node(SHOP, FILES), node(FILES, SHOP), node(SHOP), node(FILES), node(CHAT, FILES))) {
            assertEquals("alice", service.validate(token).userId());
        }
        store.reset();
        assertRefused(Reason.WRONG_AUDIENCE, node(CHAT), token);
        assertRefused(Reason.WRONG_AUDIENCE, aService().build(), token);
        assertEquals(0, store.calls());
    }

    @Test
    void oneAudienceIsWrittenAsAText() {
        assertTrue(payload(login(node(SHOP)).accessToken()).contains("\"aud\":\"" + SHOP + "\""));
        assertTrue(payload(login(node(SHOP, SHOP)).accessToken()).contains("\"aud\":\"" + SHOP + "\""));
        assertTrue(payload(login(aService().build()).accessToken()).contains("\"aud\":\"" + ISSUER + "\""));
    }

    @Test
    void severalAudiencesAreWrittenAsAListWithoutRepetitions() {
        assertTrue(payload(login(node(SHOP, FILES, SHOP, FILES)).accessToken())
                .contains("\"aud\":[\"" + SHOP + "\",\"" + FILES + "\"]"));
    }

    /** This library writes one audience as a text, so a list of one is another spelling of the same token. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[\"https://shop-api.example\"] | MALFORMED",
                "[] | MALFORMED",
                "[\"https://shop-api.example\",1] | MALFORMED",
                "[\"https://shop-api.example\",null] | MALFORMED",
                "[[\"https://shop-api.example\"],\"x\"] | MALFORMED",
                "{\"https://shop-api.example\":1} | MALFORMED",
                "null | MALFORMED",
                "[\"x\",\"y\"] | WRONG_AUDIENCE",
                "\"\" | WRONG_AUDIENCE"
            })
    void anAudienceOfAnotherFormIsRefused(String audience, Reason reason) {
        String token = login(node(SHOP)).accessToken();
        String changed = payload(token).replace("\"" + SHOP + "\"", audience);
        String header = new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[0]), UTF_8);
        store.reset();

        assertRefused(
                reason,
                node(SHOP),
                RawSigner.mac("HmacSHA256", TestService.secret()).sign(header, changed));
        assertEquals(0, store.calls());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "a\nb", "\uD800"})
    void anAudienceOfAnotherFormIsRefusedByTheBuilder(String audience) {
        SessionAwareTokenServiceBuilder builder = aService();
        Class<? extends Exception> expected =
                audience == null ? NullPointerException.class : IllegalArgumentException.class;

        assertThrows(expected, () -> builder.audience(audience));
        assertThrows(expected, () -> builder.audience(SHOP, audience));
        assertThrows(NullPointerException.class, () -> builder.audience(SHOP, (String[]) null));
        assertThrows(expected, () -> builder.acceptFormer(audience, SHOP));
        assertThrows(expected, () -> builder.acceptFormer(ISSUER, audience));
    }

    /** The first audience names the refresh tokens of a service, whatever the others are. */
    @Test
    void servicesWithTheSameFirstAudienceAcceptEachOthersRefreshTokens() {
        IssuedTokens r1 = login(node(SHOP, FILES));

        IssuedTokens r2 = refresh(node(SHOP), r1);
        IssuedTokens r3 = refresh(node(SHOP, CHAT), r2);

        assertEquals(List.of(SHOP, CHAT), JWT.decode(r3.accessToken()).getAudience());
        assertUnknown(node(FILES, SHOP), r3);
        refresh(node(SHOP), r3);
    }

    @Test
    void servicesWithACommonAudienceAcceptEachOthersCurrentSession() {
        AuthenticatedSession current =
                node(SHOP, FILES).validate(login(node(SHOP, FILES)).accessToken());

        assertEquals(1, node(FILES).listSessions(current).size());
        assertEquals(1, node(CHAT, SHOP).listSessions(current).size());
        store.reset();
        assertThrows(IllegalArgumentException.class, () -> node(CHAT).listSessions(current));
        assertThrows(
                IllegalArgumentException.class,
                () -> aService().issuer(FORMER).audience(SHOP, FILES).build().listSessions(current));
        assertEquals(0, store.calls());
    }

    @Test
    void aTokenOfTheFormerIssuerIsAccepted() {
        String token = login(formerService()).accessToken();

        AuthenticatedSession current = movedService().validate(token);

        assertEquals("alice", current.userId());
        assertEquals(1, movedService().listSessions(current).size());
        IssuedTokens next = movedService().reissue(current, TokenOptions.defaults());
        assertEquals(ISSUER, JWT.decode(next.accessToken()).getIssuer());
        assertEquals(List.of(SHOP), JWT.decode(next.accessToken()).getAudience());
        assertRefused(Reason.WRONG_ISSUER, formerService(), next.accessToken());
        assertRefused(Reason.WRONG_ISSUER, node(SHOP), token);
    }

    @Test
    void aFormerIssuerIsAcceptedWithItsOwnAudienceOnly() {
        SessionAwareTokenService moved = aService()
                .audience(SHOP)
                .acceptFormer(FORMER, FILES)
                .acceptFormer("https://older.example", CHAT)
                .build();

        for (List<String> accepted :
                List.of(List.of(ISSUER, SHOP), List.of(FORMER, FILES), List.of("https://older.example", CHAT))) {
            assertEquals("alice", moved.validate(token(accepted)).userId());
        }
        store.reset();
        for (List<String> crossed : List.of(
                List.of(ISSUER, FILES),
                List.of(FORMER, SHOP),
                List.of(FORMER, CHAT),
                List.of("https://older.example", FILES))) {
            String token = token(crossed);
            store.reset();
            assertRefused(Reason.WRONG_AUDIENCE, moved, token);
            assertEquals(0, store.calls());
        }
        assertRefused(Reason.WRONG_ISSUER, moved, token(List.of("https://evil.example", SHOP)));
    }

    @Test
    void aFormerAudienceOfTheSameIssuerIsAccepted() {
        SessionAwareTokenService moved =
                aService().audience(SHOP).acceptFormer(ISSUER, ISSUER).build();
        IssuedTokens before = login(aService().build());

        assertEquals("alice", moved.validate(before.accessToken()).userId());
        assertEquals(
                List.of(SHOP), JWT.decode(refresh(moved, before).accessToken()).getAudience());
    }

    @Test
    void aFormerIssuerAppliesToStatelessTokensToo() {
        String old = JWT.create()
                .withIssuer(FORMER)
                .withSubject("alice")
                .withAudience(FILES)
                .withIssuedAt(START)
                .withExpiresAt(START.plusSeconds(60))
                .sign(Algorithm.HMAC256(TestService.secret()));
        SessionAwareTokenServiceBuilder builder =
                aService().audience(SHOP).acceptStatelessTokensUntil(START.plusSeconds(60));

        assertThrows(InvalidTokenException.class, () -> builder.build().validateStateless(old));
        assertEquals(
                "alice",
                builder.acceptFormer(FORMER, FILES)
                        .build()
                        .validateStateless(old)
                        .userId());
    }

    @Test
    void aRefreshTokenOfTheFormerIssuerIsAcceptedOnceAndRotatedIntoTheNew() {
        IssuedTokens r1 = login(formerService());
        store.reset();

        IssuedTokens r2 = refresh(movedService(), r1);

        assertEquals(List.of(1, 1), List.of(store.reads(), store.writes()));
        assertEquals(ISSUER, JWT.decode(r2.accessToken()).getIssuer());
        assertEquals(r1.session().id(), node(SHOP).validate(r2.accessToken()).sessionId());
        assertUnknown(formerService(), r2);
        IssuedTokens r3 = refresh(node(SHOP), r2);
        clock.advance(Duration.ofSeconds(10));
        assertReason(Reason.REFRESH_TOKEN_REUSED, movedService(), r1);
        assertReason(Reason.SESSION_ENDED, movedService(), r3);
    }

    @Test
    void aLostAnswerOfTheChangeIsRetried() {
        IssuedTokens r1 = login(formerService());
        IssuedTokens r2 = refresh(movedService(), r1);

        assertEquals(r2.refreshToken(), refresh(movedService(), r1).refreshToken());
        refresh(node(SHOP), r2);
    }

    @Test
    void aRefreshTokenOfAnIssuerThatIsNotNamedEndsNothing() {
        IssuedTokens r1 = login(formerService());

        assertUnknown(node(SHOP), r1);
        assertUnknown(aService().audience(SHOP).acceptFormer(FORMER, CHAT).build(), r1);
        assertUnknown(aService().audience(SHOP).acceptFormer(ISSUER, FILES).build(), r1);

        refresh(movedService(), r1);
    }

    @Test
    void aRefreshTokenOfTheFormerIssuerSignsOut() {
        IssuedTokens login = login(formerService());

        assertTrue(movedService().revokeByRefreshToken(login.refreshToken()));

        assertEquals(List.of(), movedService().listSessions("alice"));
    }

    @Test
    void aPairThatIsGivenTwiceOrIsThePresentOneChangesNothing() {
        SessionAwareTokenService moved = aService()
                .audience(SHOP)
                .acceptFormer(ISSUER, SHOP)
                .acceptFormer(FORMER, FILES)
                .acceptFormer(FORMER, FILES)
                .build();

        refresh(node(SHOP), refresh(moved, login(formerService())));
        refresh(moved, login(moved));
    }

    private String token(List<String> issuerAndAudience) {
        return login(aService()
                        .issuer(issuerAndAudience.get(0))
                        .audience(issuerAndAudience.get(1))
                        .build())
                .accessToken();
    }

    private SessionAwareTokenService formerService() {
        return aService().issuer(FORMER).audience(FILES).build();
    }

    private SessionAwareTokenService movedService() {
        return aService().audience(SHOP).acceptFormer(FORMER, FILES).build();
    }

    private SessionAwareTokenService node(String audience, String... more) {
        return aService().audience(audience, more).build();
    }

    private SessionAwareTokenServiceBuilder aService() {
        return aServiceOn(store).clock(clock).refreshTokens(TestService.refreshSecret());
    }

    private static IssuedTokens login(SessionAwareTokenService service) {
        return service.issue("alice", ClientInfo.unknown());
    }

    private static IssuedTokens refresh(SessionAwareTokenService service, IssuedTokens tokens) {
        return service.refresh(tokens.refreshToken(), ClientInfo.unknown());
    }

    private static String payload(String token) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), UTF_8);
    }

    private static void assertUnknown(SessionAwareTokenService service, IssuedTokens tokens) {
        assertReason(Reason.UNKNOWN_REFRESH_TOKEN, service, tokens);
    }

    private static void assertReason(Reason reason, SessionAwareTokenService service, IssuedTokens tokens) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> refresh(service, tokens));
        assertEquals(reason, refusal.reason());
    }

    private static void assertRefused(Reason reason, SessionAwareTokenService service, String token) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> service.validate(token));
        assertEquals(reason, refusal.reason());
    }
}
