package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.ISSUER;
import static io.github.sessionaware.springboot.TestApplication.OTHER_SECRET;
import static io.github.sessionaware.springboot.TestApplication.SECRET;
import static io.github.sessionaware.springboot.TestApplication.refusal;
import static io.github.sessionaware.springboot.TestApplication.unconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The keys that properties can name, and how they are replaced while the application runs. */
class KeysTest {
    private static final Path FILES =
            Path.of("../core-tests/src/test/resources/pem").toAbsolutePath();
    /** An elliptic curve key that keytool made, for these tests only. */
    private static final Path NEXT = Path.of("src/test/resources/next.p12");

    private static final String PREFIX = "session-aware-jwt.key.";

    private final ApplicationContextRunner application = unconfigured()
            .withPropertyValues(ISSUER, "session-aware-jwt.store.type=memory")
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "rsa-pkcs8.pem, RS256",
        "ec-p256-pkcs8.pem, ES256",
        "ec-p384-sec1.pem, ES384",
        "ec-p521-pkcs8.pem, ES512"
    })
    void aPemFileHasTheAlgorithmOfItsKey(String file, String algorithm) {
        assertSigns(application.withPropertyValues(PREFIX + "pem=" + FILES.resolve(file)), algorithm);
        assertSigns(application.withPropertyValues(PREFIX + "pem=file:" + FILES.resolve(file)), algorithm);
    }

    @Test
    void pemMayBeTextToo() throws IOException {
        assertSigns(
                application.withPropertyValues(PREFIX + "pem=" + Files.readString(FILES.resolve("ec-p256-pkcs8.pem"))),
                "ES256");
    }

    @Test
    void anEncryptedPemFileNeedsItsPassword() {
        String pem = PREFIX + "pem=" + FILES.resolve("rsa-encrypted-aes256.pem");
        assertSigns(application.withPropertyValues(pem, PREFIX + "password=changeit"), "RS256");
        assertRefused("session-aware-jwt.key.pem is refused: ", pem);
        assertRefused("session-aware-jwt.key.pem is refused: ", pem, PREFIX + "password=wrong");
    }

    @Test
    void aPropertySetsTheAlgorithm() {
        assertSigns(
                application.withPropertyValues(
                        PREFIX + "pem=" + FILES.resolve("rsa-pkcs8.pem"), PREFIX + "algorithm=RS512"),
                "RS512");
        assertRefused(
                "session-aware-jwt.key.pem is refused: ",
                PREFIX + "pem=" + FILES.resolve("rsa-pkcs8.pem"),
                PREFIX + "algorithm=ES256");
    }

    @Test
    void aKeyStoreNeedsNoAliasIfItHasOneKey() {
        String keyStore = PREFIX + "key-store=" + FILES.resolve("rsa.p12");
        assertSigns(application.withPropertyValues(keyStore, PREFIX + "password=changeit"), "RS256");
        assertRefused("session-aware-jwt.key.key-store is refused: ", keyStore, PREFIX + "password=wrong");
        assertRefused(
                "session-aware-jwt.key.key-store is refused: ",
                keyStore,
                PREFIX + "password=changeit",
                PREFIX + "alias=none");
    }

    @Test
    void anSslBundleOfFilesSigns() {
        assertSigns(
                application.withPropertyValues(
                        PREFIX + "ssl-bundle=signing",
                        "spring.ssl.bundle.pem.signing.keystore.certificate=file:"
                                + FILES.resolve("rsa-certificate.pem"),
                        "spring.ssl.bundle.pem.signing.keystore.private-key=file:" + FILES.resolve("rsa-pkcs8.pem")),
                "RS256");
        assertSigns(
                application.withPropertyValues(
                        PREFIX + "ssl-bundle=signing",
                        "spring.ssl.bundle.jks.signing.keystore.location=file:" + FILES.resolve("rsa.p12"),
                        "spring.ssl.bundle.jks.signing.keystore.password=changeit"),
                "RS256");
        assertRefused("session-aware-jwt.key.ssl-bundle is refused: ", PREFIX + "ssl-bundle=none");
    }

    @Test
    void theSecretMayBeInTheUrlAlphabetOfBase64() {
        String secret = "_-" + SECRET.substring(2).replace("=", "");
        assertSigns(application.withPropertyValues(PREFIX + "secret=" + secret), "HS256");
    }

    @Test
    void aMissingKeyIsNamedWithItsPropertyAndItsEnvironmentVariable() {
        application.run(context -> {
            InvalidConfigurationException refusal = refusal(context.getStartupFailure());
            assertEquals(
                    "The key of the tokens is missing: session-aware-jwt.key has no source", refusal.description());
            assertTrue(refusal.action().contains("session-aware-jwt.key.secret"), refusal.action());
            assertTrue(refusal.action().contains(" SESSIONAWAREJWT_KEY_SECRET."), refusal.action());
        });
    }

    @Test
    void aSecretThatIsTooShortOrNotBase64IsRefusedWithoutBeingShown() {
        assertRefused("session-aware-jwt.key.secret is refused: ", PREFIX + "secret=" + SECRET.substring(0, 40));
        assertRefused(
                "The value of session-aware-jwt.key.secret is not Base64", PREFIX + "secret=!" + SECRET.substring(1));
    }

    @Test
    void twoSourcesOfOneKeyAreRefused() {
        assertRefused(
                "session-aware-jwt.key has 2 sources",
                PREFIX + "secret=" + SECRET,
                PREFIX + "pem=" + FILES.resolve("rsa-pkcs8.pem"));
    }

    @Test
    void aMissingFileIsRefusedWithItsPath() {
        assertRefused(
                "The file of session-aware-jwt.key.pem cannot be read: /nowhere/key.pem",
                PREFIX + "pem=/nowhere/key.pem");
    }

    @Test
    void aPublicKeyCannotSignButVerifies() {
        String publicKey = FILES.resolve("ec-p384-public.pem").toString();
        assertRefused("The key of session-aware-jwt.key is a public key", PREFIX + "pem=" + publicKey);
        application
                .withPropertyValues(
                        PREFIX + "pem=" + FILES.resolve("rsa-pkcs8.pem"),
                        "session-aware-jwt.verification-keys[0].pem=" + publicKey)
                .run(context -> assertTrue(
                        context.getBean(SessionKeys.class).get().toString().contains("ES384")));
    }

    @Test
    void aFormerSecretVerifiesIfItHasAnotherId() {
        String former = "session-aware-jwt.verification-keys[0].secret=" + OTHER_SECRET;
        application
                .withPropertyValues(PREFIX + "secret=" + SECRET, PREFIX + "id=2026-12", former)
                .run(context -> assertNull(context.getStartupFailure()));
        assertRefused(
                "session-aware-jwt.key and session-aware-jwt.verification-keys do not fit together",
                PREFIX + "secret=" + SECRET,
                former);
    }

    @Test
    void aFileIsReadAgain() throws IOException {
        Path file = folder.resolve("key.pem");
        Files.copy(FILES.resolve("ec-p256-pkcs8.pem"), file);
        application
                .withPropertyValues(PREFIX + "pem=" + file, "session-aware-jwt.key-rotation.publish-time=0s")
                .run(context -> {
                    ConfiguredKeys keys = context.getBean(ConfiguredKeys.class);
                    assertEquals(0, context.getBeanNamesForType(PeriodicTask.class).length - 1, "only the purge");

                    Files.writeString(file, "broken");
                    keys.reload();
                    assertSigns(context.getBean(SessionAwareTokenService.class), "ES256");

                    Files.copy(FILES.resolve("ec-p384-pkcs8.pem"), file, StandardCopyOption.REPLACE_EXISTING);
                    keys.reload();
                    assertSigns(context.getBean(SessionAwareTokenService.class), "ES384");
                });
    }

    @Test
    @Timeout(60)
    void filesAreReadAgainOnAScheduleIfAskedFor() throws IOException {
        Path file = folder.resolve("key.pem");
        Files.copy(FILES.resolve("ec-p256-pkcs8.pem"), file);
        application
                .withPropertyValues(
                        PREFIX + "pem=" + file,
                        "session-aware-jwt.key-rotation.publish-time=0s",
                        "session-aware-jwt.key-rotation.reload-interval=5ms")
                .run(context -> {
                    Files.copy(FILES.resolve("ec-p384-pkcs8.pem"), folder.resolve("next.pem"));
                    Files.move(
                            folder.resolve("next.pem"),
                            file,
                            StandardCopyOption.REPLACE_EXISTING,
                            StandardCopyOption.ATOMIC_MOVE);
                    SessionKeys keys = context.getBean(SessionKeys.class);
                    while (!keys.get().toString().contains("current=SigningKey[algorithm=ES384")) {
                        Thread.onSpinWait();
                    }
                });
    }

    @Test
    void aBundleThatIsUpdatedReplacesTheKey() throws Exception {
        DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("signing", bundle(FILES.resolve("rsa.p12")));
        unconfigured()
                .withPropertyValues(
                        ISSUER,
                        "session-aware-jwt.store.type=memory",
                        PREFIX + "ssl-bundle=signing",
                        "session-aware-jwt.key-rotation.publish-time=0s")
                .withBean(SslBundles.class, () -> bundles)
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
                    String former =
                            tokens.issue("user-42", ClientInfo.unknown()).accessToken();

                    bundles.updateBundle("signing", bundle(NEXT));

                    assertSigns(tokens, "ES256");
                    assertEquals("user-42", tokens.validate(former).userId());
                });
    }

    private static SslBundle bundle(Path file) throws GeneralSecurityException, IOException {
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keyStore.load(in, "changeit".toCharArray());
        }
        return SslBundle.of(SslStoreBundle.of(keyStore, "changeit", null));
    }

    private static void assertSigns(ApplicationContextRunner application, String algorithm) {
        application.run(context -> {
            assertNull(context.getStartupFailure());
            assertSigns(context.getBean(SessionAwareTokenService.class), algorithm);
        });
    }

    private static void assertSigns(SessionAwareTokenService tokens, String algorithm) {
        String token = tokens.issue("user-42", ClientInfo.unknown()).accessToken();
        String header = new String(
                Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))), StandardCharsets.UTF_8);
        assertTrue(header.contains("\"alg\":\"" + algorithm + "\""), header);
        assertEquals("user-42", tokens.validate(token).userId());
    }

    private void assertRefused(String description, String... properties) {
        application.withPropertyValues(properties).run(context -> {
            InvalidConfigurationException refusal = refusal(context.getStartupFailure());
            assertTrue(refusal.description().contains(description), refusal.description());
            assertFalse(refusal.getMessage().contains(SECRET.substring(5, 20)), refusal.getMessage());
        });
    }
}
