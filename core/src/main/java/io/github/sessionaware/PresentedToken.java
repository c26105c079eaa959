package io.github.sessionaware;

import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token as received. java-jwt verifies its signature before anything reads its claims. {@code JWT.decode} would read
 * them first, and names that an attacker chose would stay in caches that all tokens share. After verification the
 * claims are the ones that were verified, now or when the same token came before.
 */
final class PresentedToken implements DecodedJWT {
    private final String token;
    private final @Nullable String keyId;
    private final @Nullable VerifiedClaims claims;

    private PresentedToken(String token, @Nullable String keyId, @Nullable VerifiedClaims claims) {
        this.token = token;
        this.keyId = keyId;
        this.claims = claims;
    }

    /** The token must have three parts, which the gate has checked. */
    static PresentedToken unread(String token, @Nullable String keyId) {
        return new PresentedToken(token, keyId, null);
    }

    static PresentedToken verified(String token, VerifiedClaims claims) {
        return new PresentedToken(token, claims.key().keyId(), claims);
    }

    VerifiedClaims claims() {
        if (claims == null) {
            throw new UnsupportedOperationException("A token's claims cannot be read before its signature is verified");
        }
        return claims;
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
        return claims().decoded().getAlgorithm();
    }

    @Override
    public String getType() {
        return claims().decoded().getType();
    }

    @Override
    public String getContentType() {
        return claims().decoded().getContentType();
    }

    @Override
    public Claim getHeaderClaim(String name) {
        return claims().decoded().getHeaderClaim(name);
    }

    @Override
    public String getIssuer() {
        return claims().decoded().getIssuer();
    }

    @Override
    public String getSubject() {
        return claims().decoded().getSubject();
    }

    @Override
    public List<String> getAudience() {
        return claims().decoded().getAudience();
    }

    @Override
    public Date getExpiresAt() {
        return claims().decoded().getExpiresAt();
    }

    @Override
    public Date getNotBefore() {
        return claims().decoded().getNotBefore();
    }

    @Override
    public Date getIssuedAt() {
        return claims().decoded().getIssuedAt();
    }

    @Override
    public String getId() {
        return claims().decoded().getId();
    }

    @Override
    public Claim getClaim(String name) {
        return claims().decoded().getClaim(name);
    }

    @Override
    public Map<String, Claim> getClaims() {
        return claims().decoded().getClaims();
    }
}
