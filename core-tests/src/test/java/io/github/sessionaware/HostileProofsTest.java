package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.HostileProofs.Hostile;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestDevice;
import io.github.sessionaware.testing.TestService;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every bad proof is refused, and the store is not asked if the proof itself shows that it is bad. */
class HostileProofsTest {
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = aServiceOn(store)
            .clock(new FakeClock(START))
            .refreshTokens(TestService.refreshSecret())
            .deviceBinding(ExperimentalDeviceBinding.defaults())
            .build();
    private final ExperimentalBoundSessions bound = service.boundSessions();
    private final TestDevice device = TestDevice.es256();
    private final IssuedTokens login = service.issue("alice", ClientInfo.unknown());
    private final AuthenticatedSession current = service.validate(login.accessToken());

    @Test
    void everyHostileRegistrationIsRefusedWithoutAStoreCall() {
        assertHostileRegistrationsAreRefused(bound.registrationChallenge(login), current);
    }

    @Test
    void everyHostileRegistrationWithoutASessionIsRefusedWithoutAStoreCall() {
        assertHostileRegistrationsAreRefused(bound.crossSiteRegistrationChallenge(login), null);
    }

    private void assertHostileRegistrationsAreRefused(String challenge, AuthenticatedSession own) {
        List<Hostile> hostile = HostileProofs.ofRegistration(device, challenge);
        store.reset();

        for (Hostile proof : hostile) {
            InvalidTokenException refusal = assertThrows(
                    InvalidTokenException.class,
                    () -> bound.bind(own, proof.proof(), ClientInfo::unknown),
                    proof.name());
            assertEquals(0, store.calls(), proof.name());
            assertSaysNothingElse(refusal);
        }

        System.out.println("hostile registrations: " + hostile.size() + ", store calls: " + store.calls());
        assertTrue(hostile.size() >= 150);
        assertTrue(bound.bind(own, device.registration(challenge), ClientInfo::unknown)
                .session()
                .deviceBound());
    }

    @Test
    void everyHostileRenewalIsRefusedAndOnlyTheSignatureNeedsTheStore() {
        IssuedTokens tokens =
                bound.bind(current, device.registration(bound.registrationChallenge(login)), ClientInfo::unknown);
        String id = bound.identifier(tokens);
        String challenge = bound.nextChallenge(tokens);
        List<Hostile> hostile = HostileProofs.ofRenewal(device, challenge);
        SessionRecord before = store.find("alice", tokens.session().id()).orElseThrow();

        int withoutStore = 0;
        for (Hostile proof : hostile) {
            store.reset();
            SessionAwareJwtException refusal = assertThrows(
                    SessionAwareJwtException.class,
                    () -> bound.renew(id, proof.proof(), ClientInfo::unknown),
                    proof.name());
            assertFalse(refusal instanceof SessionStoreException, proof.name());
            assertEquals(proof.wrongSignature() ? 1 : 0, store.calls(), proof.name());
            assertEquals(0, store.writes(), proof.name());
            withoutStore += proof.wrongSignature() ? 0 : 1;
        }

        System.out.println("hostile renewals: " + hostile.size() + ", " + withoutStore + " without a store call");
        assertTrue(withoutStore >= 150);
        assertEquals(before, store.find("alice", tokens.session().id()).orElseThrow());
        bound.renew(id, device.renewal(challenge), ClientInfo::unknown);
    }

    /** The first fault decides, so that nobody makes a service read the key of a proof that is refused anyway. */
    @Test
    void theReasonNamesTheFirstFaultOfTheForm() {
        String header = device.renewalHeader();
        String payload = TestDevice.payload(bound.nextChallenge(login));
        assertEquals(Reason.MALFORMED, refusal("{\"alg\":1,\"typ\":\"JWT\"}", payload));
        assertEquals(Reason.MALFORMED, refusal("{\"alg\":\"ES256\",\"typ\":null}", payload));
        assertEquals(Reason.WRONG_TYPE, refusal("{\"alg\":\"ES256\",\"typ\":\"JWT\"}", payload));
        assertEquals(Reason.MALFORMED, refusal(device.registrationHeader().replace("dbsc+jwt", "JWT"), payload));
        assertEquals(Reason.MALFORMED, refusal(header, "{\"jti\":1}"));
        assertEquals(Reason.MISSING_CLAIM, refusal(header, "{}"));
    }

    /** Verifying with such a key would take long, so its length is refused before the challenge is looked at. */
    @Test
    void anRsaKeyOfMoreThan4096BitsIsMalformed() {
        TestDevice rsa = TestDevice.rs256();
        String modulus = rsa.jwk().replaceFirst(".*\"n\":\"([^\"]*)\".*", "$1");
        String header = rsa.registrationHeader().replace(modulus, modulus.repeat(3));

        InvalidTokenException refusal = assertThrows(
                InvalidTokenException.class,
                () -> bound.bind(current, rsa.sign(header, TestDevice.payload("1~x")), ClientInfo::unknown));

        assertEquals(Reason.MALFORMED, refusal.reason());
    }

    private Reason refusal(String header, String payload) {
        String proof = device.sign(header, payload);
        return assertThrows(
                        InvalidTokenException.class,
                        () -> bound.renew(bound.identifier(login), proof, ClientInfo::unknown))
                .reason();
    }

    @Test
    void randomChangesOfAProofNeverPass() {
        assertChangesNeverPass(200);
    }

    @Tag("thorough")
    @Test
    void manyRandomChangesOfAProofNeverPass() {
        assertChangesNeverPass(2_000);
    }

    private void assertChangesNeverPass(int changes) {
        IssuedTokens tokens =
                bound.bind(current, device.registration(bound.registrationChallenge(login)), ClientInfo::unknown);
        String id = bound.identifier(tokens);
        String good = device.renewal(bound.nextChallenge(tokens));
        Random random = new Random(42);
        for (int run = 0; run < changes; run++) {
            char[] changed = good.toCharArray();
            int at = random.nextInt(changed.length);
            char before = changed[at];
            changed[at] = (char) random.nextInt(128);
            if (changed[at] != before) {
                assertThrows(
                        SessionAwareJwtException.class,
                        () -> bound.renew(id, new String(changed), ClientInfo::unknown),
                        () -> "position " + at);
            }
        }
        bound.renew(id, good, ClientInfo::unknown);
    }

    private static void assertSaysNothingElse(InvalidTokenException refusal) {
        assertNull(refusal.getCause());
        assertFalse(refusal.getMessage().contains("."), refusal.getMessage());
    }
}
