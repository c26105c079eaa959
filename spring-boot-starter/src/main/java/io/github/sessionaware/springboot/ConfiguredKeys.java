package io.github.sessionaware.springboot;

import io.github.sessionaware.KeyRing;
import io.github.sessionaware.springboot.SessionAwareJwtProperties.KeySettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys that the properties name, which can be read again while the application runs. */
final class ConfiguredKeys implements SessionKeys {
    private static final Logger log = LoggerFactory.getLogger(ConfiguredKeys.class);
    private static final String PREFIX = "session-aware-jwt.";

    private final SessionAwareJwtProperties properties;
    private final KeyLoader loader;
    private final RotatingKeys keys;

    ConfiguredKeys(SessionAwareJwtProperties properties, KeyLoader loader, Duration tokensLive, InstantSource clock) {
        this.properties = properties;
        this.loader = loader;
        LoadedKey current = current();
        try {
            this.keys =
                    new RotatingKeys(current, others(), properties.keyRotation().publishTime(), tokensLive, clock);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(
                    "The keys of session-aware-jwt.key and session-aware-jwt.verification-keys do not fit together: "
                            + e.getMessage(),
                    "Give each secret an id, and do not mix secrets with RSA and elliptic curve keys",
                    e);
        }
    }

    @Override
    public KeyRing get() {
        return keys.get();
    }

    /** Reads the keys again. If that fails, the keys from before stay. */
    void reload() {
        try {
            if (keys.replace(current(), others())) {
                log.info("The keys were replaced: {}", keys.get());
            }
        } catch (RuntimeException e) {
            log.warn("The keys could not be replaced, so those from before stay: {}", e.getMessage());
        }
    }

    /** Returns the names of the SSL bundles that hold keys. */
    List<String> bundles() {
        List<String> names = new ArrayList<>();
        for (KeySettings key : allKeys()) {
            if (key.sslBundle() != null) {
                names.add(key.sslBundle());
            }
        }
        return names;
    }

    private List<KeySettings> allKeys() {
        List<KeySettings> all = new ArrayList<>(properties.verificationKeys());
        all.add(properties.key());
        return all;
    }

    private LoadedKey current() {
        return loader.signing(properties.key(), PREFIX + "key");
    }

    private List<LoadedKey> others() {
        List<LoadedKey> others = new ArrayList<>();
        for (KeySettings key : properties.verificationKeys()) {
            others.add(loader.verifying(key, PREFIX + "verification-keys[" + others.size() + "]"));
        }
        return others;
    }
}
