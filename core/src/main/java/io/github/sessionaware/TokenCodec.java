package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.exceptions.JWTCreationException;
import com.auth0.jwt.exceptions.SignatureGenerationException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.RemoteAlgorithm.SignerFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns a session into a token and back. java-jwt signs, and checks signatures. Its verifier is not used, because it
 * shares state with the builder that made it. The few claims that decide are compared here instead.
 */
final class TokenCodec {
    /** The generation of the session's tokens, a whole number; absent in the first generation. */
    static final String GENERATION = "sid_gen";

    private static final Set<String> RESERVED = Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti", GENERATION);

    private final Supplier<KeyRing> keyRing;
    private final Scope scope;
    private final Set<Scope> former;
    private final String tokenType;
    private final String sessionIdClaim;
    private final Duration leeway;
    private final TokenGate gate;
    private final TokenGate statelessGate;
    private final Instant statelessUntil;
    private final VerifiedTokens known;
    private final SessionMetrics metrics;

    TokenCodec(
            Supplier<KeyRing> keyRing,
            Scope scope,
            Set<Scope> former,
            String tokenType,
            String sessionIdClaim,
            Duration leeway,
            Instant statelessUntil,
            int cacheSize,
            SessionMetrics metrics) {
        this.keyRing = keyRing;
        this.scope = scope;
        this.former = former;
        this.tokenType = tokenType;
        this.sessionIdClaim = sessionIdClaim;
        this.leeway = leeway;
        this.gate = TokenGate.ofSessions(tokenType, sessionIdClaim);
        this.statelessGate = TokenGate.ofStatelessTokens(tokenType, sessionIdClaim);
        this.statelessUntil = statelessUntil;
        this.known = new VerifiedTokens(cacheSize);
        this.metrics = metrics;
    }

    static boolean isReserved(String claim) {
        return RESERVED.contains(claim);
    }

    /** Returns whether this service would accept the token too, which another service has verified. */
    boolean accepts(VerifiedClaims claims, TokenCodec verifiedBy) {
        return this == verifiedBy
                || (tokenType.equals(verifiedBy.tokenType) && isInScope(claims.issuer(), claims.audiences()));
    }

