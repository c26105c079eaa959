package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
    private static final SigningKey OLD = SigningKey.of(JwsAlgorithm.ES256, TestKeys.P256);
    private static final SigningKey NEXT = SigningKey.of(JwsAlgorithm.ES256, TestKeys.OTHER_P256);
    private static final SigningKey SECRET = SigningKey.hmac256(TestKeys.secret(32));

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final AtomicReference<KeyRing> keys = new AtomicReference<>(KeyRing.of(OLD));
    private final SessionAwareTokenService service =
            aServiceOn(store, keys::get).clock(clock).build();

    @Test
    void aTokenNamesTheKeyThatSignedIt() {
        assertEquals(OLD.keyId(), JWT.decode(newToken()).getKeyId());
        keys.set(KeyRing.of(OLD, NEXT.verificationKey()).signingWith(NEXT));
        assertEquals(NEXT.keyId(), JWT.decode(newToken()).getKeyId());
    }

    @Test
    void anOlderKeyVerifiesUntilItIsRemoved() {
        String token = newToken();
        keys.updateAndGet(ring -> ring.with(NEXT.verificationKey()).signingWith(NEXT));
        assertEquals("alice", service.validate(token).userId());

        keys.updateAndGet(ring -> ring.without(OLD.keyId()));

        assertRefusedWithoutAStoreCall(token);
        assertEquals("alice", service.validate(newToken()).userId());
    }

    /** A token must meet one ring, also if it is tried as a stateless token. */
    @Test
    void everyCallAsksForTheRingOncePerToken() {
        AtomicInteger asked = new AtomicInteger();
        Supplier<KeyRing> supplier = () -> {
            asked.incrementAndGet();
            return keys.get();
        };
        aServiceOn(store, supplier).build();
        assertEquals(0, asked.get(), "build");
        SessionAwareTokenService counting = aServiceOn(store, supplier)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .acceptStatelessTokensUntil(START.plusSeconds(60))
                .build();
        assertEquals(1, asked.getAndSet(0), "build with refresh tokens, whose secret must not be that of a key");
        IssuedTokens issued = counting.issue("alice", ClientInfo.unknown());
        assertEquals(1, asked.getAndSet(0), "issue");
        AuthenticatedSession current = counting.validate(issued.accessToken());
        assertEquals(1, asked.getAndSet(0), "validate");
        RawSigner signer = RawSigner.signature("SHA256withECDSAinP1363Format", TestKeys.P256.getPrivate());
        String old = signer.sign(
                "{\"alg\":\"ES256\",\"kid\":\"%s\"}".formatted(OLD.keyId()),
                "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"alice\",\"iat\":%d,\"exp\":%d}"
                        .formatted(ISSUER, ISSUER, START.getEpochSecond(), START.getEpochSecond() + 60));

        counting.refresh(issued.refreshToken(), ClientInfo.unknown());
        assertEquals(1, asked.getAndSet(0), "refresh");
        counting.reauthenticate(current, LoginOptions.defaults());
        assertEquals(1, asked.getAndSet(0), "reauthenticate");
        assertThrows(InvalidTokenException.class, () -> counting.validate(old));
        assertEquals(1, asked.getAndSet(0), "validate of a stateless token");
        assertThrows(InvalidTokenException.class, () -> counting.validate("forged"));
        assertEquals(1, asked.getAndSet(0), "validate of anything");
        counting.validateStateless(old);
        assertEquals(1, asked.getAndSet(0), "validateStateless");
        counting.migrateStateless(old, ClientInfo.unknown());
        assertEquals(2, asked.get(), "migrateStateless: for the old token and for the new one");
    }

    @Test
    void anExceptionOfTheKeySupplierReachesTheCaller() {
        IllegalStateException outage = new IllegalStateException("no keys yet");
        SessionAwareTokenService failing = aServiceOn(store, () -> {
                    throw outage;
                })
                .build();
        SessionAwareTokenService empty = aServiceOn(store, () -> null).build();

        assertSame(outage, assertThrows(IllegalStateException.class, () -> failing.validate("any")));
        assertEquals(
                "keyRing returned null",
                assertThrows(NullPointerException.class, () -> empty.issue("alice", ClientInfo.unknown()))
                        .getMessage());
        assertEquals(0, store.calls());
    }

    @Test
    void aServiceThatOnlyValidatesIssuesNothing() {
        String token = newToken();
        SessionAwareTokenService validating = aServiceOn(store, () -> KeyRing.verifying(OLD.verificationKey()))
                .clock(clock)
                .build();
        AuthenticatedSession current = validating.validate(token);
        assertEquals("alice", current.userId());
        store.reset();

        String message = "This service only validates: its key ring has no key that signs";
        assertEquals(
                message,
                assertThrows(IllegalStateException.class, () -> validating.issue("alice", ClientInfo.unknown()))
                        .getMessage());
        assertEquals(0, store.calls());
        assertThrows(IllegalStateException.class, () -> validating.reauthenticate(current, LoginOptions.defaults()));
        assertEquals(0, store.writes());
    }

    @Test
    void aTokenWithoutAKeyIdBelongsToTheKeyWithoutOne() {
        SigningKey unnamed = OLD.withoutKeyId();
        keys.set(KeyRing.of(unnamed));
        String token = newToken();

        keys.set(KeyRing.of(NEXT, unnamed.verificationKey()));
        assertEquals("alice", service.validate(token).userId());

        keys.set(KeyRing.of(NEXT, OLD.verificationKey()));
        assertRefusedWithoutAStoreCall(token);
        assertRefused(
                "A ring must not have two keys without a key id: give the newer one an id, withKeyId(...)",
                () -> KeyRing.of(unnamed, NEXT.withoutKeyId().verificationKey()));
    }

    /** A token that names another key is refused, even if a key of the ring would verify it. */
    @Test
    void aKeyVerifiesOnlyUnderItsKeyId() {
        String token = newToken();
        keys.set(KeyRing.of(OLD.withKeyId("other"), NEXT.withKeyId(OLD.keyId()).verificationKey()));

        assertRefusedWithoutAStoreCall(Reason.BAD_SIGNATURE, token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"../../dev/null\"",
                "\"/etc/passwd\"",
                "\"file:///etc/passwd\"",
                "\"https://attacker.example/key\"",
                "\"' or '1'='1\"",
                "\"\\u0000\"",
                "\"\"",
                "\" \"",
                "null",
                "true",
                "1",
                "1e400",
                "{}",
                "{\"kid\":\"a\"}",
                "[]",
                "[\"a\"]"
            })
    void aKeyIdOfAnyFormIsOnlyCompared(String kid) {
        assertKidRefused(kid);
    }

    /** Even if its digits are the key id. */
    @Test
    void aNumberIsNotAcceptedAsKeyId() {
        String payload = newToken().split("\\.", -1)[1];
        keys.set(KeyRing.of(OLD.withKeyId("1")));
        RawSigner signer = RawSigner.signature("SHA256withECDSAinP1363Format", TestKeys.P256.getPrivate());
        String header = "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":%s}";

        assertRefusedWithoutAStoreCall(
                signer.signEncoded(RawSigner.encode(header.formatted("1").getBytes(UTF_8)), payload));
        service.validate(
                signer.signEncoded(RawSigner.encode(header.formatted("\"1\"").getBytes(UTF_8)), payload));
    }

    @Test
    void aKeyIdWithMoreCharactersIsRefused() {
        assertKidRefused("\"" + "k".repeat(64 * 1024) + "\"");
        assertKidRefused("\"" + OLD.keyId() + "\\u0000\"");
        assertKidRefused("\"" + OLD.keyId() + " \"");
    }

    @Test
    void aRingDoesNotMixSecretsAndPublicKeys() {
        String mixed = "A ring must not mix secrets (HS256, HS384, HS512) with public keys: ";
        assertRefused(
                mixed + SECRET.verificationKey() + ", " + OLD.verificationKey(),
                () -> KeyRing.of(OLD, SECRET.verificationKey()));
        assertRefused(
                mixed + OLD.verificationKey() + ", " + SECRET.verificationKey(),
                () -> KeyRing.of(SECRET).with(OLD.verificationKey()));
    }

    @Test
    void aRingDoesNotHoldAKeyTwice() {
        byte[] secret = TestKeys.secret(64);
        SigningKey rsa = SigningKey.of(JwsAlgorithm.RS256, TestKeys.RSA);
        for (Executable twice : List.<Executable>of(
                () -> KeyRing.of(OLD, OLD.verificationKey()),
                () -> KeyRing.of(OLD, OLD.withKeyId("other").verificationKey()),
                () -> KeyRing.of(
                        rsa, SigningKey.of(JwsAlgorithm.RS512, TestKeys.RSA).verificationKey()),
                () -> KeyRing.of(
                        OLD,
                        rsa.verificationKey(),
                        SigningKey.of(JwsAlgorithm.RS512, TestKeys.RSA).verificationKey()),
                () -> KeyRing.of(
                        SigningKey.hmac256(secret).withKeyId("a"),
                        SigningKey.of(JwsAlgorithm.HS512, secret).withKeyId("b").verificationKey()),
                () -> KeyRing.verifying(
                        rsa.verificationKey(), VerificationKey.of(JwsAlgorithm.RS384, TestKeys.RSA.getPublic())))) {
            String message = assertThrows(IllegalArgumentException.class, twice).getMessage();
            assertEquals("A ring must not have the same key twice", message.split(":", -1)[0]);
        }
    }

    @Test
    void twoKeysMustNotShareAKeyId() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> KeyRing.of(OLD.withKeyId("a"), NEXT.withKeyId("a").verificationKey()))
                .getMessage();

        assertEquals("A ring must not have two keys with one key id", message.split(":", -1)[0]);
    }

    @Test
    void aRingWithoutAKeyIsRefused() {
        assertEquals(
                "current",
                assertThrows(NullPointerException.class, () -> KeyRing.of(null)).getMessage());
        assertRefused("A ring needs at least one key", KeyRing::verifying);
        assertRefused(
                "The key that signs cannot be removed: call signingWith(...) with another key first",
                () -> KeyRing.of(OLD, NEXT.verificationKey()).without(OLD.keyId()));
        assertRefused(
                "This ring does not have the key id unknown; it has [" + OLD.verificationKey() + "]",
                () -> KeyRing.of(OLD).without("unknown"));
        assertRefused(
                "This ring does not have the key id null; it has [" + OLD.verificationKey() + "]",
                () -> KeyRing.of(OLD).without(null));
        assertRefused(
                "A ring needs at least one key",
                () -> KeyRing.verifying(OLD.verificationKey()).without(OLD.keyId()));
    }

    @Test
    void aKeySignsOnlyAfterItWasPublished() {
        assertNotPublished(KeyRing.of(OLD), NEXT);
        assertNotPublished(KeyRing.of(OLD, NEXT.verificationKey()), NEXT.withKeyId("other"));
        assertNotPublished(KeyRing.of(OLD, NEXT.withKeyId("n").verificationKey()), OLD.withKeyId("n"));
        assertNotPublished(
                KeyRing.of(OLD, NEXT.withKeyId("n").verificationKey()),
                SigningKey.of(JwsAlgorithm.ES384, TestKeys.P384).withKeyId("n"));
        assertNotPublished(
                KeyRing.of(
                        OLD,
                        SigningKey.of(JwsAlgorithm.RS256, TestKeys.RSA)
                                .withKeyId("n")
                                .verificationKey()),
                SigningKey.of(JwsAlgorithm.RS512, TestKeys.RSA).withKeyId("n"));
    }

    private static void assertNotPublished(KeyRing ring, SigningKey key) {
        String message = assertThrows(IllegalArgumentException.class, () -> ring.signingWith(key))
                .getMessage();
        String rule = "This ring does not have the key ";
        assertTrue(message.startsWith(rule + key.verificationKey() + "; it has [" + OLD.verificationKey()), message);
    }

    @Test
    void aRingIsNotChangedByItsSuccessors() {
        KeyRing ring = KeyRing.of(OLD);
        ring.with(NEXT.verificationKey()).signingWith(NEXT).without(OLD.keyId());

        keys.set(ring);
        assertEquals(OLD.keyId(), JWT.decode(newToken()).getKeyId());
    }

    @Test
    void aRingShowsNoSecret() {
        String shown = KeyRing.of(SECRET).toString();

        assertEquals("KeyRing[current=%s, keys=[%s]]".formatted(SECRET, SECRET.verificationKey()), shown);
        assertFalse(shown.contains(RawSigner.encode(TestKeys.secret(32))));
    }

    @Test
    void signingKeyAndKeyRingExcludeEachOther() {
        assertEquals(
                "signingKey and keyRing exclude each other: call one of them",
                assertThrows(
                                IllegalStateException.class,
                                () -> aServiceOn(store).keyRing(keys::get).build())
                        .getMessage());
    }

    private void assertKidRefused(String kid) {
        String payload = newToken().split("\\.", -1)[1];
        String header = "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":" + kid + "}";
        RawSigner signer = RawSigner.signature("SHA256withECDSAinP1363Format", TestKeys.P256.getPrivate());
        for (KeyRing ring : List.of(KeyRing.of(OLD), KeyRing.of(OLD.withoutKeyId()))) {
            keys.set(ring);
            String token = signer.signEncoded(RawSigner.encode(header.getBytes(UTF_8)), payload);
            store.reset();
            Reason reason = assertThrows(InvalidTokenException.class, () -> service.validate(token))
                    .reason();
            assertTrue(Set.of(Reason.UNKNOWN_KEY, Reason.MALFORMED).contains(reason), "" + reason);
            assertEquals(0, store.calls());
        }
        keys.set(KeyRing.of(OLD));
    }

    private String newToken() {
        return service.issue("alice", ClientInfo.unknown()).accessToken();
    }

    private void assertRefusedWithoutAStoreCall(String token) {
        assertRefusedWithoutAStoreCall(Reason.UNKNOWN_KEY, token);
    }

    private void assertRefusedWithoutAStoreCall(Reason reason, String token) {
        store.reset();
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> service.validate(token));
        assertEquals(reason, refusal.reason());
        assertEquals(0, store.calls());
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
