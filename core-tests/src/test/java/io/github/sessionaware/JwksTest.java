package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.TestKeys.Signer;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.ReferenceStore;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nimbus and jose4j verify our tokens with keys from our key set, and this library verifies tokens that they sign. */
class JwksTest {
    private final CountingStore store = new CountingStore(new ReferenceStore());

    @ParameterizedTest
    @MethodSource("io.github.sessionaware.TestKeys#signers")
    void jose4jVerifiesOurTokens(Signer signer) throws Exception {
        String token = tokenBy(signer);
        JsonWebKeySet keySet = new JsonWebKeySet(KeyRing.of(signer.key()).jwks());
        JwtConsumerBuilder consumer =
                new JwtConsumerBuilder().setExpectedIssuer(ISSUER).setExpectedAudience(ISSUER);
        if (signer.isSymmetric()) {
            consumer.setVerificationKey(signer.jcaKey());
        } else {
            consumer.setVerificationKeyResolver(new JwksVerificationKeyResolver(keySet.getJsonWebKeys()));
        }

        assertEquals("alice", consumer.build().processToClaims(token).getSubject());
        String forged = token.substring(0, token.length() - 20) + "A".repeat(20);
        assertThrows(InvalidJwtException.class, () -> consumer.build().processToClaims(forged));
    }

    @ParameterizedTest
    @MethodSource("io.github.sessionaware.TestKeys#signers")
    void theKeySetNamesUseAlgorithmAndIdOfEachKey(Signer signer) throws Exception {
        JWKSet keySet = JWKSet.parse(KeyRing.of(signer.key()).jwks());
        if (signer.isSymmetric()) {
            assertEquals("{\"keys\":[]}", KeyRing.of(signer.key()).jwks());
            return;
        }

        JWK key = keySet.getKeys().get(0);
        assertFalse(key.isPrivate());
        assertEquals(KeyUse.SIGNATURE, key.getKeyUse());
        assertEquals(signer.algorithm(), key.getAlgorithm().getName());
        assertEquals(signer.key().keyId(), key.getKeyID());
        assertEquals(key.computeThumbprint().toString(), signer.key().keyId());
        assertEquals(signer.key().verificationKey().publicKey(), ((AsymmetricJWK) key).toPublicKey());
    }

    /** The example of RFC 7638, section 3.1. */
    @Test
    void theThumbprintMatchesTheExampleOfTheStandard() throws Exception {
        JWK key = JWK.parse("""
                {"kty":"RSA","e":"AQAB","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuh\
                DR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Qvzq\
                Y368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XP\
                ksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}
                """);

        assertEquals(
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
                Jwks.thumbprint(key.toRSAKey().toPublicKey()));
    }

    @Test
    void aKeySetHasEveryKeyOfTheRingAndEscapesKeyIds() throws Exception {
        KeyRing ring = KeyRing.of(
                SigningKey.of(JwsAlgorithm.RS256, TestKeys.RSA).withKeyId("a\"\\b"),
                SigningKey.of(JwsAlgorithm.ES256, TestKeys.P256).verificationKey(),
                SigningKey.of(JwsAlgorithm.ES512, TestKeys.P521).withoutKeyId().verificationKey());

        List<JWK> keys = JWKSet.parse(ring.jwks()).getKeys();

        assertEquals(
                List.of(
                        "a\"\\b",
                        SigningKey.of(JwsAlgorithm.ES256, TestKeys.P256).keyId()),
                keys.stream().map(JWK::getKeyID).filter(id -> id != null).toList());
        assertEquals(3, keys.size());
        assertFalse(ring.jwks().contains("\"d\""));
        for (JsonWebKey key : new JsonWebKeySet(ring.jwks()).getJsonWebKeys()) {
            assertEquals(null, ((PublicJsonWebKey) key).getPrivateKey());
        }
    }

    /**
     * Coordinates keep their leading zeros (RFC 7518, section 6.2.1.2). Of these keys one has a short x, one a short y.
     */
    @ParameterizedTest
    @CsvSource({
        "8f00703096dd834a1c7e9e90db990a4420211f560651295ee33ccc469949,"
                + " f5cbb50462852256d36ec3270a23d54414913186c4bf3998da3f85d3338e4b56",
        "21339e800f89988600eed533884cd427a8ff0eb554ebeb06c4e55713beaba2a0,"
                + " 9bd042a666f1971db190bdef0aef3a661aa10182662d1ba13627db11fca1c9"
    })
    void shortCoordinatesArePadded(String x, String y) throws Exception {
        ECParameterSpec p256 = ((ECPublicKey) TestKeys.P256.getPublic()).getParams();
        PublicKey key = KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(new ECPoint(new BigInteger(x, 16), new BigInteger(y, 16)), p256));

        String jwks =
                KeyRing.verifying(VerificationKey.of(JwsAlgorithm.ES256, key)).jwks();

