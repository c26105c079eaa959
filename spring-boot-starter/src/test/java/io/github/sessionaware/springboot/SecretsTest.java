package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.ISSUER;
import static io.github.sessionaware.springboot.TestApplication.OTHER_SECRET;
import static io.github.sessionaware.springboot.TestApplication.SECRET;
import static io.github.sessionaware.springboot.TestApplication.bootClass;
import static io.github.sessionaware.springboot.TestApplication.unconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint.ConfigurationPropertiesBeanDescriptor;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;

/** What the actuator's endpoints show of the secrets, even if the application has told them to show values. */
class SecretsTest {
    private static final String FORMER = "Mn7Bv3Cx9Lk5Jh1Gf8Ds2Ap6Qw4Er0Tt3Yy7Uu9Ii1A=";
    private static final String THIRD = "Pp2Oo8Ii4Uu6Yy1Tt5Rr9Ee3Ww7Qq0Aa2Ss8Dd4Ff6E=";

    private static final Path PEM_FILES =
            Path.of("../core-tests/src/test/resources/pem").toAbsolutePath();

    private static final String FOR_FORMS = "Ff9Dd7Ss5Aa3Qq1Ww0Ee2Rr4Tt6Yy8Uu0Ii9Oo7Pp5A=";
    private static final String OVERRIDDEN = "Gg4Hh6Jj8Kk0Ll2Mm5Nn7Bb9Vv1Cc3Xx6Zz8Aa0Ss2A=";

    private static final ApplicationContextRunner SHOWS_VALUES = unconfigured()
            .withConfiguration(AutoConfigurations.of(
                    bootClass(
                            "org.springframework.boot.actuate.autoconfigure.env.EnvironmentEndpointAutoConfiguration"),
                    bootClass("org.springframework.boot.actuate.autoconfigure.context.properties"
                            + ".ConfigurationPropertiesReportEndpointAutoConfiguration")))
            .withInitializer(context -> context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "deployment",
                            Map.of(
                                    "JWT_SECRET",
                                    SECRET,
                                    "SESSIONAWAREJWT_REFRESHTOKENS_SECRET",
                                    THIRD,
                                    "FORMS",
                                    FOR_FORMS))))
            .withInitializer(context -> context.getEnvironment()
                    .getPropertySources()
                    .addLast(new MapPropertySource(
                            "defaults",
                            Map.of("sessionAwareJwt.key.secret", OVERRIDDEN, "SESSION_AWARE_JWT_SECRET", OVERRIDDEN))))
            .withPropertyValues(
                    "management.endpoints.web.exposure.include=*",
                    "management.endpoints.jmx.exposure.include=*",
                    "spring.jmx.enabled=true",
                    "management.endpoint.env.show-values=always",
                    "management.endpoint.configprops.show-values=always",
                    ISSUER,
                    "session-aware-jwt.store.type=memory",
                    "session-aware-jwt.key.secret=${JWT_SECRET}",
                    "session-aware-jwt.key.id=2026-12",
                    "session-aware-jwt.web.form-secret=${FORMS}",
                    "session-aware-jwt.verification-keys[0].secret=" + OTHER_SECRET,
                    "session-aware-jwt.refresh-tokens.secret=${SESSIONAWAREJWT_REFRESHTOKENS_SECRET}",
                    "session-aware-jwt.refresh-tokens.former-secrets=" + FORMER);

    @Test
    void theEnvironmentShowsNoSecretAndNoVariableThatHoldsOne() {
        SHOWS_VALUES.run(context -> {
            List<String> shown = new ArrayList<>();
            context.getBean(EnvironmentEndpoint.class)
                    .environment(null)
                    .getPropertySources()
                    .forEach(source ->
                            source.getProperties().forEach((name, value) -> shown.add(name + "=" + value.getValue())));

            assertNoSecret(shown.toString());
            assertTrue(shown.contains("session-aware-jwt.issuer=https://shop.example"), "values are shown");
            assertTrue(shown.contains("JWT_SECRET=******"), "the variable is masked by its value");
            assertTrue(shown.contains("FORMS=******"), "the variable is masked by its value");
        });
    }

    @Test
    void aVariableThatHoldsAPrivateKeyIsMasked() throws IOException {
        String pem = Files.readString(PEM_FILES.resolve("ec-p256-pkcs8.pem"));
        SHOWS_VALUES
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("pem", Map.of("SIGNING_PEM", pem))))
                .withPropertyValues(
                        "session-aware-jwt.key.secret=",
                        "session-aware-jwt.key.pem=${SIGNING_PEM}",
                        "session-aware-jwt.verification-keys[0].secret=",
                        "session-aware-jwt.verification-keys[0].pem=" + PEM_FILES.resolve("rsa-public.pem"))
                .run(context -> assertEquals(
                        "******",
                        context.getBean(EnvironmentEndpoint.class)
                                .environmentEntry("SIGNING_PEM")
                                .getProperty()
                                .getValue()));
    }

    @Test
    void thePropertiesShowNoSecret() {
        SHOWS_VALUES.run(context -> {
            Map<String, ConfigurationPropertiesBeanDescriptor> beans = context.getBean(
                            ConfigurationPropertiesReportEndpoint.class)
                    .configurationProperties()
                    .getContexts()
                    .values()
                    .iterator()
                    .next()
                    .getBeans();
            ConfigurationPropertiesBeanDescriptor ours = beans.values().stream()
                    .filter(bean -> bean.getPrefix().equals("session-aware-jwt"))
                    .findFirst()
                    .orElseThrow();

            String shown = ours.getProperties() + " " + ours.getInputs();
            assertTrue(shown.contains("https://shop.example"), shown);
            assertNoSecret(shown);
        });
    }

    @Test
    void theTextOfThePropertiesShowsNoSecret() {
        SHOWS_VALUES
                .withPropertyValues(
                        "session-aware-jwt.verification-keys[0].secret=",
                        "session-aware-jwt.verification-keys[0].pem="
                                + Path.of("../core-tests/src/test/resources/pem/rsa-public.pem")
                                        .toAbsolutePath())
                .run(context -> {
                    // The application does not start, because a secret and a public key do not fit together.
                    String failure =
                            TestApplication.refusal(context.getStartupFailure()).toString();
                    assertNoSecret(failure);
                });
        SHOWS_VALUES.run(context ->
                assertNoSecret(context.getBean(SessionAwareJwtProperties.class).toString()
                        + context.getBean(SessionKeys.class).get()));
    }

    private static void assertNoSecret(String shown) {
        for (String secret : List.of(SECRET, OTHER_SECRET, FORMER, THIRD, OVERRIDDEN)) {
            assertFalse(shown.contains(secret.substring(0, 20)), shown);
        }
    }
}
