package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.ReferenceStore;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Keys that are weak or do not fit are refused when they are made, and a remote signer is not trusted. */
class VerificationKeyTest {
    private final CountingStore store = new CountingStore(new ReferenceStore());

    @Test
    void anRsaKeyHas2048Bits() {
        assertEquals(
                "RS256",
                VerificationKey.rsa256(TestKeys.RSA.getPublic()).algorithm().getName());
        assertRefused(
                "RS256 needs an RSA key of at least 2048 bits (RFC 7518, section 3.3), was 2047",
                () -> VerificationKey.rsa256(rsa(BigInteger.ONE.shiftLeft(2046).setBit(0), 65_537)));
        assertRefused(
                "RS512 needs an RSA key of at least 2048 bits (RFC 7518, section 3.3), was 1024",
                () -> SigningKey.rsa512(TestKeys.rsa(1024)));
    }

    /** The JDK itself refuses 1, with which every message is its own signature. */
    @Test
    void anRsaExponentIsOddAndNotSmall() {
        BigInteger modulus = ((RSAPublicKey) TestKeys.RSA.getPublic()).getModulus();
        for (long exponent : new long[] {3, 17, 65_535, 65_536, 65_538}) {
            assertRefused(
                    "RS384 needs an RSA key whose public exponent is odd, at least 65537 and under 2^256 (FIPS 186-5,"
                            + " appendix A.1.1)",
                    () -> VerificationKey.rsa384(rsa(modulus, exponent)));
        }
        assertEquals(
                "RS384",
                VerificationKey.rsa384(rsa(modulus, 65_537)).algorithm().getName());
    }

    @Test
    void aCurveFitsItsAlgorithm() {
        Map<String, Function<PublicKey, VerificationKey>> algorithms = Map.of(
                "ES256 needs a key on the curve P-256", VerificationKey::ecdsa256,
                "ES384 needs a key on the curve P-384", VerificationKey::ecdsa384,
                "ES512 needs a key on the curve P-521", VerificationKey::ecdsa512);
        for (KeyPair key : new KeyPair[] {TestKeys.P256, TestKeys.P384, TestKeys.P521}) {
            String curve = "P-"
                    + ((ECPublicKey) key.getPublic()).getParams().getOrder().bitLength();
            algorithms.forEach((rule, algorithm) -> {
                if (rule.endsWith(curve)) {
                    assertEquals(curve, Curve.of((ECPublicKey) key.getPublic()).standardName());
                    assertEquals(algorithm.apply(key.getPublic()).thumbprint(), Jwks.thumbprint(key.getPublic()));
                } else {
                    assertRefused(rule + " (RFC 7518, section 3.4)", () -> algorithm.apply(key.getPublic()));
                }
            });
        }
    }

