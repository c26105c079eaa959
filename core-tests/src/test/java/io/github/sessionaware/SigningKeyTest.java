package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.RandomRuns;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {
    private final ReferenceStore store = new ReferenceStore();

    @Test
    void aSecretIsAtLeastAsLongAsTheHash() {
        assertEquals(
                "HS256", SigningKey.hmac256(TestKeys.secret(32)).algorithm().getName());
        assertEquals(
                "HS384", SigningKey.hmac384(TestKeys.secret(48)).algorithm().getName());
        assertEquals(
                "HS512", SigningKey.hmac512(TestKeys.secret(64)).algorithm().getName());
        assertEquals(
                "HS256", SigningKey.hmac256(TestKeys.secret(500)).algorithm().getName());
    }

    @Test
    void aShorterSecretIsRefusedWithTheRemedy() {
        assertTooShort(31, 32, () -> SigningKey.hmac256(new byte[31]));
        assertTooShort(0, 32, () -> SigningKey.hmac256(new byte[0]));
        assertTooShort(47, 48, () -> SigningKey.hmac384(new byte[47]));
        assertTooShort(63, 64, () -> SigningKey.hmac512(new byte[63]));
    }

    @Test
    void aSecretWithFewDifferentBytesIsRefused() {
        byte[] four = TestKeys.secret(64);
        Arrays.fill(four, 4, 64, (byte) 64);
        byte[] five = four.clone();
        five[63] = 1;
        for (byte[] few : List.of(repeated((byte) 1), "ab".repeat(16).getBytes(UTF_8), four)) {
            assertEquals(
                    "secret must be random bytes, had fewer than 5 different ones; make one with: openssl rand 32",
                    assertThrows(IllegalArgumentException.class, () -> SigningKey.hmac256(few))
                            .getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> SigningKey.hmac384(repeated((byte) 1)));
        assertThrows(IllegalArgumentException.class, () -> SigningKey.hmac512(repeated((byte) 1)));
        assertEquals("HS512", SigningKey.hmac512(five).algorithm().getName());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "My-Secret!My-Secret!My-Secret!My-Secret!",
                "my-secret!MY-SECRET!my-secret!MY-SEC",
                "\"my-secret!my-secret!my-secret!my-sec\"\n",
                "0123456789abcdef0123456789abcdef",
                "12345678901234567890123456789012"
            })
    void aShorterTextRepeatedIsRefused(String repeated) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> SigningKey.hmac256(repeated.getBytes(UTF_8)));

        assertEquals(
                "secret must be random bytes, was a shorter text repeated; make one with: openssl rand 32",
                refusal.getMessage());
    }

    /**
     * These rules together refuse 32 random bytes with a probability below 2^-80:
     *
     * <ul>
     *   <li>Fewer than 5 different bytes: at most C(256, 4) * (4 / 256)^32 = 2^-164.
     *   <li>A period of p bytes: 32 - p pairs of bytes must be equal in lower case, each with the probability 2^-7.4.
     *       All periods up to 16 together have less than 2^-117.
     *   <li>One of fewer than 100 readings of examples: in lower case a byte has at most two values, so less than 100 *
     *       (2 / 256)^32 = 2^-217.
     *   <li>Each byte that is removed at an end, with a probability of 2^-4.8, weakens a period by 3.7 bits and a
     *       reading by 7 bits. No reading is shorter than 24 bytes, so its probability stays below 2^-190.
     * </ul>
     */
    @Test
    void randomSecretsAreAccepted() throws Exception {
        RandomRuns.check(10_000, random -> {
            byte[] secret = new byte[32];
            random.nextBytes(secret);
            assertEquals("HS256", SigningKey.hmac256(secret).algorithm().getName());
        });
    }

    @Test
    void aRandomTextThatBeginsLikeTheNameOfAKeyTypeIsAccepted() {
        byte[] text = "sk-3vXq0cJ8mZ_1tR7yLw5KdPbUe9hFaNiGsQoVx2T4".getBytes(UTF_8);

        assertEquals("HS256", SigningKey.hmac256(text).algorithm().getName());
    }

    private static byte[] repeated(byte value) {
        byte[] secret = new byte[64];
        Arrays.fill(secret, value);
        return secret;
    }

    /** A wrong path in a configuration leads to such a secret, and others may have the file. */
    @Test
    void aKeyFileIsRefusedAsASecret() {
        byte[] x509 = TestKeys.RSA.getPublic().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(x509)
                + "\n-----END PUBLIC KEY-----";
        String jwks = KeyRing.verifying(VerificationKey.rsa256(TestKeys.RSA.getPublic()))
                .jwks();
        for (byte[] known : List.of(
                x509,
                TestKeys.P256.getPublic().getEncoded(),
                pem.getBytes(UTF_8),
                ("\n" + pem).getBytes(UTF_8),
                jwks.getBytes(UTF_8),
                jwks.substring(jwks.indexOf("[") + 1).getBytes(UTF_8),
                ("# the shop's\n" + pem).getBytes(UTF_8),
                pem.getBytes(UTF_16LE),
                "---- BEGIN SSH2 PUBLIC KEY ---- and more of it, at least 64 bytes as HS512 needs".getBytes(UTF_8),
                "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBB".getBytes(UTF_8),
                "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTYAAA".getBytes(UTF_8),
                "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIA".getBytes(UTF_8),
                Base64.getMimeEncoder().encode(x509),
                TestKeys.RSA.getPrivate().getEncoded(),
                rsaPublicKey(),
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI and more of it, at least 64 bytes".getBytes(UTF_8))) {
            for (Executable call : List.<Executable>of(
                    () -> SigningKey.hmac256(known),
                    () -> SigningKey.hmac512(known),
                    () -> aServiceOn(store).refreshTokens(known))) {
                String message =
                        assertThrows(IllegalArgumentException.class, call).getMessage();
                assertTrue(message.contains("was a key file"), message);
            }
        }
        byte[] sequence = TestKeys.secret(32);
        sequence[0] = 0x30;
        sequence[1] = 30;
        assertEquals("HS256", SigningKey.hmac256(sequence).algorithm().getName());
    }

    /** HMAC pads with zeros too, so this is the short secret. */
    @Test
    void aSecretPaddedWithZerosIsRefused() {
        byte[] filledUp = Arrays.copyOf(TestKeys.secret(33), 64);
        assertEquals(
                "secret must be random bytes, was padded with zeros, which add nothing; make one with: openssl rand"
                        + " 64",
                assertThrows(IllegalArgumentException.class, () -> SigningKey.hmac512(filledUp))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> SigningKey.hmac256(Arrays.copyOf(TestKeys.secret(28), 32)));
        assertEquals(
                "HS256",
                SigningKey.hmac256(Arrays.copyOf(TestKeys.secret(29), 32))
                        .algorithm()
                        .getName());
    }

    /** Otherwise a ring could hold it under two key ids, and keep it when one is removed. */
    @Test
    void aSecretWithOneMoreZeroIsTheSameKey() {
        for (int bytes : new int[] {64, 80, 127}) {
            byte[] secret = TestKeys.secret(bytes);
            SigningKey same =
                    SigningKey.hmac512(Arrays.copyOf(secret, bytes + 1)).withKeyId("other");
            assertThrows(
                    IllegalArgumentException.class,
                    () -> KeyRing.of(SigningKey.hmac512(secret), same.verificationKey()));
        }
    }

    /** The form of PKCS#1: the two numbers alone. */
    private static byte[] rsaPublicKey() {
        byte[] bits = Der.sequence(TestKeys.RSA.getPublic().getEncoded()).get(1).content();
        return Arrays.copyOfRange(bits, 1, bits.length);
    }

    /** A key id that was derived from the secret would show weak and equal secrets to everybody who sees a token. */
    @Test
    void aSecretHasNoKeyIdUntilItIsGivenOne() {
        for (SigningKey key : List.of(
                SigningKey.hmac256(TestKeys.secret(64)),
                SigningKey.hmac384(TestKeys.secret(64)),
                SigningKey.hmac512(TestKeys.secret(64)))) {
            String token = aServiceOn(new ReferenceStore())
                    .signingKey(key)
                    .build()
                    .issue("alice", ClientInfo.unknown())
                    .accessToken();

            assertNull(key.keyId());
            assertNull(JWT.decode(token).getKeyId());
            assertEquals("2026-11", key.withKeyId("2026-11").keyId());
        }
    }

    @Test
    void aSecretIsReplacedByOneThatHasAKeyId() {
        SigningKey former = SigningKey.hmac256(TestKeys.secret(64));
        SigningKey next = SigningKey.hmac256(TestKeys.secret(65)).withKeyId("2026-12");
        AtomicReference<KeyRing> keys = new AtomicReference<>(KeyRing.of(former));
        SessionAwareTokenService service =
                aServiceOn(new ReferenceStore(), keys::get).build();
        String early = service.issue("alice", ClientInfo.unknown()).accessToken();

        keys.updateAndGet(ring -> ring.with(next.verificationKey()).signingWith(next));
        String late = service.issue("alice", ClientInfo.unknown()).accessToken();

        service.validate(early);
        service.validate(late);
        keys.updateAndGet(ring -> ring.without(null));
        assertThrows(InvalidTokenException.class, () -> service.validate(early));
        service.validate(late);
    }

    @ParameterizedTest
    @MethodSource
    void exampleSecretsAreRefused(byte[] example) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> SigningKey.hmac256(example));

        assertEquals(
                "secret must be random bytes, was an example that tutorials print; make one with: openssl rand 32",
                refusal.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> aServiceOn(new ReferenceStore()).refreshTokens(example));
    }

    static Stream<byte[]> exampleSecretsAreRefused() {
        String tutorial = "404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970";
        String rfc7515 = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        return Stream.of(
                tutorial.getBytes(UTF_8),
                tutorial.toLowerCase(Locale.ROOT).getBytes(UTF_8),
                HexFormat.of().parseHex(tutorial),
                Base64.getDecoder().decode(tutorial),
                rfc7515.getBytes(UTF_8),
                Base64.getUrlDecoder().decode(rfc7515),
                "a-string-secret-at-least-256-bits-long".getBytes(UTF_8),
                "a-string-secret-at-least-256-bits-long\0".getBytes(UTF_8),
                "a-string-secret-at-least-256-bits-long\r\n".getBytes(UTF_8),
                " A-String-Secret-At-Least-256-Bits-Long".getBytes(UTF_8),
                "\"a-string-secret-at-least-256-bits-long\" ".getBytes(UTF_8),
                "'ThisIsASecretKeyForJWTTokenGenerationAndValidation'".getBytes(UTF_8),
                "your-secret-key-must-be-at-least-32-characters-long".getBytes(UTF_8),
                HexFormat.of().parseHex("586E3272357538782F413F4428472B4B6250655368566B597033733676397924"));
    }

    @Test
    void nullIsRefusedByName() {
        assertNamesNull("secret", () -> SigningKey.hmac256(null));
        assertNamesNull("secret", () -> SigningKey.hmac384(null));
        assertNamesNull("secret", () -> SigningKey.hmac512(null));
        assertNamesNull("keyId", () -> SigningKey.hmac256(TestKeys.secret(32)).withKeyId(null));
    }

    @Test
    void wipingTheSecretAfterwardsChangesNothing() {
        byte[] secret = TestService.secret();
        SigningKey key = SigningKey.hmac256(secret);
        Arrays.fill(secret, (byte) 0);

        String token = serviceWith(key).issue("alice", ClientInfo.unknown()).accessToken();

        assertEquals(
                "alice",
                serviceWith(SigningKey.hmac256(TestService.secret()))
                        .validate(token)
                        .userId());
        assertRefused(serviceWith(SigningKey.hmac256(TestKeys.secret(32))), token);
    }

    @Test
    void toStringNamesAlgorithmAndKeyId() {
        assertEquals(
                "SigningKey[algorithm=HS256, keyId=2026-03]",
                SigningKey.hmac256(TestService.secret()).withKeyId("2026-03").toString());
    }

    @Test
    void withKeyIdMakesANewKey() {
        SigningKey key = SigningKey.hmac256(TestService.secret());
        SigningKey named = key.withKeyId("1");

        assertNull(key.keyId());
        assertNull(named.withoutKeyId().keyId());
        assertEquals("1", named.keyId());
        assertEquals("2", named.withKeyId("2").keyId());
        assertEquals("1", named.keyId());
    }

    @Test
    void aTokenMustNameExactlyTheKeyId() {
        List<SigningKey> keys = List.of(
                SigningKey.hmac256(TestService.secret()),
                SigningKey.hmac256(TestService.secret()).withKeyId("a"),
                SigningKey.hmac256(TestService.secret()).withKeyId("A"),
                SigningKey.hmac256(TestService.secret()).withKeyId("a\""));

        for (SigningKey issuing : keys) {
            String token =
                    serviceWith(issuing).issue("alice", ClientInfo.unknown()).accessToken();
            assertEquals(issuing.keyId(), JWT.decode(token).getKeyId());
            for (SigningKey validating : keys) {
                if (validating == issuing) {
                    assertEquals(
                            "alice", serviceWith(validating).validate(token).userId());
                } else {
                    assertRefused(serviceWith(validating), token);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "\u007f", "\u00e9", "\0", "\ud800"})
    void aKeyIdOfAnotherFormIsRefused(String keyId) {
        SigningKey key = SigningKey.hmac256(TestKeys.secret(32));

        assertThrows(IllegalArgumentException.class, () -> key.withKeyId(keyId));
    }

    @Test
    void aKeyIdHasOneTo128PrintableCharacters() {
        SigningKey key = SigningKey.hmac256(TestKeys.secret(32));

        assertEquals("!~", key.withKeyId("!~").keyId());
        assertEquals("k".repeat(128), key.withKeyId("k".repeat(128)).keyId());
        assertThrows(IllegalArgumentException.class, () -> key.withKeyId("k".repeat(129)));
    }

    private SessionAwareTokenService serviceWith(SigningKey key) {
        return aServiceOn(store).signingKey(key).build();
    }

    private static void assertRefused(SessionAwareTokenService service, String token) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> service.validate(token));
        assertEquals(Reason.NOT_OURS, refusal.reason());
    }

    private static void assertTooShort(int given, int needed, Executable call) {
        assertEquals(
                "secret must be at least %d random bytes (RFC 7518, section 3.2), was %d; make one with: openssl rand %d"
                        .formatted(needed, given, needed),
                assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static void assertNamesNull(String parameter, Executable call) {
        assertEquals(parameter, assertThrows(NullPointerException.class, call).getMessage());
    }
}
