package io.github.sessionaware;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a login, a refresh, a renewed authentication, a migration or a {@code reissue}. Only
 * {@link SessionAwareTokenService} creates it. Immutable. {@link #toString()} omits the tokens, so logging an instance
 * is harmless.
 */
public final class IssuedTokens {
    private final String accessToken;
    private final Instant accessTokenExpiresAt;
    private final @Nullable String refreshToken;
    private final SessionRecord record;

    IssuedTokens(
            String accessToken,
            Instant accessTokenExpiresAt,
            @Nullable RefreshToken refreshToken,
            SessionRecord record) {
        this.accessToken = accessToken;
        this.accessTokenExpiresAt = accessTokenExpiresAt;
        this.refreshToken = refreshToken == null ? null : refreshToken.encoded();
        this.record = record;
    }

    /** Returns the same access token with another refresh token and a later record of the session. */
    IssuedTokens with(@Nullable RefreshToken other, SessionRecord later) {
        return new IssuedTokens(accessToken, accessTokenExpiresAt, other, later);
    }

    SessionRecord record() {
        return record;
    }

    /** {@return the signed token for the client, which sends it back as {@code Authorization: Bearer}} */
    public String accessToken() {
        return accessToken;
    }

    /**
     * {@return the first instant at which the access token is refused, without the service's leeway; in whole seconds,
     * and never after the session's absolute deadline}
     */
    public Instant accessTokenExpiresAt() {
        return accessTokenExpiresAt;
    }

    /**
     * {@return the token that the client exchanges for new ones; opaque; null if the service or the call issues none}
     * It is valid until it is used or the session ends, and as secret as a password.
     */
    public @Nullable String refreshToken() {
        return refreshToken;
    }

    /** {@return the id of the user, exactly as given to {@code issue}} */
    public String userId() {
        return record.userId();
    }

    /** {@return the session as it was stored, marked as current} */
    public Session session() {
        return Session.of(record, record.id());
    }

    /** Returns the user, the expiry and the session, without the tokens. */
    @Override
    public String toString() {
        return "IssuedTokens[userId=" + userId() + ", accessToken=(hidden), accessTokenExpiresAt="
                + accessTokenExpiresAt + ", refreshToken=(hidden), session=" + session() + "]";
    }
}
