package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.Together;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A remembered token is refused for the same reasons as one that is seen for the first time. */
class VerifiedTokensTest {
    private static final Duration LIFETIME = Duration.ofMinutes(15);

    private final AtomicInteger signaturesChecked = new AtomicInteger();
    private final VerificationKey key = VerificationKey.secret(
                    new CountedAlgorithm(Algorithm.HMAC256(new byte[32])), "thumbprint")
            .withKeyId("secret");
    private final SigningKey signer = new SigningKey(key, Algorithm.HMAC256(new byte[32]));
    private final AtomicReference<KeyRing> ring = new AtomicReference<>(KeyRing.of(signer));
    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = with(10_000);
    private final IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
    private final String token = issued.accessToken();

    @Test
    void theSignatureIsVerifiedOnceAndTheSessionReadEachTime() {
        for (int request = 0; request < 10; request++) {
            store.reset();
            assertEquals("alice", service.validate(token).userId());
            assertEquals(1, store.calls());
        }

        assertEquals(1, signaturesChecked.get());
    }

    @Test
    void zeroVerifiesEverySignature() {
        SessionAwareTokenService forgetful = with(0);
        for (int request = 0; request < 10; request++) {
            assertEquals("alice", forgetful.validate(token).userId());
        }

        assertEquals(10, signaturesChecked.get());
    }

    @Test
    void aRememberedTokenEndsWithItsSession() {
        remember();
        service.revokeSession("alice", issued.session().id());

        assertRefused(Reason.SESSION_ENDED);
    }

    @Test
    void aRememberedTokenExpiresToTheMillisecond() {
        remember();
        clock.set(START.plus(LIFETIME).minusMillis(1));
        service.validate(token);
        clock.set(START.plus(LIFETIME));
        assertRefused(Reason.EXPIRED);
        clock.set(START.plus(LIFETIME).plusMillis(1));
        assertRefused(Reason.EXPIRED);
    }

    /** A clock may be set back. */
    @Test
    void aRememberedTokenIsRefusedBeforeItsNbf() {
        String later = JWT.create()
                .withHeader(Map.of("typ", "at+jwt"))
                .withKeyId(key.keyId())
                .withIssuer(TestService.ISSUER)
                .withAudience(TestService.ISSUER)
                .withSubject("alice")
                .withJWTId("1")
                .withClaim("sid", issued.session().id())
                .withIssuedAt(START)
                .withNotBefore(START)
                .withExpiresAt(START.plus(LIFETIME))
                .sign(Algorithm.HMAC256(new byte[32]));
        service.validate(later);
        service.validate(later);
        service.validate(later);
        assertEquals(1, signaturesChecked.get());

        clock.set(START.minusMillis(1));
        assertThrows(InvalidTokenException.class, () -> service.validate(later));
    }

    @Test
    void aRememberedTokenIsRefusedOnceItsKeyIsRemoved() {
        SigningKey other = SigningKey.hmac256("only for tests: another 32 bytes".getBytes(UTF_8));
        remember();

        ring.set(ring.get().with(other.verificationKey()).signingWith(other).without(key.keyId()));
        assertRefused(Reason.UNKNOWN_KEY);

        ring.set(KeyRing.of(other, key));
        assertEquals("alice", service.validate(token).userId());
    }

    @Test
    void aRememberedTokenIsRefusedIfItsKeyIdNamesAnotherKey() {
        remember();
        ring.set(KeyRing.of(SigningKey.hmac256("only for tests: another 32 bytes".getBytes(UTF_8))
                .withKeyId(String.valueOf(key.keyId()))));

        assertRefused(Reason.BAD_SIGNATURE);
    }

    @Test
    void aRememberedTokenIsRefusedIfItsSecretHasAnotherAlgorithm() {
        remember();
        ring.set(KeyRing.of(new SigningKey(
                VerificationKey.secret(Algorithm.HMAC512(new byte[32]), "thumbprint")
                        .withKeyId("secret"),
                Algorithm.HMAC512(new byte[32]))));

        assertRefused(Reason.UNKNOWN_KEY);
    }

    /** A ring that is loaded again for each request holds other objects with the same keys. */
    @Test
    void aRememberedTokenIsAcceptedByTheSameKeyLoadedAgain() {
        remember();
        ring.set(KeyRing.of(new SigningKey(
                VerificationKey.secret(Algorithm.HMAC256(new byte[32]), "thumbprint")
                        .withKeyId("secret"),
                Algorithm.HMAC256(new byte[32]))));

        assertEquals("alice", service.validate(token).userId());
        assertEquals(1, signaturesChecked.get());
    }

    @Test
    void aRefusedTokenIsNotRemembered() {
        clock.set(START.plus(LIFETIME));
        assertRefused(Reason.EXPIRED);
        assertRefused(Reason.EXPIRED);
        assertEquals(2, signaturesChecked.get());

        clock.set(START);
        service.validate(token);
        assertEquals(3, signaturesChecked.get());
    }

    @Test
    void onlyTheExactTokenHitsTheCache() {
        remember();
        for (String other :
                List.of(token + " ", " " + token, token + "=", token.replace('.', '\u2603'), token + "\0")) {
            assertThrows(InvalidTokenException.class, () -> service.validate(other), other);
        }
    }

