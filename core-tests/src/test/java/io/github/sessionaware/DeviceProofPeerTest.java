package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestDevice;
import io.github.sessionaware.testing.TestService;
import org.junit.jupiter.api.Test;

/** Another library makes proofs that are accepted here, and accepts those that the tests of this project make. */
class DeviceProofPeerTest {
    private static final JOSEObjectType TYPE = new JOSEObjectType("dbsc+jwt");

    private final ReferenceStore store = new ReferenceStore();
    private final SessionAwareTokenService service = aServiceOn(store)
            .refreshTokens(TestService.refreshSecret())
            .deviceBinding(ExperimentalDeviceBinding.defaults())
            .build();
    private final ExperimentalBoundSessions bound = service.boundSessions();
    private final IssuedTokens login = service.issue("alice", ClientInfo.unknown());

    @Test
    void aProofOfAPeerWithAnEllipticCurveKeyBindsAndRenews() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).generate();
        bindsAndRenews(key, JWSAlgorithm.ES256);
    }

    @Test
    void aProofOfAPeerWithAnRsaKeyBindsAndRenews() throws Exception {
        RSAKey key = new RSAKeyGenerator(2048).generate();
        bindsAndRenews(key, JWSAlgorithm.RS256);
    }

    private void bindsAndRenews(JWK key, JWSAlgorithm algorithm) throws Exception {
        String registration = proof(
                new JWSHeader.Builder(algorithm)
                        .type(TYPE)
                        .jwk(key.toPublicJWK())
                        .build(),
                key,
                bound.registrationChallenge(login));

        IssuedTokens tokens = bound.bind(service.validate(login.accessToken()), registration, ClientInfo::unknown);

        String stored = store.find("alice", tokens.session().id()).orElseThrow().deviceKey();
        assertEquals(key.computeThumbprint(), JWK.parse(stored).computeThumbprint());
        String renewal = proof(new JWSHeader.Builder(algorithm).type(TYPE).build(), key, bound.nextChallenge(tokens));
        IssuedTokens next = bound.renew(bound.identifier(tokens), renewal, ClientInfo::unknown);
        assertEquals("alice", service.validate(next.accessToken()).userId());
    }

    private static String proof(JWSHeader header, JWK key, String challenge) throws Exception {
        SignedJWT jwt = new SignedJWT(
                header, new JWTClaimsSet.Builder().jwtID(challenge).build());
        jwt.sign(key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(key.toECKey()));
        return jwt.serialize();
    }

    @Test
    void aPeerAcceptsTheProofsOfTheTestDevice() throws Exception {
        for (TestDevice device : new TestDevice[] {TestDevice.es256(), TestDevice.rs256()}) {
            String challenge = bound.registrationChallenge(login);
            SignedJWT proof = SignedJWT.parse(device.registration(challenge));

            JWK key = proof.getHeader().getJWK();
            assertTrue(proof.verify(
                    key instanceof RSAKey rsa ? new RSASSAVerifier(rsa) : new ECDSAVerifier(key.toECKey())));
            assertEquals(TYPE, proof.getHeader().getType());
            assertEquals(challenge, proof.getJWTClaimsSet().getJWTID());
            assertEquals(
                    Jwks.thumbprint(device.keys().getPublic()),
                    key.computeThumbprint().toString());
        }
    }
}
