package io.github.sessionaware;

import java.security.SecureRandom;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a builder, except the store.
 *
 * @param limit from the user id and the category to the limit
 * @param refreshTokens null if there are no refresh tokens
 * @param metrics do not throw
 * @param recentReads null if the service asks the store at every request
 * @param deviceBinding null if no session is bound to a device's key
 */
record ServiceSettings(
        TokenCodec codec,
        @Nullable RefreshTokens refreshTokens,
        SessionLifetime lifetime,
        ServiceClock clock,
        SecureRandom random,
        BiFunction<String, String, SessionLimit> limit,
        List<SessionListener> listeners,
        SessionMetrics metrics,
        @Nullable RecentReads recentReads,
        @Nullable ExperimentalDeviceBinding deviceBinding) {}
