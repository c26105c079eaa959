package io.github.sessionaware;

import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The three parts of a token whose signature java-jwt verifies next. Nothing can read its claims. {@code JWT.decode}
 * would read them first, and names that an attacker chose would stay in caches that all tokens share.
 */
final class UnverifiedToken implements DecodedJWT {
    private final String token;
    private final @Nullable String keyId;

    /** The token must have three parts, which the gate has checked. */
    UnverifiedToken(String token, @Nullable String keyId) {
        this.token = token;
        this.keyId = keyId;
    }

    @Override
    public String getToken() {
        return token;
    }

    @Override
    public String getHeader() {
        return token.substring(0, token.indexOf('.'));
    }

    @Override
    public String getPayload() {
        return token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
    }

    @Override
    public String getSignature() {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    @Override
    public @Nullable String getKeyId() {
        return keyId;
    }

    @Override
    public String getAlgorithm() {
        throw unverified();
    }

    @Override
    public String getType() {
        throw unverified();
    }

    @Override
    public String getContentType() {
        throw unverified();
    }

    @Override
    public Claim getHeaderClaim(String name) {
        throw unverified();
    }

    @Override
    public String getIssuer() {
        throw unverified();
    }

    @Override
    public String getSubject() {
        throw unverified();
    }

    @Override
    public List<String> getAudience() {
        throw unverified();
    }

    @Override
    public Date getExpiresAt() {
        throw unverified();
    }

    @Override
    public Date getNotBefore() {
        throw unverified();
    }

    @Override
    public Date getIssuedAt() {
        throw unverified();
    }

    @Override
    public String getId() {
        throw unverified();
    }

    @Override
    public Claim getClaim(String name) {
        throw unverified();
    }

    @Override
    public Map<String, Claim> getClaims() {
        throw unverified();
    }

    private static UnsupportedOperationException unverified() {
        return new UnsupportedOperationException("A token's claims cannot be read before its signature is verified");
    }
}