        assertTrue(jwks.matches(".*\"x\":\"[\\w-]{43}\",\"y\":\"[\\w-]{43}\".*"), jwks);
        assertEquals(key, ((AsymmetricJWK) JWKSet.parse(jwks).getKeys().get(0)).toPublicKey());
    }

    @ParameterizedTest
    @MethodSource("io.github.sessionaware.TestKeys#signers")
    void aTokenSignedByNimbusIsAcceptedOnlyIfEveryClaimIsRight(Signer signer) throws Exception {
        String sessionId = aServiceWith(signer)
                .issue("alice", ClientInfo.unknown())
                .session()
                .id();
        assertEquals(
                "alice",
                aServiceWith(signer)
                        .validate(byNimbus(signer, right(sessionId), "at+jwt"))
                        .userId());
        wrong().forEach((name, change) -> {
            Map<String, Object> claims = right(sessionId);
            change.accept(claims);
            assertRefused(signer, byNimbus(signer, claims, "at+jwt"), name);
        });
        assertRefused(signer, byNimbus(signer, right(sessionId), "JWT"), "typ");
        for (String keyId : new String[] {"other", "", null}) {
            assertRefused(signer, byNimbus(signer, right(sessionId), "at+jwt", keyId), "kid " + keyId);
        }
    }

    /** A service without this library would be set up like this. */
    @ParameterizedTest
    @MethodSource("io.github.sessionaware.TestKeys#signers")
    void nimbusVerifiesOurTokensWithTheKeySetAlone(Signer signer) throws Exception {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
        JWKSet keySet = signer.isSymmetric()
                ? new JWKSet(new OctetSequenceKey.Builder(signer.secret())
                        .keyID(signer.key().keyId())
                        .build())
                : JWKSet.parse(KeyRing.of(signer.key()).jwks());
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                JWSAlgorithm.parse(signer.algorithm()), new ImmutableJWKSet<>(keySet)));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                ISSUER, new JWTClaimsSet.Builder().issuer(ISSUER).build(), Set.of("sub", "iat", "exp", "jti", "sid")));
        String token = tokenBy(signer);

        assertEquals("alice", processor.process(token, null).getSubject());
        Signer other = TestKeys.strangers().stream()
                .filter(each -> each.algorithm().equals(signer.algorithm()))
                .findFirst()
                .orElseThrow();
        String forged =
                byNimbus(other, right("A".repeat(24)), "at+jwt", signer.key().keyId());
        assertThrows(BadJWSException.class, () -> processor.process(forged, null));
    }

    @ParameterizedTest
    @MethodSource("io.github.sessionaware.TestKeys#signers")
    void aTokenSignedByJose4jIsAccepted(Signer signer) throws Exception {
        String sessionId = aServiceWith(signer)
                .issue("alice", ClientInfo.unknown())
                .session()
                .id();

        assertEquals(
                "alice",
                aServiceWith(signer)
                        .validate(byJose4j(signer, right(sessionId)))
                        .userId());
    }

    private static Map<String, Object> right(String sessionId) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", ISSUER);
        claims.put("sub", "alice");
        claims.put("aud", ISSUER);
        claims.put("iat", seconds(0));
        claims.put("exp", seconds(600));
        claims.put("jti", "1");
        claims.put("sid", sessionId);
        return claims;
    }

    private static Map<String, Consumer<Map<String, Object>>> wrong() {
        Map<String, Consumer<Map<String, Object>>> wrong = new LinkedHashMap<>();
        for (String claim : List.of("iss", "sub", "aud", "iat", "exp", "jti", "sid")) {
            wrong.put("without " + claim, claims -> claims.remove(claim));
        }
        wrong.put("another user", claims -> claims.put("sub", "bob"));
        wrong.put("an unknown session", claims -> claims.put("sid", "A".repeat(24)));
        wrong.put("another issuer", claims -> claims.put("iss", "https://other.example"));
        wrong.put("another audience", claims -> claims.put("aud", "https://other.example"));
        wrong.put("two other audiences", claims -> claims.put("aud", List.of("a", "https://other.example")));
        wrong.put("expired", claims -> claims.put("exp", seconds(-600)));
        wrong.put("not yet", claims -> claims.put("nbf", seconds(600)));
        wrong.put("a fraction", claims -> claims.put("exp", seconds(600) + 0.5));
        wrong.put("text for a time", claims -> claims.put("iat", "now"));
        wrong.put("a number for an id", claims -> claims.put("sid", 1));
        return wrong;
    }

    private static long seconds(long fromNow) {
        return Instant.now().getEpochSecond() + fromNow;
    }

    /** Only the store knows whose session it is and whether it exists. */
    private void assertRefused(Signer signer, String token, String name) {
        store.reset();
        Reason reason = assertThrows(
                        InvalidTokenException.class, () -> aServiceWith(signer).validate(token), name)
                .reason();
        boolean isOurs = name.equals("another user") || name.equals("an unknown session");
        assertEquals(isOurs, reason == Reason.SESSION_ENDED, name);
        assertEquals(isOurs ? 1 : 0, store.calls(), name);
    }

    private static String byNimbus(Signer signer, Map<String, Object> claims, String type) {
        return byNimbus(signer, claims, type, signer.key().keyId());
    }

    private static String byNimbus(Signer signer, Map<String, Object> claims, String type, String keyId) {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.parse(signer.algorithm()))
                    .type(new JOSEObjectType(type))
                    .keyID(keyId)
                    .build();
            JWSObject token = new JWSObject(header, new Payload(claims));
            token.sign(nimbusSigner(signer));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String byJose4j(Signer signer, Map<String, Object> claims) {
        try {
            JsonWebSignature token = new JsonWebSignature();
            token.setAlgorithmHeaderValue(signer.algorithm());
            token.setHeader("typ", "at+jwt");
            token.setKeyIdHeaderValue(signer.key().keyId());
            token.setPayload(JsonUtil.toJson(claims));
            token.setKey(signer.jcaKey());
            return token.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JWSSigner nimbusSigner(Signer signer) throws JOSEException {
        if (signer.isSymmetric()) {
            return new MACSigner(signer.secret());
        }
        return signer.privateKey() instanceof ECPrivateKey ec
                ? new ECDSASigner(ec)
                : new RSASSASigner(signer.privateKey());
    }

    private String tokenBy(Signer signer) {
        return aServiceWith(signer).issue("alice", ClientInfo.unknown()).accessToken();
    }

    private SessionAwareTokenService aServiceWith(Signer signer) {
        return aServiceOn(store).signingKey(signer.key()).build();
    }
}
