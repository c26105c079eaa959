package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * The answer to a login. Immutable. {@link #toString()} leaves the token out, so that logging it is harmless.
 *
 * @param accessToken the signed token for the client, to be sent back as {@code Authorization: Bearer}
 * @param accessTokenExpiresAt the first instant, in whole seconds, at which the token is refused, but for the service's
 *     leeway; never after the session's absolute deadline
 * @param session the session record that was stored for this login
 */
public record IssuedTokens(String accessToken, Instant accessTokenExpiresAt, Session session) {

    /**
     * Refuses null.
     *
     * @param accessToken the signed token
     * @param accessTokenExpiresAt when it expires
     * @param session the stored session
     */
    public IssuedTokens {
        requireNonNull(accessToken, "accessToken");
        requireNonNull(accessTokenExpiresAt, "accessTokenExpiresAt");
        requireNonNull(session, "session");
    }

    /** Returns the expiry and the session, without the token. */
    @Override
    public String toString() {
        return "IssuedTokens[accessToken=(hidden), accessTokenExpiresAt=" + accessTokenExpiresAt + ", session="
                + session + "]";
    }
}
