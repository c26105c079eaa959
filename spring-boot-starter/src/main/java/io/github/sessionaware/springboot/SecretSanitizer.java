package io.github.sessionaware.springboot;

import java.util.Locale;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Masks the secrets of the library in the actuator's endpoints {@code env} and {@code configprops}, also if their
 * values are shown. It masks the values too where they have other names, such as the environment variable that a
 * placeholder names.
 */
final class SecretSanitizer implements SanitizingFunction {
    private final Set<String> secrets;

    SecretSanitizer(Set<String> secrets) {
        this.secrets = Set.copyOf(secrets);
    }

    @Override
    public SanitizableData apply(SanitizableData data) {
        return isSecretName(data.getKey())
                        || (data.getValue() != null
                                && secrets.contains(data.getValue().toString()))
                ? data.withSanitizedValue()
                : data;
    }

    /** Accepts every spelling that Boot accepts, such as that of an environment variable. */
    private static boolean isSecretName(String key) {
        String name = key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return name.startsWith("sessionawarejwt")
                && (name.contains("secret") || name.contains("password") || name.contains("pem"));
    }
}
