package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotates refresh tokens. Of callers with the same token one replaces the record as it was read; the others read again
 * and find that theirs has become the previous one, which within the grace window leads to the same successor. Any
 * token of the session that is neither is a copy, in whose hands nobody can tell, so the session ends (RFC 9700,
 * section 4.14.2).
 */
final class Refresher {
    private static final Logger log = LoggerFactory.getLogger(Refresher.class);

    /** Each failed attempt is another caller's success, and after a rotation nobody rotates the same token again. */
    private static final int MAX_ATTEMPTS = 20;

    private final TokenCodec codec;
    private final GuardedStore store;
    private final SessionLifetime lifetime;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Function<Session, Map<String, ?>> claims;

    Refresher(
            TokenCodec codec,
            GuardedStore store,
            SessionLifetime lifetime,
            InstantSource clock,
            SecureRandom random,
            Function<Session, Map<String, ?>> claims) {
        this.codec = codec;
        this.store = store;
        this.lifetime = lifetime;
        this.clock = clock;
        this.random = random;
        this.claims = claims;
    }

    IssuedTokens refresh(@Nullable String refreshToken, ClientInfo client) {
        RefreshToken presented = RefreshToken.parse(refreshToken);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            Session seen = store.find(presented.sessionId())
                    .orElseThrow(() -> new InvalidTokenException(Reason.SESSION_ENDED));
            RefreshState state = RefreshState.of(seen)
                    .filter(known -> known.wasGivenOut(presented))
                    .orElseThrow(() -> new InvalidTokenException(Reason.NOT_OURS));
            if (!lifetime.isLive(seen, now)) {
                throw new InvalidTokenException(Reason.SESSION_EXPIRED);
            }
            if (state.isCurrent(presented)) {
                Optional<IssuedTokens> rotated = rotate(seen, state, presented, client, now);
                if (rotated.isPresent()) {
                    return rotated.get();
                }
            } else if (state.isPrevious(presented) && lifetime.isRetry(state.rotatedAt(), now)) {
                return tokens(seen, presented.successor(state.nonce()), now);
            } else {
                end(seen);
                throw new InvalidTokenException(Reason.REFRESH_TOKEN_REUSED);
            }
        }
        throw new SessionStoreException("The session changed at every attempt to refresh it");
    }

    /** The tokens are made first: what cannot be issued must not use up the old one. */
    private Optional<IssuedTokens> rotate(
            Session seen, RefreshState state, RefreshToken presented, ClientInfo client, Instant now) {
        String nonce = SessionIds.generate(random);
        RefreshToken successor = presented.successor(nonce);
        Instant lastActiveAt = now.isBefore(seen.lastActiveAt()) ? seen.lastActiveAt() : now;
        Session next = seen.refreshed(
                client,
                lastActiveAt,
                lifetime.sessionExpiry(seen.createdAt(), lastActiveAt),
                state.rotated(successor, nonce, now).encoded());
        IssuedTokens tokens = tokens(next, successor, now);
        return store.replace(seen, next) ? Optional.of(tokens) : Optional.empty();
    }

    private IssuedTokens tokens(Session session, RefreshToken refreshToken, Instant now) {
        Instant expiresAt = lifetime.accessTokenExpiry(session, now);
        Map<String, ?> recomputed = requireNonNull(claims.apply(session), "refreshedClaims returned null");
        String accessToken = codec.encode(session, recomputed, SessionIds.generate(random), now, expiresAt);
        return new IssuedTokens(accessToken, expiresAt, refreshToken.encoded(), session);
    }

    private void end(Session session) {
        if (store.delete(session.userId(), session.id()).isPresent()) {
            log.warn("A refresh token was used a second time: its session has been ended");
        }
    }
}
