package io.github.sessionaware.springboot;

import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.servlet.ExperimentalDeviceBound;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of sessions that are bound to a key of their device. Experimental: may change in a minor release.
 *
 * @param enabled Whether browsers are asked to bind their sessions. Experimental. Needs refresh tokens, cookies and
 *     HTTPS.
 * @param accessTokenLifetime How long an access token of a bound session is accepted. Default: 5 minutes.
 * @param registrationWindow How long after a login a browser may bind its session. Default: 2 minutes.
 * @param challengeLifetime How long the challenge of a renewal may be signed. Default: 15 minutes.
 * @param path Path below which the filter answers the browser. Default: /device-bound.
 * @param excluded Paths whose requests do not wait for a renewal, such as /static/*.
 */
@ConfigurationProperties("session-aware-jwt.device-bound")
record DeviceBoundProperties(
        @DefaultValue("false") boolean enabled,
        @Nullable Duration accessTokenLifetime,
        @Nullable Duration registrationWindow,
        @Nullable Duration challengeLifetime,
        @Nullable String path,
        @DefaultValue List<String> excluded) {
    static final String ENABLED = "session-aware-jwt.device-bound.enabled";

    ExperimentalDeviceBinding binding() {
        return explained(() -> {
            ExperimentalDeviceBinding binding = ExperimentalDeviceBinding.defaults();
            if (accessTokenLifetime != null) {
                binding = binding.withAccessTokenLifetime(accessTokenLifetime);
            }
            if (registrationWindow != null) {
                binding = binding.withRegistrationWindow(registrationWindow);
            }
            return challengeLifetime == null ? binding : binding.withChallengeLifetime(challengeLifetime);
        });
    }

    ExperimentalDeviceBound ofFilter() {
        return explained(() -> {
            ExperimentalDeviceBound bound =
                    ExperimentalDeviceBound.defaults().withExcluded(excluded.toArray(String[]::new));
            return path == null ? bound : bound.withPath(path);
        });
    }

    private static <T> T explained(Supplier<T> settings) {
        try {
            return settings.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(
                    "session-aware-jwt.device-bound is refused: " + e.getMessage(),
                    "Change the properties with the prefix session-aware-jwt.device-bound",
                    e);
        }
    }
}
