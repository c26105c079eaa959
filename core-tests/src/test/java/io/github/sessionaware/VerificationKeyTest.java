package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.auth0.jwt.JWT;
import com.auth0.jwt.exceptions.JWTCreationException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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
                VerificationKey.of(JwsAlgorithm.RS256, TestKeys.RSA.getPublic())
                        .algorithm()
                        .getName());
        assertRefused(
                "RS256 needs an RSA key of at least 2048 bits (RFC 7518, section 3.3), was 2047",
                () -> VerificationKey.of(
                        JwsAlgorithm.RS256, rsa(BigInteger.ONE.shiftLeft(2046).setBit(0), BigInteger.valueOf(65_537))));
        assertRefused(
                "RS512 needs an RSA key of at least 2048 bits (RFC 7518, section 3.3), was 1024",
                () -> SigningKey.of(JwsAlgorithm.RS512, TestKeys.rsa(1024)));
    }

    /** The JDK itself refuses 1, with which every message is its own signature. */
    @Test
    void anRsaExponentIsOddAndNotSmall() {
        BigInteger modulus = ((RSAPublicKey) TestKeys.RSA.getPublic()).getModulus();
        for (long exponent : new long[] {3, 17, 65_535, 65_536, 65_538}) {
            assertRefused(
                    "RS384 needs an RSA key whose public exponent is odd, at least 65537 and under 2^256 (FIPS 186-5,"
                            + " appendix A.1.1), was " + exponent,
                    () -> VerificationKey.of(JwsAlgorithm.RS384, rsa(modulus, BigInteger.valueOf(exponent))));
        }
        assertRefused(
                "RS384 needs an RSA key whose public exponent is odd, at least 65537 and under 2^256 (FIPS 186-5,"
                        + " appendix A.1.1), was of 257 bits",
                () -> VerificationKey.of(
                        JwsAlgorithm.RS384,
                        rsa(modulus, BigInteger.ONE.shiftLeft(256).setBit(0))));
        assertEquals(
                "RS384",
                VerificationKey.of(
                                JwsAlgorithm.RS384,
                                rsa(modulus, BigInteger.ONE.shiftLeft(255).setBit(0)))
                        .algorithm()
                        .getName());
        assertRefused(
                "RS256 needs an RSA key whose modulus is odd, as a product of primes is",
                () -> VerificationKey.of(
                        JwsAlgorithm.RS256, rsa(modulus.add(BigInteger.ONE), BigInteger.valueOf(65_537))));
        assertEquals(
                "RS384",
                VerificationKey.of(JwsAlgorithm.RS384, rsa(modulus, BigInteger.valueOf(65_537)))
                        .algorithm()
                        .getName());
    }

    @Test
    void aKeyMustBeOnTheCurveOfItsAlgorithm() {
        Map<String, Function<PublicKey, VerificationKey>> algorithms = Map.of(
                "ES256 needs a key on the curve P-256", key -> VerificationKey.of(JwsAlgorithm.ES256, key),
                "ES384 needs a key on the curve P-384", key -> VerificationKey.of(JwsAlgorithm.ES384, key),
                "ES512 needs a key on the curve P-521", key -> VerificationKey.of(JwsAlgorithm.ES512, key));
        for (KeyPair key : new KeyPair[] {TestKeys.P256, TestKeys.P384, TestKeys.P521}) {
            String curve = "P-"
                    + ((ECPublicKey) key.getPublic()).getParams().getOrder().bitLength();
            algorithms.forEach((rule, algorithm) -> {
                if (rule.endsWith(curve)) {
                    assertEquals(
                            curve,
                            Curve.find((ECPublicKey) key.getPublic())
                                    .orElseThrow()
                                    .standardName());
                    assertEquals(algorithm.apply(key.getPublic()).thumbprint(), Jwks.thumbprint(key.getPublic()));
                } else {
                    assertRefused(
                            rule + " (RFC 7518, section 3.4), was on " + curve, () -> algorithm.apply(key.getPublic()));
                }
            });
        }
    }

    /** The JDK may refuse such a key first, but another provider may make one. */
    @Test
    void aPointThatIsNotOnTheCurveIsRefused() {
        ECParameterSpec p256 = ((ECPublicKey) TestKeys.P256.getPublic()).getParams();
        ECPoint right = ((ECPublicKey) TestKeys.P256.getPublic()).getW();
        BigInteger p = ((ECFieldFp) p256.getCurve().getField()).getP();
        BigInteger x = right.getAffineX();
        BigInteger y = right.getAffineY();
        assertEquals(
                SigningKey.of(JwsAlgorithm.ES256, TestKeys.P256).keyId(),
                VerificationKey.of(JwsAlgorithm.ES256, new OwnKey(right, p256)).keyId());
        String rule =
                "ES256 needs a key on the curve P-256 (RFC 7518, section 3.4), was on none of P-256, P-384 and P-521";
        for (ECPoint point : List.of(
                new ECPoint(x, y.flipBit(0)),
                new ECPoint(y, x),
                new ECPoint(x, x),
                new ECPoint(x.add(p), y),
                new ECPoint(
                        p, p256.getCurve().getB().modPow(p.add(BigInteger.ONE).shiftRight(2), p)),
                new ECPoint(x, y.add(p)),
                new ECPoint(x, y.subtract(p)),
                new ECPoint(BigInteger.ZERO, BigInteger.ZERO),
                ECPoint.POINT_INFINITY)) {
            assertRefused(rule, () -> VerificationKey.of(JwsAlgorithm.ES256, new OwnKey(point, p256)));
        }
        assertRefused(rule, () -> VerificationKey.of(JwsAlgorithm.ES256, new OwnKey(right, null)));
    }

    /** The equation of the curve does not suffice: whoever chooses the generator can know a private key. */
    @Test
    void aCurveWithAnotherGeneratorOrOrderIsRefused() {
        ECPublicKey key = (ECPublicKey) TestKeys.P256.getPublic();
        ECParameterSpec p256 = key.getParams();
        BigInteger p = ((ECFieldFp) p256.getCurve().getField()).getP();
        BigInteger otherA = p256.getCurve().getA().add(BigInteger.ONE).mod(p);
        BigInteger otherB = p256.getCurve()
                .getB()
                .subtract(p256.getGenerator().getAffineX())
                .mod(p);
        EllipticCurve throughTheSamePoint = new EllipticCurve(p256.getCurve().getField(), otherA, otherB);
        for (ECParameterSpec odd : List.of(
                new ECParameterSpec(throughTheSamePoint, p256.getGenerator(), p256.getOrder(), 1),
                new ECParameterSpec(p256.getCurve(), key.getW(), p256.getOrder(), 1),
                new ECParameterSpec(
                        p256.getCurve(), p256.getGenerator(), p256.getOrder().add(BigInteger.TWO), 1),
                new ECParameterSpec(p256.getCurve(), p256.getGenerator(), p256.getOrder(), 2))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> VerificationKey.of(JwsAlgorithm.ES256, new OwnKey(key.getW(), odd)));
        }
    }

    /** RFC 8017 lets such a key sign with PSS only. */
    @Test
    void aKeyForPssIsRefused() throws Exception {
        RSAPublicKey rsa = (RSAPublicKey) TestKeys.RSA.getPublic();
        PublicKey pss = KeyFactory.getInstance("RSASSA-PSS")
                .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));

        assertRefused(
                "RS256 needs an RSA public key, was RSASSA-PSS", () -> VerificationKey.of(JwsAlgorithm.RS256, pss));
    }

    /** java-jwt's exception would read like a refusal of the claims. */
    @Test
    void aKeyThatNoLongerSignsIsAFailure() {
        AtomicBoolean isLost = new AtomicBoolean();
        RSAPrivateKey real = (RSAPrivateKey) TestKeys.RSA.getPrivate();
        class Fading extends OwnPrivateKey implements RSAPrivateKey {
            private static final long serialVersionUID = 1L;

            @Override
            public BigInteger getPrivateExponent() {
                return real.getPrivateExponent();
            }

            @Override
            public BigInteger getModulus() {
                return isLost.get() ? BigInteger.TEN : real.getModulus();
            }
        }
        SigningKey key = SigningKey.of(JwsAlgorithm.RS256, new KeyPair(TestKeys.RSA.getPublic(), new Fading()));
        SessionAwareTokenService service = aServiceOn(store).signingKey(key).build();
        service.issue("alice", ClientInfo.unknown());
        store.reset();

        isLost.set(true);

        assertEquals(
                "The key ring's signing key could not sign; the cause says why",
                assertThrows(IllegalStateException.class, () -> service.issue("alice", ClientInfo.unknown()))
                        .getMessage());
        assertEquals(0, store.calls());
    }

    @Test
    void anotherKindOfKeyIsRefused() {
        assertRefused(
                "RS256 needs an RSA public key, was EC",
                () -> VerificationKey.of(JwsAlgorithm.RS256, TestKeys.P256.getPublic()));
        assertRefused(
                "ES256 needs an elliptic curve public key, was RSA",
                () -> VerificationKey.of(JwsAlgorithm.ES256, TestKeys.RSA.getPublic()));
        assertRefused(
                "RS256 needs a private key of the algorithm RSA, was EC",
                () -> SigningKey.of(
                        JwsAlgorithm.RS256, new KeyPair(TestKeys.RSA.getPublic(), TestKeys.P256.getPrivate())));
    }

    @Test
    void primesOfAnotherModulusAreRefused() throws Exception {
        RSAPrivateCrtKey rsa = (RSAPrivateCrtKey) TestKeys.RSA.getPrivate();
        PrivateKey odd = KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        rsa.getModulus(),
                        rsa.getPublicExponent(),
                        rsa.getPrivateExponent(),
                        BigInteger.ONE.shiftLeft(100_000).setBit(0),
                        rsa.getPrimeQ(),
                        BigInteger.ONE.shiftLeft(100_000),
                        rsa.getPrimeExponentQ(),
                        rsa.getCrtCoefficient()));

        assertRefused(
                "The product of the private key's primes is not its modulus",
                () -> SigningKey.of(JwsAlgorithm.RS256, new KeyPair(TestKeys.RSA.getPublic(), odd)));
    }

    /** The JDK's bridge to an HSM makes such keys: they have a name, but no numbers. */
    @Test
    void aPrivateKeyOutsideOfMemoryNeedsASigner() {
        assertRefused(
                "RS256 needs a private key in memory; for one in an HSM or a key service use SigningKey.remote",
                () -> SigningKey.of(JwsAlgorithm.RS256, new KeyPair(TestKeys.RSA.getPublic(), new OwnPrivateKey())));
    }

    @Test
    void aPublicKeyThatDoesNotBelongToThePrivateKeyIsRefused() {
        String rule = "The public key does not belong to the private key";
        assertRefused(
                rule,
                () -> SigningKey.of(
                        JwsAlgorithm.RS256, new KeyPair(TestKeys.OTHER_RSA.getPublic(), TestKeys.RSA.getPrivate())));
        assertRefused(
                rule,
                () -> SigningKey.of(
                        JwsAlgorithm.ES256, new KeyPair(TestKeys.OTHER_P256.getPublic(), TestKeys.P256.getPrivate())));
        assertRefused(
                rule,
                () -> SigningKey.of(
                        JwsAlgorithm.ES256, new KeyPair(TestKeys.P256.getPublic(), TestKeys.P384.getPrivate())));
    }

    @Test
    void nullIsRefusedByName() {
        assertNamesNull("publicKey", () -> VerificationKey.of(JwsAlgorithm.RS256, null));
        assertNamesNull("keyPair", () -> SigningKey.of(JwsAlgorithm.ES512, (KeyPair) null));
        assertNamesNull(
                "keyPair.private",
                () -> SigningKey.of(JwsAlgorithm.RS256, new KeyPair(TestKeys.RSA.getPublic(), null)));
        assertNamesNull(
                "keyPair.public",
                () -> SigningKey.of(JwsAlgorithm.RS256, new KeyPair(null, TestKeys.RSA.getPrivate())));
        assertNamesNull(
                "signer",
                () -> SigningKey.remote(VerificationKey.of(JwsAlgorithm.RS256, TestKeys.RSA.getPublic()), null));
        assertNamesNull(
                "keyId",
                () -> VerificationKey.of(JwsAlgorithm.RS256, TestKeys.RSA.getPublic())
                        .withKeyId(null));
    }

    @Test
    void aKeyIdIsTheThumbprintUntilAnotherIsGiven() {
        VerificationKey key = VerificationKey.of(JwsAlgorithm.ES256, TestKeys.P256.getPublic());

        assertEquals(key.thumbprint(), key.keyId());
        assertEquals("2026", key.withKeyId("2026").keyId());
        assertNull(key.withoutKeyId().keyId());
        assertEquals(
                "VerificationKey[algorithm=ES256, keyId=2026]",
                key.withKeyId("2026").toString());
    }

    @Test
    void aKeyInAKeyServiceSignsWithEachAlgorithm() {
        TestKeys.signers().filter(signer -> !signer.isSymmetric()).forEach(signer -> {
            String hash = "SHA" + signer.algorithm().substring(2);
            PrivateKey privateKey = signer.privateKey();
            boolean isRsa = signer.algorithm().startsWith("RS");
            SessionAwareTokenService validating = aServiceOn(
                            store, () -> KeyRing.verifying(signer.key().verificationKey()))
                    .build();
            for (String form :
                    isRsa ? new String[] {"withRSA"} : new String[] {"withECDSA", "withECDSAinP1363Format"}) {
                SigningKey remote = SigningKey.remote(
                        signer.key().verificationKey(), content -> sign(hash + form, privateKey, content));
                SessionAwareTokenService issuing =
                        aServiceOn(store).signingKey(remote).build();
                String token = issuing.issue("alice", ClientInfo.unknown()).accessToken();
                assertEquals("alice", validating.validate(token).userId());
            }
        });
    }

    @Test
    void aSignatureOfAKeyServiceIsVerifiedBeforeTheSessionIsStored() {
        VerificationKey key = VerificationKey.of(JwsAlgorithm.ES256, TestKeys.P256.getPublic());
        PrivateKey other = TestKeys.OTHER_P256.getPrivate();
        String wrong = "The signer returned a signature that this key does not verify with ES256";
        String odd = "The signer returned neither a signature in DER nor one of 64 bytes";

        assertIssueFails(wrong, SigningKey.remote(key, content -> sign("SHA256withECDSA", other, content)));
        assertIssueFails(
                wrong, SigningKey.remote(key, content -> sign("SHA512withECDSA", TestKeys.P256.getPrivate(), content)));
        assertIssueFails(wrong, SigningKey.remote(key, content -> new byte[64]));
        assertIssueFails(odd, SigningKey.remote(key, content -> new byte[0]));
        assertIssueFails(odd, SigningKey.remote(key, content -> new byte[65]));
        assertIssueFails(odd, SigningKey.remote(key, content -> new byte[] {0x30, 5, 2, 1}));
        assertIssueFails(odd, SigningKey.remote(key, content -> new byte[20_000_000]));
        assertIssueFails(
                odd, SigningKey.remote(key, content -> Der.encoded(Der.SEQUENCE, new byte[] {2, 0, 2, 0, 2, 0})));
        assertIssueFails("The signer returned null", SigningKey.remote(key, content -> null));
        assertIssueFails(
                "The signer returned a signature that this key does not verify with RS256",
                SigningKey.remote(
                        VerificationKey.of(JwsAlgorithm.RS256, TestKeys.RSA.getPublic()), UnaryOperator.identity()));
    }

    /** The token gets the verified signature, even if the signer changes its array afterwards. */
    @Test
    void aSignatureOfAKeyServiceIsCopied() {
        byte[] buffer = new byte[256];
        SigningKey key =
                SigningKey.remote(VerificationKey.of(JwsAlgorithm.RS256, TestKeys.RSA.getPublic()), content -> {
                    byte[] signature = sign("SHA256withRSA", TestKeys.RSA.getPrivate(), content);
                    System.arraycopy(signature, 0, buffer, 0, signature.length);
                    return buffer;
                });

        byte[] signature = key.algorithm().sign("e30".getBytes(UTF_8), "e30".getBytes(UTF_8));
        byte[] given = signature.clone();
        Arrays.fill(buffer, (byte) 0);

        assertArrayEquals(given, signature);
    }

    @Test
    void anExceptionOfAKeyServiceReachesTheCaller() {
        IllegalStateException outage = new IllegalStateException("The key service is down");
        SigningKey key =
                SigningKey.remote(VerificationKey.of(JwsAlgorithm.RS256, TestKeys.RSA.getPublic()), content -> {
                    throw outage;
                });

        assertSame(
                outage,
                assertThrows(
                        IllegalStateException.class,
                        () -> aServiceOn(store).signingKey(key).build().issue("alice", ClientInfo.unknown())));
        assertEquals(0, store.calls());
    }

    /** A failed call uses up and writes nothing, so the client can retry. */
    @Test
    void aKeyServiceThatFailsLaterEndsNothing() {
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        SigningKey key =
                SigningKey.remote(VerificationKey.of(JwsAlgorithm.RS256, TestKeys.RSA.getPublic()), content -> {
                    if (failure.get() != null) {
                        throw failure.get();
                    }
                    return sign("SHA256withRSA", TestKeys.RSA.getPrivate(), content);
                });
        FakeClock clock = new FakeClock(START);
        SessionAwareTokenService service = aServiceOn(store, () -> KeyRing.of(key.withoutKeyId()))
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .acceptStatelessTokensUntil(START.plusSeconds(60))
                .build();
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        AuthenticatedSession current = service.validate(issued.accessToken());
        String old = JWT.create()
                .withIssuer(ISSUER)
                .withAudience(ISSUER)
                .withSubject("alice")
                .withIssuedAt(START)
                .withExpiresAt(START.plusSeconds(60))
                .sign(key.algorithm());

        // Two of these read like a refused claim or a refused token.
        for (RuntimeException outage : List.of(
                new IllegalStateException("The key service is down"),
                new JWTCreationException("The key service is down", null),
                new InvalidTokenException(Reason.EXPIRED))) {
            failure.set(outage);
            store.reset();
            for (Executable call : List.<Executable>of(
                    () -> service.issue("bob", ClientInfo.unknown()),
                    () -> service.refresh(issued.refreshToken(), ClientInfo.unknown()),
                    () -> service.reauthenticate(current, LoginOptions.defaults()),
                    () -> service.migrateStateless(old, ClientInfo.unknown()))) {
                assertSame(outage, assertThrows(RuntimeException.class, call));
            }
            assertEquals(0, store.writes());
        }

        failure.set(null);
        IssuedTokens next = service.refresh(issued.refreshToken(), ClientInfo.unknown());
        clock.advance(Duration.ofMinutes(1).minusMillis(1));
        assertEquals(issued.session().id(), service.validate(next.accessToken()).sessionId());
        assertEquals(1, service.listSessions("alice").size());
    }

    @Test
    void aSecretCannotBeKeptInAKeyService() {
        VerificationKey key = SigningKey.hmac256(TestKeys.secret(32)).verificationKey();

        assertRefused(
                "verificationKey must have a public key that verifies signatures, but is an HMAC key",
                () -> SigningKey.remote(key, UnaryOperator.identity()));
    }

    private void assertIssueFails(String message, SigningKey key) {
        SessionAwareTokenService service = aServiceOn(store).signingKey(key).build();
        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> service.issue("alice", ClientInfo.unknown()));
        assertEquals(message, failure.getMessage());
        assertNull(failure.getCause());
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

    private static PublicKey rsa(BigInteger modulus, BigInteger exponent) {
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(String message, Executable call) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call);
        assertEquals(message, refusal.getMessage());
        assertNull(refusal.getCause(), "A cause might quote the key");
    }

    /** Another provider might make such a key: its numbers cannot be read. */
    private static class OwnPrivateKey implements PrivateKey {
        private static final long serialVersionUID = 1L;

        @Override
        public String getAlgorithm() {
            return "RSA";
        }

        @Override
        public String getFormat() {
            return "none";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[0];
        }
    }

    /** Another provider might make such a key, without checks. */
    private record OwnKey(ECPoint point, ECParameterSpec parameters) implements ECPublicKey {
        private static final long serialVersionUID = 1L;

        @Override
        public ECPoint getW() {
            return point;
        }

        @Override
        public ECParameterSpec getParams() {
            return parameters;
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return "none";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[0];
        }
    }

    private static void assertNamesNull(String parameter, Executable call) {
        assertEquals(parameter, assertThrows(NullPointerException.class, call).getMessage());
    }
}
