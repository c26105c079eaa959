package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssueTest {
    private static final ClientInfo CLIENT =
            ClientInfo.builder().device("Firefox on Linux").build();

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = builder().build();

    @Test
    void aTokenCarriesTheAgreedClaimsAndNoOthers() {
        IssuedTokens issued = service.issue("user-42", CLIENT);

        DecodedJWT token = JWT.decode(issued.accessToken());
        assertEquals(
                Set.of("iss", "sub", "aud", "iat", "exp", "jti", "sid"),
                token.getClaims().keySet());
        assertEquals(TestService.ISSUER, token.getIssuer());
        assertEquals("user-42", token.getSubject());
        assertEquals(List.of(TestService.ISSUER), token.getAudience());
        assertEquals(START, token.getIssuedAtAsInstant());
        assertEquals(START.plus(Duration.ofMinutes(15)), token.getExpiresAtAsInstant());
        assertEquals(issued.session().id(), token.getClaim("sid").asString());
    }

    @Test
    void theHeaderNamesAlgorithmAndTypeAndNothingElse() {
        String token = service.issue("alice", CLIENT).accessToken();

        assertEquals(Set.of("\"typ\":\"at+jwt\"", "\"alg\":\"HS256\""), headerOf(token));
    }

    @Test
    void theHeaderNamesTheKeyIfItHasAnId() {
        SessionAwareTokenService named = builder()
                .signingKey(SigningKey.hmac256(TestService.secret()).withKeyId("2026-03"))
                .build();

        assertEquals(
                Set.of("\"kid\":\"2026-03\"", "\"typ\":\"at+jwt\"", "\"alg\":\"HS256\""),
                headerOf(named.issue("alice", CLIENT).accessToken()));
    }

    @Test
    void theReturnedSessionIsStored() {
        IssuedTokens issued = service.issue("alice", CLIENT);

        String id = issued.session().id();
        SessionRecord expected = SessionRecord.builder("alice", id)
                .client(CLIENT)
                .createdAt(START)
                .lastActiveAt(START)
                .expiresAt(START.plus(Duration.ofDays(14)))
                .loginDevice("Firefox on Linux")
                .build();
        assertEquals(List.of(expected), store.list("alice"));
        assertEquals(List.of(1L, 1), List.of(expected.version(), expected.generation()));
        assertEquals("alice", issued.userId());
        assertEquals(Session.of(expected, id), issued.session());
        assertTrue(issued.session().current());
        assertEquals(List.of(Session.of(expected)), service.listSessions("alice"));
    }

    @Test
    void everyLoginHasASessionAndATokenIdOfItsOwn() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            DecodedJWT token = JWT.decode(service.issue("alice", CLIENT).accessToken());
            ids.add(token.getId());
            ids.add(token.getClaim("sid").asString());
        }

        assertEquals(2_000, ids.size());
    }

    @Test
    void idsAre144BitsOfTheGivenRandom() {
        byte[] bytes = new byte[18];
        Arrays.fill(bytes, (byte) 0xFF);
        SecureRandom random = new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] target) {
                System.arraycopy(bytes, 0, target, 0, target.length);
            }
        };

        IssuedTokens issued = builder().secureRandom(random).build().issue("alice", CLIENT);

        assertEquals("________________________", issued.session().id());
        assertEquals(
                "________________________", JWT.decode(issued.accessToken()).getId());
    }

    @Test
    void aTokenNeverOutlivesTheAbsoluteDeadline() {
        SessionAwareTokenService shortLived = builder()
                .idleTimeout(Duration.ofMinutes(10))
                .absoluteTimeout(Duration.ofMinutes(10))
                .accessTokenLifetime(Duration.ofMinutes(10))
                .build();
        clock.set(START.plusMillis(999));

        IssuedTokens issued = shortLived.issue("alice", CLIENT);

        assertEquals(START.plus(Duration.ofMinutes(10)), issued.session().expiresAt());
        assertEquals(START.plus(Duration.ofMinutes(10)), issued.accessTokenExpiresAt());
        assertEquals(
                issued.accessTokenExpiresAt(), JWT.decode(issued.accessToken()).getExpiresAtAsInstant());
    }

    @Test
    void timesAreKeptToTheMillisecond() {
        clock.set(START.plusNanos(123_999_999));

        Session session = service.issue("alice", CLIENT).session();

        assertEquals(START.plusMillis(123), session.createdAt());
        assertEquals(START.plusMillis(123), session.lastActiveAt());
        assertEquals(START.plusMillis(123).plus(Duration.ofDays(14)), session.expiresAt());
    }

    @Test
    void customClaimsCanBeReadFromTheValidatedSession() {
        Map<String, Object> claims = new HashMap<>();
        claims.put("role", "admin");
        claims.put("level", 7);
        claims.put("big", 9_007_199_254_740_993L);
        claims.put("ratio", 0.5);
        claims.put("beta", true);
        claims.put("since", START);
        claims.put("tags", List.of("a", "b"));
        claims.put("shop", Map.of("id", 1));
        claims.put("nothing", null);

        AuthenticatedSession current = service.validate(
                service.issue("alice", CLIENT, LoginOptions.defaults().withClaims(claims))
                        .accessToken());

        assertEquals(Optional.of("admin"), current.claim("role", String.class));
        assertEquals(Optional.of(7), current.claim("level", Integer.class));
        assertEquals(Optional.of(9_007_199_254_740_993L), current.claim("big", Long.class));
        assertEquals(Optional.of(0.5), current.claim("ratio", Double.class));
        assertEquals(Optional.of(true), current.claim("beta", Boolean.class));
        assertEquals(Optional.of(START), current.claim("since", Instant.class));
        assertEquals(List.of("a", "b"), current.claimList("tags", String.class));
        assertEquals(Map.of("id", 1), current.claims().get("shop"));
        assertTrue(current.claims().containsKey("nothing"));
        assertEquals(Optional.empty(), current.claim("nothing", String.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sid", "sid_gen"})
    void aReservedNameIsRefusedAndNothingIsStored(String name) {
        assertRefusedClaims("claims must not contain \"" + name + "\": this library sets it", Map.of(name, "x"));
    }

    @Test
    void onlyTheSessionIdClaimInUseIsReserved() {
        SessionAwareTokenService renamed = builder().sessionIdClaim("sessionId").build();

        IssuedTokens issued =
                renamed.issue("alice", CLIENT, LoginOptions.defaults().withClaims(Map.of("sid", "free")));
        AuthenticatedSession current = renamed.validate(issued.accessToken());

        assertEquals(Optional.of("free"), current.claim("sid", String.class));
        assertEquals(Optional.of(current.sessionId()), current.claim("sessionId", String.class));
        assertThrows(
                IllegalArgumentException.class,
                () -> renamed.issue("alice", CLIENT, LoginOptions.defaults().withClaims(Map.of("sessionId", "mine"))));
    }

    @Test
    void namesThatOnlyLookReservedAreFree() {
        Map<String, String> claims = Map.of("SUB", "mallory", "sub ", "mallory", "Sid", "other");

        String token = service.issue("alice", CLIENT, LoginOptions.defaults().withClaims(claims))
                .accessToken();

        assertEquals("alice", service.validate(token).userId());
        assertEquals(Optional.of("mallory"), service.validate(token).claim("SUB", String.class));
    }

    @Test
    void claimsTooLargeForATokenAreRefusedAndNothingIsStored() {
        String message = "claims must fit in a token of 8192 characters and 64 levels of nesting";

        assertRefusedClaims(message, Map.of("own", "x".repeat(9_000)));
        assertRefusedClaims(message, Map.of("own", nested(64)));
        assertRefusedClaims(message, Map.of("own", nested(2_000)));
        assertRefusedClaims(message, Map.of("own", nested(100_000)));
        Map<String, Object> holdsItself = new HashMap<>();
        holdsItself.put("own", holdsItself);
        assertRefusedClaims(message, holdsItself);
    }

    @Test
    void theLargestClaimsThatAreIssuedAlsoValidate() {
        int accepted = 5_500;
        while (accepted < 9_000 && isIssued("x".repeat(accepted + 1))) {
            accepted++;
        }

        String token = service.issue(
                        "alice", CLIENT, LoginOptions.defaults().withClaims(Map.of("own", "x".repeat(accepted))))
                .accessToken();
        assertTrue(token.length() > 8_188 && token.length() <= 8_192);
        assertEquals("alice", service.validate(token).userId());
        assertEquals(
                "alice",
                service.validate(service.issue(
                                        "alice", CLIENT, LoginOptions.defaults().withClaims(Map.of("own", nested(63))))
                                .accessToken())
                        .userId());
    }

    @Test
    void claimsOfOtherTypesAreRefusedAndNothingIsStored() {
        for (Object value : List.of(new Object(), 1.5f, 'c', Set.of(1), new int[] {1}, List.of(new Object()))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> service.issue("alice", CLIENT, LoginOptions.defaults().withClaims(Map.of("own", value))));
        }
        assertEquals(0, store.calls());
    }

    @Test
    void nullIsRefusedByNameAndNothingIsStored() {
        assertNull("client", () -> service.issue("alice", null));
        assertNull(
                "claims must not contain a null name",
                () -> service.issue(
                        "alice", CLIENT, LoginOptions.defaults().withClaims(Collections.singletonMap(null, "x"))));
        assertEquals(0, store.calls());
    }

    @Test
    void theTokenHasTheConfiguredTypeAndAudience() {
        SessionAwareTokenService configured = builder()
                .tokenType("shop-session+jwt")
                .audience("https://api.shop.example")
                .build();

        DecodedJWT token = JWT.decode(configured.issue("alice", CLIENT).accessToken());

        assertEquals("shop-session+jwt", token.getType());
        assertEquals(List.of("https://api.shop.example"), token.getAudience());
    }

    @Test
    void laterChangesOfTheClaimsDoNotChangeTheToken() {
        Map<String, Object> claims = new HashMap<>(Map.of("role", "user"));
        String token = service.issue("alice", CLIENT, LoginOptions.defaults().withClaims(claims))
                .accessToken();

        claims.put("role", "admin");
        String other = service.issue("alice", CLIENT, LoginOptions.defaults().withClaims(claims))
                .accessToken();

        assertNotEquals(token, other);
        assertEquals(Optional.of("user"), service.validate(token).claim("role", String.class));
    }

    private SessionAwareTokenServiceBuilder builder() {
        return aServiceOn(store).clock(clock);
    }

    private boolean isIssued(String own) {
        try {
            service.issue("alice", CLIENT, LoginOptions.defaults().withClaims(Map.of("own", own)));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void assertRefusedClaims(String message, Map<String, ?> claims) {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> service.issue("alice", CLIENT, LoginOptions.defaults().withClaims(claims)));
        assertEquals(message, refusal.getMessage());
        assertEquals(0, store.calls());
    }

    private static void assertNull(String message, Executable call) {
        assertEquals(message, assertThrows(NullPointerException.class, call).getMessage());
    }

    private static Object nested(int depth) {
        Object value = "x";
        for (int i = 0; i < depth; i++) {
            value = List.of(value);
        }
        return value;
    }

    private static Set<String> headerOf(String token) {
        String json = new String(Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))), UTF_8);
        return Set.of(json.substring(1, json.length() - 1).split(",", -1));
    }
}