    String encode(SessionRecord session, TokenOptions options, String tokenId, Instant issuedAt, Instant expiresAt) {
        KeyRing keys = keys();
        SigningKey key = keys.current();
        String type = options.typeOr(tokenType);
        try {
            JWTCreator.Builder token = JWT.create().withHeader(Map.of("typ", type));
            options.claims().forEach((name, value) -> addClaim(token, name, value));
            token.withIssuer(scope.issuer())
                    .withSubject(session.userId())
                    .withAudience(options.audiencesOr(scope.audiences()).toArray(String[]::new))
                    .withIssuedAt(issuedAt)
                    .withExpiresAt(expiresAt)
                    .withJWTId(tokenId)
                    .withClaim(sessionIdClaim, session.id());
            if (session.generation() > 1) {
                token.withClaim(GENERATION, session.generation());
            }
            if (key.keyId() != null) {
                token.withKeyId(key.keyId());
            }
            String encoded = token.sign(key.algorithm());
            (type.equals(tokenType) ? gate : TokenGate.ofSessions(type, sessionIdClaim)).check(encoded, keys);
            return encoded;
        } catch (SignerFailure e) {
            throw e.thrown();
        } catch (SignatureGenerationException e) {
            throw new IllegalStateException("The key ring's signing key could not sign; the cause says why", e);
        } catch (JWTCreationException | InvalidTokenException | StackOverflowError e) {
            // java-jwt visits the claims by recursion, and a map that contains itself overflows the stack.
            throw new IllegalArgumentException(
                    "claims must fit in a token of " + TokenGate.MAX_LENGTH + " characters and " + CompactJws.MAX_DEPTH
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

    /** Verifies a token of a session. A cache hit skips the signature, but still checks the key and the time. */
    VerifiedClaims verify(@Nullable String token, Instant now) {
        KeyRing keys = keys();
        String hash = known.hash(token);
        VerifiedClaims claims = hash == null ? null : known.find(hash);
        if (claims != null && keys.has(claims.key()) && isInTime(claims, now)) {
            metrics.tokenCacheHit();
            return claims;
        }
        try {
            VerifiedClaims verified = verifyWholly(token, gate, keys, now);
            metrics.tokenCacheMiss();
            if (hash != null) {
                known.put(hash, verified);
            }
            return verified;
        } catch (InvalidTokenException e) {
            throw refusal(e, token, keys, now);
        }
    }

    /**
     * Returns the exception for a token that was refused as a session's token. A stateless token is refused as that, or
     * as expired; any other token keeps its exception.
     */
    private InvalidTokenException refusal(
            InvalidTokenException asSession, @Nullable String token, KeyRing keys, Instant now) {
        if (!now.isBefore(statelessUntil)) {
            return asSession;
        }
        try {
            verifyWholly(token, statelessGate, keys, now);
            return new InvalidTokenException(Reason.STATELESS);
        } catch (InvalidTokenException e) {
            return e.reason() == Reason.EXPIRED ? e : asSession;
        }
    }

    /** Verifies a stateless token, while the service accepts such tokens. */
    VerifiedClaims verifyStateless(@Nullable String token, Instant now) {
        VerifiedClaims claims = verifyWholly(token, statelessGate, keys(), now);
        if (!now.isBefore(statelessUntil)) {
            throw new InvalidTokenException(Reason.STATELESS);
        }
        return claims;
    }

    /** Checks the form, then the signature, then issuer, audience and time. */
    private VerifiedClaims verifyWholly(@Nullable String token, TokenGate form, KeyRing keys, Instant now) {
        if (token == null || token.isBlank()) {
            throw new InvalidTokenException(Reason.MISSING);
        }
        TokenGate.Seen seen = form.check(token, keys);
        verifySignature(token, seen.key());
        VerifiedClaims claims = new VerifiedClaims(
                seen.key(),
                seen.text("sub"),
                seen.has(sessionIdClaim) ? seen.text(sessionIdClaim) : null,
                seen.generation(),
                seen.time("iat"),
                seen.time("exp"),
                seen.has("nbf") ? seen.time("nbf") : null,
                token);
        requireScope(seen.text("iss"), seen.audiences());
        if (claims.isTooEarly(now, leeway)) {
            throw new InvalidTokenException(Reason.NOT_YET_VALID);
        }
        if (claims.isTooLate(now, leeway)) {
            throw new InvalidTokenException(Reason.EXPIRED);
        }
        return claims;
    }

    private void requireScope(String issuer, List<String> audiences) {
        if (isInScope(issuer, audiences)) {
            return;
        }
        boolean isIssuerKnown = scope.issuer().equals(issuer)
                || former.stream().anyMatch(each -> each.issuer().equals(issuer));
        throw new InvalidTokenException(isIssuerKnown ? Reason.WRONG_AUDIENCE : Reason.WRONG_ISSUER);
    }

    private boolean isInScope(String issuer, List<String> audiences) {
        return scope.accepts(issuer, audiences) || former.stream().anyMatch(each -> each.accepts(issuer, audiences));
    }

    /**
     * Who issues tokens, and for whom.
     *
     * @param audiences one or more; the first names the service
     */
    record Scope(String issuer, List<String> audiences) {
        boolean accepts(String otherIssuer, List<String> otherAudiences) {
            return issuer.equals(otherIssuer) && audiences.stream().anyMatch(otherAudiences::contains);
        }
    }

    private boolean isInTime(VerifiedClaims claims, Instant now) {
        return !claims.isTooEarly(now, leeway) && !claims.isTooLate(now, leeway);
    }

    /**
     * Called once per token, so that one token is handled with one ring, even if the ring is replaced in the meantime.
     */
    private KeyRing keys() {
        return requireNonNull(keyRing.get(), "keyRing returned null");
    }

    private static void verifySignature(String token, VerificationKey key) {
        try {
            key.algorithm().verify(new UnverifiedToken(token, key.keyId()));
        } catch (RuntimeException e) {
            // Catch more than java-jwt's exceptions: whatever a token contains, it must not make the service fail.
            throw new InvalidTokenException(Reason.BAD_SIGNATURE);
        }
    }
}
