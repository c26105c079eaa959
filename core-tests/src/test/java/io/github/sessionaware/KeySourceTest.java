package io.github.sessionaware;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files were made by OpenSSL 3.0, for these tests only. All passwords are {@code changeit}. */
class KeySourceTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final char[] OTHER = "other".toCharArray();

    @ParameterizedTest
    @ValueSource(strings = {"rsa-pkcs8", "rsa-pkcs1"})
    void everyFormOfAnRsaKeyIsTheSameKey(String file) {
        assertEquals(
                thumbprintOf("rsa-public"),
                SigningKey.rsa256(pem(file).keyPair()).keyId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-encrypted-aes256", "rsa-encrypted-pbes1"})
    void anEncryptedKeyOpensWithItsPassword(String file) {
        assertEquals(
                thumbprintOf("rsa-public"),
                SigningKey.rsa512(pem(file).keyPair(PASSWORD)).keyId());
        assertRefused(
                "Expected a private key with this password, found one that cannot be read",
                () -> pem(file).keyPair(OTHER));
        assertRefused(
                "Expected a private key with this password, found one that cannot be read",
                () -> pem(file).keyPair(new char[0]));
    }

    @Test
    void anEncryptedCurveKeyOpensWithItsPassword() {
        KeyPair keyPair = pem("ec-p256-encrypted").keyPair(PASSWORD);

        assertEquals(
                SigningKey.ecdsa256(pem("ec-p256-pkcs8").keyPair()).keyId(),
                SigningKey.ecdsa256(keyPair).keyId());
    }

    @ParameterizedTest
    @CsvSource({
        "ec-p256-sec1, ec-p256-public", "ec-p256-pkcs8, ec-p256-public",
        "ec-p384-sec1, ec-p384-public", "ec-p384-pkcs8, ec-p384-public",
        "ec-p521-sec1, ec-p521-public", "ec-p521-pkcs8, ec-p521-public"
    })
    void aCurveKeyContainsItsPublicKey(String file, String publicFile) {
        assertEquals(pem(publicFile).publicKey(), pem(file).keyPair().getPublic());
    }

    /** The JDK writes keys without their public key. */
    @Test
    void aCurveKeyWithoutItsPublicKeyNeedsASecondBlock() {
        assertRefused(
                "Expected a private key that contains its public key, found one without it; add the block that openssl"
                        + " pkey -pubout writes",
                () -> pem("ec-p256-sec1-alone").keyPair());

        KeyPair keyPair = KeySource.pem(text("ec-p256-sec1-alone") + text("ec-p256-public"))
                .keyPair();

        assertEquals(
                thumbprintOf("ec-p256-public", VerificationKey::ecdsa256),
                SigningKey.ecdsa256(keyPair).keyId());
    }

    @Test
    void aPublicKeyOfAnotherPrivateKeyIsRefused() {
        String other = asPem(TestKeys.OTHER_P256.getPublic().getEncoded());
        KeyPair mixed = KeySource.pem(text("ec-p256-pkcs8") + other).keyPair();

        assertRefused("The public key does not belong to the private key", () -> SigningKey.ecdsa256(mixed));
    }

    @Test
    void bothFormsOfAPublicKeyAreTheSameKey() {
        assertArrayEquals(
                pem("rsa-public").publicKey().getEncoded(),
                pem("rsa-public-pkcs1").publicKey().getEncoded());
    }

    @Test
    void textAroundTheBlockAndOtherLineEndsAreSkipped() {
        String text =
                "Bag Attributes\r\n    friendlyName: x\r\n" + text("rsa-pkcs8").replace("\n", "\r\n") + "\r\nthe end";

        assertEquals(
                thumbprintOf("rsa-public"),
                SigningKey.rsa256(KeySource.pem(text).keyPair()).keyId());
    }

    @ParameterizedTest
    @CsvSource({
        "rsa-certificate, CERTIFICATE",
        "rsa-public, PUBLIC KEY",
        "rsa-public-pkcs1, RSA PUBLIC KEY",
    })
    void aBlockOtherThanAPrivateKeyIsNamed(String file, String found) {
        assertRefused(
                "Expected one block of PEM, PRIVATE KEY or RSA PRIVATE KEY or EC PRIVATE KEY, found " + found,
                () -> pem(file).keyPair());
        assertRefused(
                "Expected one block of PEM, ENCRYPTED PRIVATE KEY, found " + found,
                () -> pem(file).keyPair(PASSWORD));
    }

    @ParameterizedTest
    @CsvSource({
        "rsa-certificate, CERTIFICATE",
        "rsa-pkcs8, PRIVATE KEY",
        "rsa-pkcs1, RSA PRIVATE KEY",
        "ec-p256-sec1, EC PRIVATE KEY",
    })
    void aBlockOtherThanAPublicKeyIsNamed(String file, String found) {
        assertRefused(
                "Expected one block of PEM, PUBLIC KEY or RSA PUBLIC KEY, found " + found,
                () -> pem(file).publicKey());
    }

    @Test
    void aPasswordIsRequiredForEncryptedKeysOnly() {
        assertRefused(
                "Expected one block of PEM, PRIVATE KEY or RSA PRIVATE KEY or EC PRIVATE KEY, found ENCRYPTED PRIVATE"
                        + " KEY; call keyPair(password)",
                () -> pem("rsa-encrypted-aes256").keyPair());
        assertRefused(
                "Expected one block of PEM, ENCRYPTED PRIVATE KEY, found PRIVATE KEY",
                () -> pem("rsa-pkcs8").keyPair(PASSWORD));
        assertRefused(
                "Expected PKCS#8, found OpenSSL's own encryption of RSA PRIVATE KEY; convert it with openssl pkcs8"
                        + " -topk8",
                () -> pem("rsa-legacy-encrypted").keyPair());
        assertRefused(
                "Expected PKCS#8, found OpenSSL's own encryption of RSA PRIVATE KEY; convert it with openssl pkcs8"
                        + " -topk8",
                () -> pem("rsa-legacy-encrypted").keyPair(PASSWORD));
        assertRefused(
                "Expected one block of PEM, PRIVATE KEY or RSA PRIVATE KEY or EC PRIVATE KEY, found ENCRYPTED PRIVATE"
                        + " KEY, PUBLIC KEY; call keyPair(password)",
                () -> KeySource.pem(text("rsa-encrypted-aes256") + text("rsa-public"))
                        .keyPair());
    }

    @ParameterizedTest
    @ValueSource(strings = {"geheim\u00df", "\u0000", "tab\t"})
    void aPasswordMustBeAscii(String password) {
        assertRefused(
                "Expected a password of printable ASCII characters, found others; this Java platform accepts no others",
                () -> pem("rsa-encrypted-aes256").keyPair(password.toCharArray()));
    }

    @Test
    void pemHasAtMost65536CharactersAndIsReadInOnePass() {
        assertRefused("Expected PEM of at most 65536 characters, found 65537", () -> KeySource.pem("-".repeat(65_537)));
        assertRefused(
                "Expected one block of PEM, PUBLIC KEY or RSA PUBLIC KEY, found one that is incomplete or malformed",
                () -> KeySource.pem("-----BEGIN A-----\n".repeat(3_600)).publicKey());
    }

    @Test
    void encryptedContentOtherThanAKeyIsRefused() {
        for (String content : List.of("", "AAAA", "MAA=", "MAMCAQA=")) {
            assertRefused(
                    "Expected a private key with this password, found one that cannot be read",
                    () -> KeySource.pem("-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + content
                                    + "\n-----END ENCRYPTED PRIVATE KEY-----")
                            .keyPair(PASSWORD));
        }
    }

    @Test
    void anEncryptionOfMoreThan5000000IterationsIsRefused() {
        for (int iterations : new int[] {5_000_001, Integer.MAX_VALUE}) {
            assertRefused(
                    "Expected an encryption of at most 5000000 iterations, found one of " + iterations,
                    () -> withIterations(iterations).keyPair(PASSWORD));
        }
    }

    /** The JDK refuses the short salt before the first iteration, so the test does not run all of them. */
    @Test
    void anEncryptionOf5000000IterationsIsTried() {
        assertRefused(
                "Expected a private key with this password, found one that cannot be read",
                () -> withIterations(5_000_000).keyPair(PASSWORD));
    }

    /**
     * The file has OpenSSL's 2,048 iterations and a salt of 8 bytes. This replaces both, the salt by one of 7 bytes.
     */
    private static KeySource withIterations(int iterations) {
        byte[] number = BigInteger.valueOf(iterations).toByteArray();
        byte[] der = changed(
                Base64.getMimeDecoder().decode(text("rsa-encrypted-aes256").replaceAll("-----[A-Z ]+-----", "")),
                element -> switch (element.tag()) {
                    case Der.INTEGER -> number;
                    case Der.OCTET_STRING -> element.content().length == 8 ? new byte[7] : element.content();
                    default -> element.content();
                });
        return KeySource.pem("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(der) + "\n-----END ENCRYPTED PRIVATE KEY-----");
    }

    private static byte[] changed(byte[] der, Function<Der.Element, byte[]> content) {
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        for (Der.Element element : Der.elements(der)) {
            changed.writeBytes(Der.encoded(
                    element.tag(),
                    element.tag() == Der.SEQUENCE ? changed(element.content(), content) : content.apply(element)));
        }
        return changed.toByteArray();
    }

    @Test
    void aBlockWithoutItsEndIsRefused() {
        String whole = text("rsa-pkcs8");

        assertRefused(
                "Expected one block of PEM, PRIVATE KEY or RSA PRIVATE KEY or EC PRIVATE KEY, found one that is"
                        + " incomplete or malformed",
                () -> KeySource.pem(whole.substring(0, 300)).keyPair());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-encrypted-des3", "rsa-encrypted-scrypt"})
    void anEncryptionThatTheJdkLacksIsRefused(String file) {
        assertRefused(
                "Expected an encryption that this Java platform knows, such as PBES2 with AES-128 or AES-256, found"
                        + " another one; convert it with openssl pkcs8 -topk8",
                () -> pem(file).keyPair(PASSWORD));
    }

    @Test
    void twoKeysAreRefused() {
        String expected = "Expected one block of PEM, PRIVATE KEY or RSA PRIVATE KEY or EC PRIVATE KEY, found ";
        assertRefused(
                expected + "PRIVATE KEY, PRIVATE KEY",
                () -> KeySource.pem(text("rsa-pkcs8") + text("ec-p256-pkcs8")).keyPair());
        assertRefused(
                expected + "PRIVATE KEY, CERTIFICATE",
                () -> KeySource.pem(text("rsa-pkcs8") + text("rsa-certificate")).keyPair());
        assertRefused(
                expected + "PRIVATE KEY, PUBLIC KEY, PUBLIC KEY",
                () -> KeySource.pem(text("rsa-pkcs8") + text("rsa-public") + text("rsa-public"))
                        .keyPair());
        assertRefused(
                "Expected one block of PEM, PUBLIC KEY or RSA PUBLIC KEY, found PUBLIC KEY, PUBLIC KEY",
                () -> KeySource.pem(text("rsa-public") + text("ec-p256-public")).publicKey());
        assertRefused(
                "Expected one block of PEM, PUBLIC KEY or RSA PUBLIC KEY, found PRIVATE KEY, PUBLIC KEY",
                () -> KeySource.pem(text("rsa-pkcs8") + text("rsa-public")).publicKey());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\0",
                "not a key",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PUBLIC KEY-----",
                "-----BEGIN private key-----\nAAAA\n-----END private key-----"
            })
    void textWithoutAPemBlockIsRefused(String text) {
        assertRefused(
                "Expected one block of PEM, PRIVATE KEY or RSA PRIVATE KEY or EC PRIVATE KEY, found "
                        + (text.contains("-----BEGIN ") ? "one that is incomplete or malformed" : "none"),
                () -> KeySource.pem(text).keyPair());
        assertRefused(
                "Expected one block of PEM, PUBLIC KEY or RSA PUBLIC KEY, found "
                        + (text.contains("-----BEGIN ") ? "one that is incomplete or malformed" : "none"),
                () -> KeySource.pem(text).publicKey());
    }

    @Test
    void brokenContentIsRefusedAndNotQuoted() {
        for (String label : new String[] {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"}) {
            for (String content :
                    new String[] {"", "AAAA", "MAA=", "MAMCAQA=", "MIID", "????", "MP////8=", "MIAAAA==", "Zm9v"}) {
                String pem = "-----BEGIN " + label + "-----\n" + content + "\n-----END " + label + "-----\n";
                IllegalArgumentException refusal = assertThrows(
                        IllegalArgumentException.class, () -> KeySource.pem(pem).keyPair(), pem);
                assertFalse(content.length() > 3 && refusal.toString().contains(content), refusal::toString);
                assertNull(refusal.getCause());
            }
        }
    }

    /** Some characters carry no meaning, so a key with a changed one may still be read. */
    @Test
    void aChangedFileIsReadOrRefused() {
        for (String file :
                new String[] {"ec-p256-sec1", "ec-p256-pkcs8", "ec-p256-public", "rsa-public-pkcs1", "ec-p256-encrypted"
                }) {
            String text = text(file);
            // Each try at an encrypted key costs 2,048 hashes.
            int step = file.endsWith("encrypted") ? 5 : 1;
            for (int at = 0; at < text.length(); at += step) {
                KeySource changed = KeySource.pem(text.substring(0, at) + "B" + text.substring(at + 1));
                readOrRefuse(changed);
                readOrRefuse(KeySource.pem(text.substring(0, at) + text.substring(at + 1)));
            }
        }
    }

    private static void readOrRefuse(KeySource source) {
        for (Executable reading :
                List.<Executable>of(source::keyPair, source::publicKey, () -> source.keyPair(PASSWORD))) {
            try {
                reading.execute();
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().startsWith("Expected "), e::toString);
                assertNull(e.getCause());
            } catch (Throwable e) {
                throw new AssertionError("Expected a key or an IllegalArgumentException", e);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"ed25519, 1.3.101.112", "rsa-pss, 1.2.840.113549.1.1.10"})
    void aKeyOfAnotherAlgorithmIsRefused(String file, String algorithm) {
        assertRefused(
                "Expected an RSA or elliptic curve key, found one of the algorithm " + algorithm,
                () -> pem(file).keyPair());
    }

    /** The JDK refuses it or, if the JDK knows the curve, the algorithm does. */
    @Test
    void aCurveWithoutAnAlgorithmIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> SigningKey.ecdsa256(pem("ec-secp256k1-pkcs8").keyPair()));
        assertThrows(
                IllegalArgumentException.class,
                () -> VerificationKey.ecdsa256(pem("ec-secp256k1-public").publicKey()));
    }

    @Test
    void aCurveThatIsDescribedInsteadOfNamedIsRefused() {
        assertRefused(
                "Expected a private key (RSA, or EC on P-256, P-384 or P-521 with a named curve and an uncompressed"
                        + " point), found one that cannot be read",
                () -> pem("ec-p256-explicit").keyPair());
    }

    @Test
    void aFileIsReadWhenTheSourceIsMade(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("signing.pem");
        Files.writeString(file, text("rsa-pkcs8"));
        KeySource source = KeySource.pemFile(file);
        Files.delete(file);

        assertEquals(
                thumbprintOf("rsa-public"), SigningKey.rsa256(source.keyPair()).keyId());
        assertThrows(UncheckedIOException.class, () -> KeySource.pemFile(file));
    }

    @Test
    void aBinaryFileIsRefused(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("key.der");
        Files.write(file, TestKeys.RSA.getPrivate().getEncoded());

        assertRefused(
                "Expected one block of PEM, PRIVATE KEY or RSA PRIVATE KEY or EC PRIVATE KEY, found none",
                () -> KeySource.pemFile(file).keyPair());
    }

    @Test
    void aKeyStoreGivesAKeyPair() throws Exception {
        KeySource source = KeySource.keyStore(keyStore(), "signing");

        assertEquals(
                thumbprintOf("rsa-public"),
                SigningKey.rsa256(source.keyPair(PASSWORD)).keyId());
        assertEquals(pem("rsa-public").publicKey(), source.publicKey());
        assertRefused("The password does not open the key store's private key", () -> source.keyPair(OTHER));
        assertRefused("The key store's private key needs a password: call keyPair(password)", source::keyPair);
    }

    @Test
    void anotherEntryOfAKeyStoreIsNamed() throws Exception {
        KeyStore keyStore = keyStore();
        keyStore.setCertificateEntry("certificate", keyStore.getCertificate("signing"));
        keyStore.setKeyEntry("secret", new SecretKeySpec(TestKeys.secret(32), "HmacSHA256"), PASSWORD, null);

        assertRefused(
                "Expected a private key in the key store, found a certificate only",
                () -> KeySource.keyStore(keyStore, "certificate").keyPair(PASSWORD));
        assertRefused(
                "Expected a certificate in the key store, found a secret key",
                () -> KeySource.keyStore(keyStore, "secret").keyPair(PASSWORD));
        assertRefused(
                "Expected a private key with its certificate under \"other\", found no such entry; the entries are"
                        + " [certificate, secret, signing]",
                () -> KeySource.keyStore(keyStore, "other").keyPair(PASSWORD));
        KeyStore notLoaded = KeyStore.getInstance("PKCS12");
        assertEquals(
                "The key store cannot be read; load it first",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> KeySource.keyStore(notLoaded, "signing").publicKey())
                        .getMessage());
    }

    @Test
    void nullIsRefusedByName() {
        assertThrows(NullPointerException.class, () -> KeySource.pem(null));
        assertThrows(NullPointerException.class, () -> KeySource.pemFile(null));
        assertThrows(NullPointerException.class, () -> KeySource.keyStore(null, "a"));
        assertThrows(NullPointerException.class, () -> KeySource.keyStore(keyStore(), null));
        assertThrows(NullPointerException.class, () -> pem("rsa-pkcs8").keyPair(null));
        assertThrows(
                NullPointerException.class,
                () -> KeySource.keyStore(keyStore(), "signing").keyPair(null));
    }

    @Test
    void aSourceDoesNotShowItsKey() throws Exception {
        assertEquals("KeySource[PEM]", pem("rsa-pkcs8").toString());
        assertEquals(
                "KeySource[key store]",
                KeySource.keyStore(keyStore(), "signing").toString());
    }

    private static KeyStore keyStore() throws Exception {
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(path("rsa.p12"))) {
            keyStore.load(file, PASSWORD);
        }
        return keyStore;
    }

    private static KeySource pem(String file) {
        return KeySource.pemFile(path(file + ".pem"));
    }

    private static String text(String file) {
        try {
            return Files.readString(path(file + ".pem"), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path path(String file) {
        try {
            return Path.of(KeySourceTest.class.getResource("/pem/" + file).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String asPem(byte[] x509) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(x509)
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static String thumbprintOf(String publicFile) {
        return thumbprintOf(publicFile, VerificationKey::rsa256);
    }

    private static String thumbprintOf(String publicFile, Function<PublicKey, VerificationKey> algorithm) {
        return algorithm.apply(pem(publicFile).publicKey()).keyId();
    }

    private static void assertRefused(String message, Executable call) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call);
        assertEquals(message, refusal.getMessage());
        assertNull(refusal.getCause(), "A cause might quote the key");
    }
}
