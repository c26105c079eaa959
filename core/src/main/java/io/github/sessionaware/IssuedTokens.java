package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Holds the result of a login or a refresh. Immutable. {@link #toString()} omits the tokens, so logging an instance is
 * harmless.
 *
 * @param accessToken the signed token for the client, which sends it back as {@code Authorization: Bearer}
 * @param accessTokenExpiresAt the first instant at which the token is refused, in whole seconds and without the
 *     service's leeway; never after the session's absolute deadline
 * @param refreshToken the token that the client exchanges for new ones, valid until it is used or the session ends;
 *     null if the service issues none. Opaque; as secret as a password
 * @param session the session record as it was stored
 */
public record IssuedTokens(
        String accessToken,
        Instant accessTokenExpiresAt,
        @Nullable String refreshToken,
        Session session) {

    /**
     * Checks that nothing is null except the refresh token.
     *
     * @param accessToken the signed token
     * @param accessTokenExpiresAt when the access token expires
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
