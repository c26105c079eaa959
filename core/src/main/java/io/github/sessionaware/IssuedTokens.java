package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a login or a refresh. Immutable. {@link #toString()} leaves the tokens out, so that logging it is
 * harmless.
 *
 * @param accessToken the signed token for the client, to be sent back as {@code Authorization: Bearer}
 * @param accessTokenExpiresAt the first instant, in whole seconds, at which the token is refused, but for the service's
 *     leeway; never after the session's absolute deadline
 * @param refreshToken what the client exchanges for new tokens, good until the session ends or it has been used; null
 *     if the service gives none. Opaque; a secret like a password
 * @param session the session record as it was stored
 */
public record IssuedTokens(
        String accessToken,
        Instant accessTokenExpiresAt,
        @Nullable String refreshToken,
        Session session) {

    /**
     * Refuses null but for the refresh token.
     *
     * @param accessToken the signed token
     * @param accessTokenExpiresAt when it expires
     * @param refreshToken the refresh token, or null
     * @param session the stored session
     */
    public IssuedTokens {
        requireNonNull(accessToken, "accessToken");
        requireNonNull(accessTokenExpiresAt, "accessTokenExpiresAt");
        requireNonNull(session, "session");
    }

    /** Returns the expiry and the session, without the tokens. */
    @Override
    public String toString() {
        return "IssuedTokens[accessToken=(hidden), accessTokenExpiresAt=" + accessTokenExpiresAt
                + ", refreshToken=(hidden), session=" + session + "]";
    }
}
