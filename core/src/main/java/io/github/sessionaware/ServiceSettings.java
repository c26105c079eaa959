package io.github.sessionaware;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a builder, except the store.
 *
 * @param limit from the user id to the limit; null for no limit, which costs nothing
 * @param refreshHashes the first makes hashes and tokens; empty if there are no refresh tokens
 * @param claimsOnRefresh null if refreshed tokens carry no claims of the application
 */
record ServiceSettings(
        TokenCodec codec,
        List<RefreshHash> refreshHashes,
        SessionLifetime lifetime,
        ServiceClock clock,
        SecureRandom random,
        @Nullable Function<String, SessionLimit> limit,
        @Nullable BiFunction<String, Session, Map<String, ?>> claimsOnRefresh,
        List<SessionListener> listeners) {}
