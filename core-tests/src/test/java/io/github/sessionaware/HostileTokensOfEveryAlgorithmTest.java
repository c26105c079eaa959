package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.HostileTokens.Hostile;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.TestKeys.Signer;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link HostileTokensTest} for algorithms other than HS256, and attacks that only asymmetric algorithms allow. */
class HostileTokensOfEveryAlgorithmTest {
    /** Tokens of sessions must not have these, but stateless tokens may. */
    private static final Set<String> RIGHT_IF_STATELESS =
            Set.of("typ of JSON \"JWT\"", "typ missing", "aud of JSON [\"%s\"]");

    private final CountingStore store = new CountingStore(new ReferenceStore());

    /** RS256 and ES256. {@link HostileTokensTest} has HS256. */
    static Stream<Signer> publicKeyRepresentatives() {
        return TestKeys.signers()
                .filter(signer -> !signer.isSymmetric() && signer.algorithm().endsWith("256"));
    }

    static Stream<Signer> others() {
        return TestKeys.signers().filter(signer -> !signer.algorithm().endsWith("256"));
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("publicKeyRepresentatives")
    void everyHostileTokenIsRefusedWithoutAStoreCall(Signer signer) {
        assertHostileTokensAreRefused(signer);
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("others")
    void everyHostileTokenOfOtherAlgorithmsIsRefusedWithoutAStoreCall(Signer signer) {
        assertHostileTokensAreRefused(signer);
    }

    private void assertHostileTokensAreRefused(Signer signer) {
        SessionAwareTokenService service = serviceWith(signer.key().withoutKeyId());
        String live = service.issue("alice", ClientInfo.unknown()).accessToken();
        Map<String, String> claims = HostileTokens.claimsOf(live);

        List<Hostile> hostile = HostileTokens.madeFrom(live, claims, signer);
        assertAllRefused(service, hostile);

        print("hostile tokens of " + signer, hostile, 300);
        assertEquals(
                "alice", service.validate(HostileTokens.rightly(claims, signer)).userId());
    }

    @Test
    void everyHostileStatelessTokenIsRefusedWithoutAStoreCall() {
        assertHostileStatelessTokensAreRefused(TestKeys.signers().findFirst().orElseThrow());
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("publicKeyRepresentatives")
    void everyHostileStatelessTokenOfPublicKeyAlgorithmsIsRefusedWithoutAStoreCall(Signer signer) {
        assertHostileStatelessTokensAreRefused(signer);
    }

    /** While stateless tokens are accepted, the hostile ones are still refused, and cannot be migrated. */
    private void assertHostileStatelessTokensAreRefused(Signer signer) {
        SessionAwareTokenService service = aServiceOn(store)
                .signingKey(signer.key().withoutKeyId())
                .clock(new FakeClock(START))
                .acceptStatelessTokensUntil(START.plusSeconds(1))
                .tokenType("session+jwt")
                .build();
        String live = service.issue("alice", ClientInfo.unknown()).accessToken();
        Map<String, String> claims = HostileTokens.claimsOf(live);
        claims.keySet().removeAll(List.of("sid", "jti"));
        String right = HostileTokens.rightly(claims, signer);
        Map<Boolean, List<Hostile>> tokens = HostileTokens.madeFrom(right, claims, signer).stream()
                .collect(Collectors.partitioningBy(token -> RIGHT_IF_STATELESS.contains(token.name())));
        List<Hostile> hostile = tokens.get(false);
        store.reset();

        for (Hostile token : hostile) {
            assertRefused(token, () -> service.validate(token.token()));
            assertRefused(token, () -> service.validateStateless(token.token()));
            assertRefused(token, () -> service.migrateStateless(token.token(), ClientInfo.unknown()));
        }

        assertEquals(0, store.calls());
        print("hostile stateless tokens of " + signer, hostile, 250);
        assertEquals(RIGHT_IF_STATELESS.size(), tokens.get(true).size());
        for (Hostile token : tokens.get(true)) {
            assertEquals("alice", service.validateStateless(token.token()).userId(), token.name());
        }
        assertEquals(
                "alice", service.migrateStateless(right, ClientInfo.unknown()).userId());
    }

    /**
     * A service with one key receives tokens that other keys signed, under their algorithm and under its own. It also
     * receives PSS signatures by its own key, and HMACs whose secret is a form of its public key.
     */
    @ParameterizedTest
    @MethodSource("io.github.sessionaware.TestKeys#signers")
    void noAlgorithmIsAcceptedForAnother(Signer ours) {
        SessionAwareTokenService service = serviceWith(ours.key());
        String live = service.issue("alice", ClientInfo.unknown()).accessToken();
        String payload = live.split("\\.", -1)[1];
        List<Hostile> hostile = new ArrayList<>();
        for (Signer other : TestKeys.signers().toList()) {
            if (!other.algorithm().equals(ours.algorithm())) {
                String pair = other + " for " + ours;
                hostile.add(new Hostile(pair, sign(other.raw(), other.algorithm(), ours, payload)));
                hostile.add(new Hostile(pair + ", under its name", sign(other.raw(), ours.algorithm(), ours, payload)));
                hostile.add(new Hostile(pair + ", by our key", sign(ours.raw(), other.algorithm(), ours, payload)));
            }
        }
        for (Signer other : TestKeys.strangers()) {
            String pair = "another key of " + other + " for " + ours;
            hostile.add(new Hostile(pair, sign(other.raw(), other.algorithm(), ours, payload)));
            hostile.add(new Hostile(pair + ", under its name", sign(other.raw(), ours.algorithm(), ours, payload)));
        }
        if (ours.algorithm().startsWith("RS")) {
            for (int bits : new int[] {256, 384, 512}) {
                RawSigner pss = RawSigner.pss("SHA-" + bits, bits / 8, ours.privateKey());
                hostile.add(new Hostile("PSS", sign(pss, "PS" + bits, ours, payload)));
                hostile.add(new Hostile("PSS, renamed", sign(pss, ours.algorithm(), ours, payload)));
            }
        }
        if (!ours.isSymmetric()) {
            for (byte[] known : knownOf(ours.key().verificationKey())) {
                for (String hash : List.of("256", "384", "512")) {
                    RawSigner mac = RawSigner.mac("HmacSHA" + hash, known);
                    hostile.add(new Hostile("a public key as secret", sign(mac, "HS" + hash, ours, payload)));
                    hostile.add(new Hostile("the same, renamed", sign(mac, ours.algorithm(), ours, payload)));
                }
            }
        }

        assertAllRefused(service, hostile, Reason.UNKNOWN_KEY, Reason.BAD_SIGNATURE);

        print("hostile tokens that confuse " + ours, hostile, 42);
        assertEquals(
                "alice",
                service.validate(sign(ours.raw(), ours.algorithm(), ours, payload))
                        .userId());
    }

    /** Each key of a ring verifies only its own algorithm under its own key id. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noKeyOfARingIsAcceptedForAnother(boolean areSecrets) {
        List<Signer> signers = TestKeys.strangers().stream()
                .filter(signer -> signer.isSymmetric() == areSecrets)
                .toList();
        VerificationKey[] rest = signers.stream()
                .skip(1)
                .map(signer -> signer.key().verificationKey())
                .toArray(VerificationKey[]::new);
        KeyRing ring = KeyRing.of(signers.get(0).key(), rest);
        SessionAwareTokenService service =
                aServiceOn(store, () -> ring).clock(new FakeClock(START)).build();
        String live = service.issue("alice", ClientInfo.unknown()).accessToken();
        String payload = live.split("\\.", -1)[1];
        List<Hostile> hostile = new ArrayList<>();
        for (Signer named : signers) {
            for (Signer signing : signers) {
                for (Signer said : signers) {
                    String token = sign(signing.raw(), said.algorithm(), named, payload);
                    if (signing.equals(named) && said.equals(named)) {
                        assertEquals("alice", service.validate(token).userId());
                    } else {
                        hostile.add(new Hostile(signing + " as " + said + " under the name of " + named, token));
                    }
                }
            }
        }

        assertAllRefused(service, hostile, Reason.UNKNOWN_KEY, Reason.BAD_SIGNATURE);

        print("hostile tokens inside of a ring", hostile, areSecrets ? 24 : 210);
    }

    @ParameterizedTest
    @MethodSource("io.github.sessionaware.TestKeys#signers")
    void noSignatureOfAnotherFormIsAccepted(Signer signer) {
        SessionAwareTokenService service = serviceWith(signer.key());
        String live = service.issue("alice", ClientInfo.unknown()).accessToken();
        String content = live.substring(0, live.lastIndexOf('.'));
        byte[] signature = Base64.getUrlDecoder().decode(live.substring(live.lastIndexOf('.') + 1));
        List<byte[]> signatures = new ArrayList<>();
        for (int length = 0; length <= signature.length + 70; length++) {
            if (length != signature.length) {
                signatures.add(Arrays.copyOf(signature, length));
            }
            signatures.add(new byte[length]);
        }
        if (signer.key().verificationKey().publicKey() instanceof ECPublicKey key) {
            int half = signature.length / 2;
            byte[] r = Arrays.copyOf(signature, half);
            byte[] s = Arrays.copyOfRange(signature, half, signature.length);
            byte[] zero = new byte[half];
            byte[] one = padded(BigInteger.ONE, half);
            byte[] order = padded(key.getParams().getOrder(), half);
            signatures.add(der(r, s));
            for (byte[] odd : List.of(zero, one, order)) {
                signatures.add(both(odd, s));
                signatures.add(both(r, odd));
                signatures.add(both(odd, odd));
                signatures.add(der(odd, odd));
            }
            signatures.add(both(s, r));
            // ECDSA itself gives each signature one other spelling. That one is accepted.
            byte[] spelling = padded(key.getParams().getOrder().subtract(new BigInteger(1, s)), half);
            String respelled = content + "." + RawSigner.encode(both(r, spelling));
            assertEquals("alice", service.validate(respelled).userId());
        }

        List<Hostile> hostile = signatures.stream()
                .map(odd -> new Hostile(odd.length + " bytes", content + "." + RawSigner.encode(odd)))
                .toList();
        assertAllRefused(service, hostile, Reason.BAD_SIGNATURE);

        print("hostile signatures of " + signer, hostile, 150);
        assertEquals("alice", service.validate(live).userId());
    }

    private void assertAllRefused(SessionAwareTokenService service, List<Hostile> hostile, Reason... reasons) {
        store.reset();
        for (Hostile token : hostile) {
            Reason reason = assertRefused(token, () -> service.validate(token.token()));
            assertTrue(reasons.length == 0 || List.of(reasons).contains(reason), token.name() + ": " + reason);
        }
        assertEquals(0, store.calls());
    }

    private static Reason assertRefused(Hostile token, Executable call) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, call, token.name());
        assertNull(refusal.getCause(), token.name());
        assertNotEquals(Reason.STATELESS, refusal.reason(), token.name());
        return refusal.reason();
    }

    private static void print(String what, List<Hostile> hostile, int atLeast) {
        System.out.println(what + ": " + hostile.size() + ", store calls: 0");
        assertTrue(hostile.size() >= atLeast, what + ": " + hostile.size());
    }

    private SessionAwareTokenService serviceWith(SigningKey key) {
        return aServiceOn(store).signingKey(key).clock(new FakeClock(START)).build();
    }

    private static String sign(RawSigner signer, String algorithm, Signer ours, String payload) {
        String header = "{\"alg\":\"%s\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}"
                .formatted(algorithm, ours.key().keyId());
        return signer.signEncoded(RawSigner.encode(header.getBytes(UTF_8)), payload);
    }

    private static List<byte[]> knownOf(VerificationKey key) {
        byte[] x509 = key.publicKey().getEncoded();
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(x509);
        String pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----";
        List<byte[]> known = new ArrayList<>(List.of(
                x509,
                pem.getBytes(UTF_8),
                (pem + "\n").getBytes(UTF_8),
                base64.getBytes(UTF_8),
                KeyRing.verifying(key).jwks().getBytes(UTF_8)));
        if (key.publicKey() instanceof RSAPublicKey rsa) {
            known.add(rsa.getModulus().toByteArray());
        } else if (key.publicKey() instanceof ECPublicKey ec) {
            known.add(ec.getW().getAffineX().toByteArray());
        }
        return known;
    }

    private static byte[] der(byte[] r, byte[] s) {
        return Der.encoded(
                Der.SEQUENCE,
                Der.encoded(Der.INTEGER, new BigInteger(1, r).toByteArray()),
                Der.encoded(Der.INTEGER, new BigInteger(1, s).toByteArray()));
    }

    private static byte[] both(byte[] r, byte[] s) {
        byte[] both = Arrays.copyOf(r, r.length + s.length);
        System.arraycopy(s, 0, both, r.length, s.length);
        return both;
    }

    private static byte[] padded(BigInteger number, int bytes) {
        byte[] shortest = number.toByteArray();
        byte[] padded = new byte[bytes];
        int from = Math.max(0, shortest.length - bytes);
        System.arraycopy(shortest, from, padded, bytes - (shortest.length - from), shortest.length - from);
        return padded;
    }
}
