package io.github.sessionaware;

import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a builder, except the store.
 *
 * @param limit from the user id to the limit; null for no limit, which costs nothing
 * @param refreshTokens null if there are no refresh tokens
 */
record ServiceSettings(
        TokenCodec codec,
        @Nullable RefreshTokens refreshTokens,
        SessionLifetime lifetime,
        ServiceClock clock,
        SecureRandom random,
        @Nullable Function<String, SessionLimit> limit,
        List<SessionListener> listeners) {}
