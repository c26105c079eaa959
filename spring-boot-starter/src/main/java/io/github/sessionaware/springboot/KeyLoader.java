package io.github.sessionaware.springboot;

import io.github.sessionaware.JwsAlgorithm;
import io.github.sessionaware.KeySource;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.VerificationKey;
import io.github.sessionaware.springboot.SessionAwareJwtProperties.KeySettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ResourceUtils;
import org.springframework.util.StringUtils;

/** Reads the keys that the properties name. */
final class KeyLoader {
    private static final String NEW_SECRET = "Make one with \"openssl rand -base64 32\"";
    private static final String FOUR_SOURCES = "secret, pem, key-store and ssl-bundle";

    private final ResourceLoader resources;
    private final ObjectProvider<SslBundles> bundles;

    KeyLoader(ResourceLoader resources, ObjectProvider<SslBundles> bundles) {
        this.resources = resources;
        this.bundles = bundles;
    }

    /** Reads a key that signs. */
    LoadedKey signing(KeySettings key, String property) {
        LoadedKey loaded = load(key, property);
        if (loaded.signing() == null) {
            throw new InvalidConfigurationException(
                    "The key of " + property + " is a public key, which cannot sign",
                    "Name a private key there, and the public key under session-aware-jwt.verification-keys");
        }
        return loaded;
    }

    /** Reads a key that verifies. It needs no private part. */
    LoadedKey verifying(KeySettings key, String property) {
        return load(key, property);
    }

    /**
     * Decodes a secret in Base64, in the standard or the URL alphabet.
     *
     * @param property names the secret in the message of a failure, which never quotes it
     */
    static byte[] secret(String base64, String property) {
        String standard = base64.strip().replace('-', '+').replace('_', '/');
        try {
            return Base64.getDecoder().decode(standard);
        } catch (IllegalArgumentException e) {
            // The decoder's message quotes a character of the secret, so it is dropped.
            throw new InvalidConfigurationException("The value of " + property + " is not Base64", NEW_SECRET);
        }
    }

    private LoadedKey load(KeySettings key, String property) {
        long sources = Stream.of(key.secret(), key.pem(), key.keyStore(), key.sslBundle())
                .filter(StringUtils::hasText)
                .count();
        if (sources == 0) {
            throw new InvalidConfigurationException(
                    "The key of the tokens is missing: " + property + " has no source",
                    "Set " + property + ".secret to 32 random bytes in Base64 (openssl rand -base64 32), outside of the"
                            + " source code, for instance in the environment variable "
                            + property.toUpperCase(Locale.ROOT).replace("-", "").replaceAll("[^A-Z0-9]+", "_")
                            + (property.endsWith("]") ? "" : "_") + "SECRET. Or set one of " + property + ".pem, "
                            + property + ".key-store and " + property + ".ssl-bundle");
        }
        if (sources > 1) {
            throw new InvalidConfigurationException(
                    property + " has " + sources + " sources", "Keep one of " + FOUR_SOURCES);
        }
        if (StringUtils.hasText(key.secret())) {
            return ofSecret(key, property);
        }
        if (StringUtils.hasText(key.pem())) {
            return explained(property + ".pem", () -> ofPem(key, property));
        }
        return StringUtils.hasText(key.keyStore())
                ? explained(property + ".key-store", () -> ofKeyStore(key, property))
                : explained(property + ".ssl-bundle", () -> ofBundle(key));
    }

    private static LoadedKey ofSecret(KeySettings key, String property) {
        byte[] secret = secret(Objects.requireNonNull(key.secret()), property + ".secret");
        try {
            JwsAlgorithm algorithm = Objects.requireNonNullElse(key.algorithm(), JwsAlgorithm.HS256);
            SigningKey signing = SigningKey.of(algorithm, secret);
            if (key.id() != null) {
                signing = signing.withKeyId(key.id());
            }
            return new LoadedKey(ByteBuffer.wrap(secret), signing.verificationKey(), signing);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(property + ".secret is refused: " + e.getMessage(), NEW_SECRET, e);
        }
    }

    /** Tells the text of a PEM file from its location. */
    static boolean isText(@Nullable String pem) {
        return pem != null && pem.contains("-----BEGIN ");
    }

