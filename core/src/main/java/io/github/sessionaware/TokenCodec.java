package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.exceptions.JWTCreationException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Session to token and back. java-jwt signs and checks signatures; its verifier, which shares state with the builder it
 * came from, is not used: the few claims that decide are compared here.
 */
final class TokenCodec {
    private static final Set<String> RESERVED = Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti");

    private final SigningKey key;
    private final String issuer;
    private final String audience;
    private final String tokenType;
    private final String sessionIdClaim;
    private final Duration leeway;
    private final TokenGate gate;

    TokenCodec(
            SigningKey key, String issuer, String audience, String tokenType, String sessionIdClaim, Duration leeway) {
        this.key = key;
        this.issuer = issuer;
        this.audience = audience;
        this.tokenType = tokenType;
        this.sessionIdClaim = sessionIdClaim;
        this.leeway = leeway;
        this.gate = new TokenGate(key, tokenType, sessionIdClaim);
    }

    static boolean isReserved(String claim) {
        return RESERVED.contains(claim);
    }

    String encode(Session session, Map<String, ?> claims, String tokenId, Instant issuedAt, Instant expiresAt) {
        try {
            JWTCreator.Builder token = JWT.create().withHeader(Map.of("typ", tokenType));
            claims.forEach((name, value) -> addClaim(token, name, value));
            token.withIssuer(issuer)
                    .withSubject(session.userId())
                    .withAudience(audience)
                    .withIssuedAt(issuedAt)
                    .withExpiresAt(expiresAt)
                    .withJWTId(tokenId)
                    .withClaim(sessionIdClaim, session.id());
            if (key.keyId() != null) {
                token.withKeyId(key.keyId());
            }
            String encoded = token.sign(key.algorithm());
            gate.check(encoded);
            return encoded;
        } catch (JWTCreationException | InvalidTokenException | StackOverflowError e) {
            // java-jwt walks the claims by recursion, and a map may hold itself.
            throw new IllegalArgumentException(
                    "claims must fit a token of " + TokenGate.MAX_LENGTH + " characters and " + TokenGate.MAX_DEPTH
                            + " levels of nesting",
                    e);
        }
    }

    private void addClaim(JWTCreator.Builder token, String name, @Nullable Object value) {
        requireNonNull(name, "claims must not contain a null name");
        if (isReserved(name) || name.equals(sessionIdClaim)) {
            throw new IllegalArgumentException("claims must not contain \"" + name + "\": this library sets it");
        }
        try {
            token.withPayload(Collections.singletonMap(name, value));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "claims must be String, Boolean, Integer, Long, Double, Instant, Date, or lists and maps of them:"
                            + " look at \"" + name + "\"",
                    e);
        }
    }

    /** Form, then signature, then whom and when it is for. */
    DecodedJWT verify(@Nullable String token, Instant now) {
        if (token == null || token.isBlank()) {
            throw new InvalidTokenException(Reason.MISSING);
        }
        gate.check(token);
        DecodedJWT verified = verifySignature(token);
        Instant notBefore = verified.getNotBeforeAsInstant();
        if (!issuer.equals(verified.getIssuer())
                || !List.of(audience).equals(verified.getAudience())
                || (notBefore != null && now.plus(leeway).isBefore(notBefore))) {
            throw new InvalidTokenException(Reason.NOT_OURS);
        }
        if (!now.isBefore(verified.getExpiresAtAsInstant().plus(leeway))) {
            throw new InvalidTokenException(Reason.EXPIRED);
        }
        return verified;
    }

    String sessionId(DecodedJWT verified) {
        return verified.getClaim(sessionIdClaim).asString();
    }

    private DecodedJWT verifySignature(String token) {
        try {
            DecodedJWT decoded = JWT.decode(token);
            key.algorithm().verify(decoded);
            return decoded;
        } catch (JWTVerificationException e) {
            throw new InvalidTokenException(Reason.NOT_OURS);
        }
    }
}
