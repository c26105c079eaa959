package io.github.sessionaware.springboot;

import io.github.sessionaware.KeyRing;
import java.util.function.Supplier;

/**
 * Supplies the current keys of the service. By default they come from the properties {@code session-aware-jwt.key} and
 * {@code session-aware-jwt.verification-keys}. An application whose keys come from elsewhere, such as a key service,
 * declares a bean of this type:
 *
 * <pre>{@code
 * @Bean
 * SessionKeys keys(KeyService service) {
 *     return service::currentRing;
 * }
 * }</pre>
 *
 * <p>The service calls {@link #get} once for each token that it issues or validates, so it must be fast. Thread-safe.
 */
@FunctionalInterface
public interface SessionKeys extends Supplier<KeyRing> {
    /**
     * Returns the current keys.
     *
     * @return the ring, never null
     */
    @Override
    KeyRing get();
}
