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
        Instant expiresAt = expiry(session, options, now);
        String accessToken = codec.encode(session, options, newId(), now, expiresAt);
        return new IssuedTokens(accessToken, expiresAt, refreshToken, session);
    }

    /**
     * Creates another token for the holder of one. A session that is bound to a device's key needs a proof for a later
     * expiry, so the token of such a session has the time and the expiry of the token that the request brought.
     */
    IssuedTokens reissue(SessionRecord session, TokenOptions options, VerifiedClaims brought, Instant now) {
        if (session.deviceKey() == null) {
            return tokens(session, options, null, now);
        }
        Instant ownExpiry = expiry(session, options, now);
        Instant expiresAt = ownExpiry.isBefore(brought.expiresAt()) ? ownExpiry : brought.expiresAt();
        String accessToken = codec.encode(session, options, newId(), brought.issuedAt(), expiresAt);
        return new IssuedTokens(accessToken, expiresAt, null, session);
    }

    private Instant expiry(SessionRecord session, TokenOptions options, Instant now) {
        return lifetime.accessTokenExpiry(session, options.lifetimeOr(lifetime.accessTokenOf(session)), now);
    }
}
