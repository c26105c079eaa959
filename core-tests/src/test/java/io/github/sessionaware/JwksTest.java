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
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
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
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.TestKeys.Signer;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.ReferenceStore;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
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
import org.junit.jupiter.params.provider.MethodSource;

/** Our tokens in the hands of Nimbus and jose4j, which know our keys from the key set only; and theirs in ours. */
class JwksTest {
    private final CountingStore store = new CountingStore(new ReferenceStore());

    @ParameterizedTest
    @MethodSource("io.github.sessionaware.TestKeys#signers")
    void nimbusVerifiesOurTokens(Signer signer) throws Exception {
        SignedJWT token = SignedJWT.parse(tokenBy(signer));
        JWKSet keySet = JWKSet.parse(KeyRing.of(signer.key()).jwks());

        assertTrue(token.verify(nimbusVerifier(signer, keySet, token)));
        assertEquals("alice", token.getJWTClaimsSet().getSubject());
    }

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
    void theKeySetSaysWhatEachKeyIsFor(Signer signer) throws Exception {
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
    void theThumbprintIsThatOfTheStandard() throws Exception {
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
                SigningKey.rsa256(TestKeys.RSA).withKeyId("a\"\\b"),
                SigningKey.ecdsa256(TestKeys.P256).verificationKey(),
                SigningKey.ecdsa512(TestKeys.P521).withoutKeyId().verificationKey());

        List<JWK> keys = JWKSet.parse(ring.jwks()).getKeys();

        assertEquals(
                List.of("a\"\\b", SigningKey.ecdsa256(TestKeys.P256).keyId()),
                keys.stream().map(JWK::getKeyID).filter(id -> id != null).toList());
        assertEquals(3, keys.size());
        assertFalse(ring.jwks().contains("\"d\""));
        for (JsonWebKey key : new JsonWebKeySet(ring.jwks()).getJsonWebKeys()) {
            assertEquals(null, ((PublicJsonWebKey) key).getPrivateKey());
        }
    }

    /** Coordinates keep their leading zeros (RFC 7518, section 6.2.1.2): one key in 128 has one. */
    @Test
    void shortCoordinatesArePadded() throws Exception {
        for (int i = 0; i < 600; i++) {
            KeyPair pair = TestKeys.ec("secp256r1");
            String jwks = KeyRing.verifying(VerificationKey.ecdsa256(pair.getPublic()))
                    .jwks();
            assertTrue(jwks.matches(".*\"x\":\"[\\w-]{43}\",\"y\":\"[\\w-]{43}\".*"), jwks);
            assertEquals(
                    pair.getPublic(),
                    ((AsymmetricJWK) JWKSet.parse(jwks).getKeys().get(0)).toPublicKey());
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.sessionaware.TestKeys#signers")
    void whatNimbusSignsWithOurKeyIsOursOnlyIfEveryClaimIs(Signer signer) throws Exception {
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

    /** As a service that knows nothing of this library would be set up. */
    @ParameterizedTest
    @MethodSource("io.github.sessionaware.TestKeys#signers")
    void nimbusProcessesOurTokensByTheKeySetAlone(Signer signer) throws Exception {
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
        Signer other = TestKeys.others().stream()
                .filter(each -> each.algorithm().equals(signer.algorithm()))
                .findFirst()
                .orElseThrow();
        String forged =
                byNimbus(other, right("A".repeat(24)), "at+jwt", signer.key().keyId());
        assertThrows(BadJWSException.class, () -> processor.process(forged, null));
    }

    @ParameterizedTest
    @MethodSource("io.github.sessionaware.TestKeys#signers")
    void whatJose4jSignsWithOurKeyIsOursOnlyIfEveryClaimIs(Signer signer) throws Exception {
        String sessionId = aServiceWith(signer)
                .issue("alice", ClientInfo.unknown())
                .session()
                .id();
        assertEquals(
                "alice",
                aServiceWith(signer)
                        .validate(byJose4j(signer, right(sessionId)))
                        .userId());
        wrong().forEach((name, change) -> {
            Map<String, Object> claims = right(sessionId);
            change.accept(claims);
            assertRefused(signer, byJose4j(signer, claims), name);
        });
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
        wrong.put("two audiences", claims -> claims.put("aud", List.of(ISSUER, "https://other.example")));
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

    /** Who the session belongs to, and whether it is there, only the store can say. */
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

    private static JWSVerifier nimbusVerifier(Signer signer, JWKSet keySet, SignedJWT token) throws Exception {
        if (signer.isSymmetric()) {
            return new MACVerifier(signer.secret());
        }
        JWK key = keySet.getKeyByKeyId(token.getHeader().getKeyID());
        return new DefaultJWSVerifierFactory()
                .createJWSVerifier(token.getHeader(), ((AsymmetricJWK) key).toPublicKey());
    }

    private String tokenBy(Signer signer) {
        return aServiceWith(signer).issue("alice", ClientInfo.unknown()).accessToken();
    }

    private SessionAwareTokenService aServiceWith(Signer signer) {
        return aServiceOn(store).signingKey(signer.key()).build();
    }
}
