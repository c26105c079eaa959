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

    RefreshToken newRefreshToken(String sessionId) {
        return RefreshToken.first(sessionId, random);
    }

    IssuedTokens tokens(Session session, Map<String, ?> claims, @Nullable RefreshToken refreshToken, Instant now) {
        Instant expiresAt = lifetime.accessTokenExpiry(session, now);
        String accessToken = codec.encode(session, claims, newId(), now, expiresAt);
        return new IssuedTokens(accessToken, expiresAt, refreshToken == null ? null : refreshToken.encoded(), session);
    }
}