    @Test
    void aRememberedTokenHasAllClaimsOfTheOriginal() {
        IssuedTokens withClaims = service.issue(
                "alice", ClientInfo.unknown(), LoginOptions.defaults().withClaims(Map.of("role", "admin")));
        Map<String, Claim> plain = JWT.decode(withClaims.accessToken()).getClaims();
        for (int request = 0; request < 3; request++) {
            Map<String, Object> seen =
                    service.validate(withClaims.accessToken()).claims();

            assertEquals(plain.keySet(), seen.keySet());
            plain.forEach((name, claim) -> assertEquals(claim.as(Object.class), seen.get(name), name));
            assertEquals("admin", seen.get("role"));
        }
    }

    @Test
    void aRememberedTokenOfAnEarlierGenerationIsRefused() {
        remember();
        IssuedTokens next = service.reauthenticate(service.validate(token));
        service.validate(next.accessToken());
        service.validate(next.accessToken());

        assertRefused(Reason.OTHER_GENERATION);
        assertEquals(2, signaturesChecked.get());
    }

    @Test
    void noSignatureIsKept() throws Exception {
        service.validate(token).claims();
        String signature = token.substring(token.lastIndexOf('.') + 1);
        VerifiedClaims kept = new VerifiedClaims(key, "alice", "sid", 1, START, START, null, token);
        List<String> texts = new ArrayList<>();
        for (Field field : VerifiedClaims.class.getDeclaredFields()) {
            field.setAccessible(true);
            texts.add(String.valueOf(field.get(kept)));
        }

        assertTrue(texts.contains(token.substring(0, token.lastIndexOf('.') + 1)), "The claims are read from this");
        texts.forEach(text -> assertFalse(text.contains(signature), text));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 11})
    void theCacheKeepsAtMostItsLimitAndAtLeastTheNewestHalf(int entries) {
        assertNotNull(new VerifiedTokens(entries).hash("token"), "A cache of this size must keep tokens");
        for (int puts = 1; puts < 40; puts++) {
            VerifiedTokens tokens = new VerifiedTokens(entries);
            for (int i = 0; i < puts; i++) {
                put(tokens, "token " + i);
            }

            for (int i = puts - 1; i >= 0 && i >= puts - (entries + 1) / 2; i--) {
                assertNotNull(tokens.find("token " + i), i + " of " + puts);
            }
            long kept = kept(tokens, puts);
            assertTrue(kept <= entries + entries % 2, () -> "kept " + kept);
        }
    }

    @Test
    void theLargestLimitIsAccepted() {
        VerifiedTokens all = new VerifiedTokens(Integer.MAX_VALUE);
        for (int i = 0; i < 50; i++) {
            put(all, "token " + i);
        }

        assertEquals(50, kept(all, 50));
    }

    @Test
    void concurrentPutsDoNotExceedTheLimit() throws Exception {
        VerifiedTokens hundred = new VerifiedTokens(100);
        List<Callable<Boolean>> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int first = thread * 1_000;
            threads.add(() -> {
                for (int i = first; i < first + 1_000; i++) {
                    put(hundred, "token " + i);
                    hundred.find("token " + (i - 60));
                }
                return true;
            });
        }
        Together.call(threads);

        assertTrue(kept(hundred, 8_000) <= 100, () -> "kept " + kept(hundred, 8_000));
    }

    @Test
    void aTokenThatIsUsedMeanwhileStays() {
        VerifiedTokens ten = new VerifiedTokens(10);
        put(ten, "used");
        put(ten, "unused");
        for (int i = 0; i < 100; i++) {
            put(ten, "token " + i);
            assertNotNull(ten.find("used"), "after " + i);
        }

        assertNull(ten.find("unused"));
    }

    @Test
    void everyTokenHasItsOwnHash() {
        VerifiedTokens tokens = new VerifiedTokens(10);

        assertEquals(tokens.hash("a.b.c"), tokens.hash("a.b.c"));
        assertNotEquals(tokens.hash("a.b.c"), tokens.hash("a.b.d"));
        assertEquals(32, String.valueOf(tokens.hash("")).length());
        assertNull(tokens.hash(null));
        assertNull(tokens.hash("x".repeat(TokenGate.MAX_LENGTH + 1)));
        assertNull(new VerifiedTokens(0).hash("a.b.c"));
        assertFalse(String.valueOf(tokens.hash("a.b.c")).contains("a.b.c"));
    }

    private void remember() {
        service.validate(token);
    }

    private void put(VerifiedTokens tokens, String hash) {
        tokens.put(hash, claims());
    }

    private static long kept(VerifiedTokens tokens, int tried) {
        // Starts with the newest, because finding one in the older generation moves it.
        return IntStream.range(0, tried)
                .filter(i -> tokens.find("token " + (tried - 1 - i)) != null)
                .count();
    }

    private VerifiedClaims claims() {
        return new VerifiedClaims(key, "alice", "sid", 1, START, START, null, "a.b.c");
    }

    private void assertRefused(Reason reason) {
        assertEquals(
                reason,
                assertThrows(InvalidTokenException.class, () -> service.validate(token))
                        .reason());
    }

    private SessionAwareTokenService with(int verifiedTokens) {
        return aServiceOn(store, ring::get)
                .accessTokenLifetime(LIFETIME)
                .verifiedTokenCacheSize(verifiedTokens)
                .clock(clock)
                .build();
    }

    private final class CountedAlgorithm extends Algorithm {
        private final Algorithm algorithm;

        CountedAlgorithm(Algorithm algorithm) {
            super(algorithm.getName(), algorithm.getName());
            this.algorithm = algorithm;
        }

        @Override
        public void verify(DecodedJWT jwt) {
            signaturesChecked.incrementAndGet();
            algorithm.verify(jwt);
        }

        @Override
        public byte[] sign(byte[] content) {
            return algorithm.sign(content);
        }
    }
}
