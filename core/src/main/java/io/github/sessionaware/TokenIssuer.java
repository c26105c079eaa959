package io.github.sessionaware;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Creates the tokens of a session. Stores nothing. */
record TokenIssuer(TokenCodec codec, SessionLifetime lifetime, SecureRandom random) {

    String newId() {
        return SessionIds.generate(random);
    }

    IssuedTokens tokens(
            SessionRecord session, Map<String, ?> claims, @Nullable RefreshToken refreshToken, Instant now) {
        return tokens(session, TokenOptions.defaults().withClaims(claims), refreshToken, now);
    }

    IssuedTokens tokens(SessionRecord session, TokenOptions options, @Nullable RefreshToken refreshToken, Instant now) {
        Instant expiresAt = lifetime.accessTokenExpiry(session, options.lifetimeOr(lifetime.accessToken()), now);
        String accessToken = codec.encode(session, options, newId(), now, expiresAt);
        return new IssuedTokens(accessToken, expiresAt, refreshToken, session);
    }
}
