package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.JWT;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What verification proved of a token, without the signature, so that it cannot authenticate. java-jwt reads the claims
 * when the application first asks for one.
 */
final class VerifiedClaims {
    private final VerificationKey key;
    private final String userId;
    private final @Nullable String sessionId;
    private final Instant expiresAt;
    private final @Nullable Instant notBefore;
    private final String unsigned;
    private volatile @Nullable DecodedJWT decoded;

    VerifiedClaims(
            VerificationKey key,
            String userId,
            @Nullable String sessionId,
            Instant expiresAt,
            @Nullable Instant notBefore,
            String token) {
        this.key = key;
        this.userId = userId;
        this.sessionId = sessionId;
        this.expiresAt = expiresAt;
        this.notBefore = notBefore;
        this.unsigned = token.substring(0, token.lastIndexOf('.') + 1);
    }

    VerificationKey key() {
        return key;
    }

    String userId() {
        return userId;
    }

    /** Only for a token that has a session id. */
    String sessionId() {
        return requireNonNull(sessionId);
    }

    boolean isTooEarly(Instant now, Duration leeway) {
        return notBefore != null && now.plus(leeway).isBefore(notBefore);
    }

    boolean isTooLate(Instant now, Duration leeway) {
        return !now.isBefore(expiresAt.plus(leeway));
    }

    /** Two threads may both decode the claims; the results are equal. */
    DecodedJWT decoded() {
        DecodedJWT known = decoded;
        if (known == null) {
            known = JWT.decode(unsigned);
            decoded = known;
        }
        return known;
    }
}