    private LoadedKey ofPem(KeySettings key, String property) {
        String pem = Objects.requireNonNull(key.pem());
        String text = isText(pem) ? pem : new String(read(pem, property + ".pem"), StandardCharsets.ISO_8859_1);
        KeySource source = KeySource.pem(text);
        // A file with a public key alone is complete for a key that only verifies.
        boolean isPublic = text.contains("PUBLIC KEY-----") && !text.contains("PRIVATE KEY-----");
        return isPublic ? ofPublic(key, source.publicKey()) : ofPair(key, keyPair(source, key.password()));
    }

    private LoadedKey ofKeyStore(KeySettings key, String property) {
        char @Nullable [] password = chars(key.password());
        byte[] content = read(Objects.requireNonNull(key.keyStore()), property + ".key-store");
        try (InputStream in = new ByteArrayInputStream(content)) {
            KeyStore keyStore = KeyStore.getInstance(key.keyStoreType());
            keyStore.load(in, password);
            return ofEntry(key, keyStore, key.alias(), key.password());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("The key store cannot be opened with this type and password: "
                    + e.getClass().getName());
        }
    }

    private LoadedKey ofBundle(KeySettings key) {
        SslBundle bundle = bundles.getObject().getBundle(Objects.requireNonNull(key.sslBundle()));
        KeyStore keyStore = bundle.getStores().getKeyStore();
        if (keyStore == null) {
            throw new IllegalArgumentException("Expected an SSL bundle with a key store, found one without it");
        }
        String alias = key.alias() != null ? key.alias() : bundle.getKey().getAlias();
        String password = Stream.of(
                        key.password(),
                        bundle.getKey().getPassword(),
                        bundle.getStores().getKeyStorePassword())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return ofEntry(key, keyStore, alias, password);
    }

    private static LoadedKey ofEntry(
            KeySettings key, KeyStore keyStore, @Nullable String alias, @Nullable String password) {
        String entry = alias != null ? alias : onlyEntry(keyStore);
        return ofPair(key, keyPair(KeySource.keyStore(keyStore, entry), password));
    }

    private static String onlyEntry(KeyStore keyStore) {
        List<String> entries = new ArrayList<>();
        try {
            for (String alias : Collections.list(keyStore.aliases())) {
                if (keyStore.isKeyEntry(alias)) {
                    entries.add(alias);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The key store cannot be read", e);
        }
        if (entries.size() != 1) {
            throw new IllegalArgumentException(
                    "Expected one private key, found " + entries + ": name one of them as the alias");
        }
        return entries.get(0);
    }

    private static KeyPair keyPair(KeySource source, @Nullable String password) {
        char @Nullable [] chars = chars(password);
        return chars == null ? source.keyPair() : source.keyPair(chars);
    }

    private static char @Nullable [] chars(@Nullable String password) {
        return StringUtils.hasLength(password) ? password.toCharArray() : null;
    }

    private static LoadedKey ofPair(KeySettings key, KeyPair pair) {
        SigningKey signing = SigningKey.of(algorithm(key, pair.getPublic()), pair);
        if (key.id() != null) {
            signing = signing.withKeyId(key.id());
        }
        return new LoadedKey(pair.getPublic(), signing.verificationKey(), signing);
    }

    private static LoadedKey ofPublic(KeySettings key, PublicKey publicKey) {
        VerificationKey verification = VerificationKey.of(algorithm(key, publicKey), publicKey);
        return new LoadedKey(publicKey, key.id() == null ? verification : verification.withKeyId(key.id()), null);
    }

    private static JwsAlgorithm algorithm(KeySettings key, PublicKey publicKey) {
        if (key.algorithm() != null) {
            return key.algorithm();
        }
        if (publicKey instanceof ECPublicKey curve) {
            return switch (curve.getParams().getCurve().getField().getFieldSize()) {
                case 384 -> JwsAlgorithm.ES384;
                case 521 -> JwsAlgorithm.ES512;
                default -> JwsAlgorithm.ES256;
            };
        }
        return JwsAlgorithm.RS256;
    }

    private byte[] read(String location, String property) {
        boolean isPath = !ResourceUtils.isUrl(location);
        try (InputStream in =
                resources.getResource(isPath ? "file:" + location : location).getInputStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new InvalidConfigurationException(
                    "The file of " + property + " cannot be read: " + location,
                    "Check the path and the rights of this process. A location in the jar begins with classpath:",
                    e);
        }
    }

    private static LoadedKey explained(String property, Supplier<LoadedKey> loading) {
        try {
            return loading.get();
        } catch (InvalidConfigurationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InvalidConfigurationException(
                    property + " is refused: " + e.getMessage(),
                    "docs/keys.md of session-aware-jwt lists the keys that are accepted",
                    e);
        }
    }
}