    @Test
    void aPointThatIsNotOnTheCurveIsRefused() throws Exception {
        ECPublicKey key = (ECPublicKey) TestKeys.P256.getPublic();
        BigInteger x = key.getW().getAffineX();
        BigInteger y = key.getW().getAffineY();
        for (ECPoint point : new ECPoint[] {new ECPoint(x, y.flipBit(0)), new ECPoint(y, x), new ECPoint(x, x)}) {
            assertThrows(
                    Exception.class,
                    () -> VerificationKey.ecdsa256(
                            KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, key.getParams()))));
        }
    }

    @Test
    void anotherKindOfKeyIsRefused() {
        assertRefused("RS256 needs an RSA public key, was EC", () -> VerificationKey.rsa256(TestKeys.P256.getPublic()));
        assertRefused(
                "ES256 needs an elliptic curve public key, was RSA",
                () -> VerificationKey.ecdsa256(TestKeys.RSA.getPublic()));
        assertRefused(
                "RS256 needs RSAPrivateKey with the key in memory; for a key in an HSM or a key service use"
                        + " VerificationKey.signedBy",
                () -> SigningKey.rsa256(new KeyPair(TestKeys.RSA.getPublic(), TestKeys.P256.getPrivate())));
    }

    @Test
    void aPublicKeyThatDoesNotBelongToThePrivateKeyIsRefused() {
        String rule = "The public key does not belong to the private key";
        assertRefused(
                rule, () -> SigningKey.rsa256(new KeyPair(TestKeys.OTHER_RSA.getPublic(), TestKeys.RSA.getPrivate())));
        assertRefused(
                rule,
                () -> SigningKey.ecdsa256(new KeyPair(TestKeys.OTHER_P256.getPublic(), TestKeys.P256.getPrivate())));
        assertRefused(
                rule, () -> SigningKey.ecdsa256(new KeyPair(TestKeys.P256.getPublic(), TestKeys.P384.getPrivate())));
    }

    @Test
    void nullIsRefusedByName() {
        assertNamesNull("publicKey", () -> VerificationKey.rsa256(null));
        assertNamesNull("keyPair", () -> SigningKey.ecdsa512(null));
        assertNamesNull("keyPair.private", () -> SigningKey.rsa256(new KeyPair(TestKeys.RSA.getPublic(), null)));
        assertNamesNull("keyPair.public", () -> SigningKey.rsa256(new KeyPair(null, TestKeys.RSA.getPrivate())));
        assertNamesNull(
                "signer", () -> VerificationKey.rsa256(TestKeys.RSA.getPublic()).signedBy(null));
        assertNamesNull(
                "keyId", () -> VerificationKey.rsa256(TestKeys.RSA.getPublic()).withKeyId(null));
    }

    @Test
    void aKeyIdIsTheThumbprintUntilAnotherIsGiven() {
        VerificationKey key = VerificationKey.ecdsa256(TestKeys.P256.getPublic());

        assertEquals(key.thumbprint(), key.keyId());
        assertEquals("2026", key.withKeyId("2026").keyId());
        assertNull(key.withoutKeyId().keyId());
        assertEquals(
                "VerificationKey[algorithm=ES256, keyId=2026]",
                key.withKeyId("2026").toString());
        assertThrows(IllegalArgumentException.class, () -> key.withKeyId("a b"));
    }

    @Test
    void aKeyInAKeyServiceSignsWithEachAlgorithm() {
        TestKeys.signers().filter(signer -> !signer.isSymmetric()).forEach(signer -> {
            String hash = "SHA" + signer.algorithm().substring(2);
            PrivateKey privateKey = signer.privateKey();
            boolean isRsa = signer.algorithm().startsWith("RS");
            for (String form :
                    isRsa ? new String[] {"withRSA"} : new String[] {"withECDSA", "withECDSAinP1363Format"}) {
                SigningKey remote =
                        signer.key().verificationKey().signedBy(content -> sign(hash + form, privateKey, content));
                SessionAwareTokenService issuing =
                        aServiceOn(store).signingKey(remote).build();
                // Each signature is another one, and ECDSA's numbers are shorter now and then.
                for (int i = 0; i < 20; i++) {
                    String token = issuing.issue("alice", ClientInfo.unknown()).accessToken();
                    SessionAwareTokenService validating = aServiceOn(
                                    store, () -> KeyRing.verifying(signer.key().verificationKey()))
                            .build();
                    assertEquals("alice", validating.validate(token).userId());
                }
            }
        });
    }

    @Test
    void whatAKeyServiceReturnsIsVerifiedBeforeAnythingIsStored() {
        VerificationKey key = VerificationKey.ecdsa256(TestKeys.P256.getPublic());
        PrivateKey other = TestKeys.OTHER_P256.getPrivate();
        String wrong = "The signer returned no signature by this key and algorithm, ES256";
        String odd = "The signer returned neither DER nor 64 bytes";

        assertIssueFails(wrong, key.signedBy(content -> sign("SHA256withECDSA", other, content)));
        assertIssueFails(wrong, key.signedBy(content -> sign("SHA512withECDSA", TestKeys.P256.getPrivate(), content)));
        assertIssueFails(wrong, key.signedBy(content -> new byte[64]));
        assertIssueFails(odd, key.signedBy(content -> new byte[0]));
        assertIssueFails(odd, key.signedBy(content -> new byte[65]));
        assertIssueFails(odd, key.signedBy(content -> new byte[] {0x30, 5, 2, 1}));
        assertIssueFails("The signer returned null", key.signedBy(content -> null));
        assertIssueFails(
                "The signer returned no signature by this key and algorithm, RS256",
                VerificationKey.rsa256(TestKeys.RSA.getPublic()).signedBy(UnaryOperator.identity()));
    }

    @Test
    void whatAKeyServiceThrowsReachesTheCaller() {
        IllegalStateException outage = new IllegalStateException("The key service is down");
        SigningKey key = VerificationKey.rsa256(TestKeys.RSA.getPublic()).signedBy(content -> {
            throw outage;
        });

        assertSame(
                outage,
                assertThrows(
                        IllegalStateException.class,
                        () -> aServiceOn(store).signingKey(key).build().issue("alice", ClientInfo.unknown())));
        assertEquals(0, store.calls());
    }

    @Test
    void aSecretIsNotSignedWithElsewhere() {
        VerificationKey key = SigningKey.hmac256(TestKeys.secret(32)).verificationKey();

        assertThrows(IllegalStateException.class, () -> key.signedBy(UnaryOperator.identity()));
    }

    private void assertIssueFails(String message, SigningKey key) {
        SessionAwareTokenService service = aServiceOn(store).signingKey(key).build();
        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> service.issue("alice", ClientInfo.unknown()));
        assertEquals(message, failure.getMessage());
        assertEquals(0, store.calls());
    }

    private static byte[] sign(String algorithm, PrivateKey key, byte[] content) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PublicKey rsa(BigInteger modulus, long exponent) {
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(exponent)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static void assertNamesNull(String parameter, Executable call) {
        assertEquals(parameter, assertThrows(NullPointerException.class, call).getMessage());
    }
}
