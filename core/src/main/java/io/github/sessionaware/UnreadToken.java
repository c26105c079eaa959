package io.github.sessionaware;

import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token of which java-jwt verifies the signature before anybody has read its claims. {@code JWT.decode} would read
 * them first, and names that an attacker chooses would stay behind in tables that all tokens share.
 */
final class UnreadToken implements DecodedJWT {
    private static final long serialVersionUID = 1L;

    private final String token;
    private final String header;
    private final String payload;
    private final String signature;
    private final @Nullable String keyId;

    /** Of three parts, as the gate has seen. */
    UnreadToken(String token, @Nullable String keyId) {
        int first = token.indexOf('.');
        int last = token.lastIndexOf('.');
        this.token = token;
        this.header = token.substring(0, first);
        this.payload = token.substring(first + 1, last);
        this.signature = token.substring(last + 1);
        this.keyId = keyId;
    }

    @Override
    public String getToken() {
        return token;
    }

    @Override
    public String getHeader() {
        return header;
    }

    @Override
    public String getPayload() {
        return payload;
    }

    @Override
    public String getSignature() {
        return signature;
    }

    @Override
    public @Nullable String getKeyId() {
        return keyId;
    }

    @Override
    public String getAlgorithm() {
        throw unread();
    }

    @Override
    public String getType() {
        throw unread();
    }

    @Override
    public String getContentType() {
        throw unread();
    }

    @Override
    public Claim getHeaderClaim(String name) {
        throw unread();
    }

    @Override
    public String getIssuer() {
        throw unread();
    }

    @Override
    public String getSubject() {
        throw unread();
    }

    @Override
    public List<String> getAudience() {
        throw unread();
    }

    @Override
    public Date getExpiresAt() {
        throw unread();
    }

    @Override
    public Date getNotBefore() {
        throw unread();
    }

    @Override
    public Date getIssuedAt() {
        throw unread();
    }

    @Override
    public String getId() {
        throw unread();
    }

    @Override
    public Claim getClaim(String name) {
        throw unread();
    }

    @Override
    public Map<String, Claim> getClaims() {
        throw unread();
    }

    private static UnsupportedOperationException unread() {
        return new UnsupportedOperationException("What a token says is read after its signature");
    }
}
