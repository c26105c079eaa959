package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Rotates refresh tokens. When several callers present the same token, one of them replaces the record. The others read
 * the record again and find that their token is now the previous one. Within the grace window it leads to the same
 * successor. Any other token of the session is a copy, and nobody can tell whether a thief presents it, so the session
 * ends (RFC 9700, section 4.14.2).
 */
final class Refresher {
    private final TokenIssuer issuer;
    private final RefreshHash hash;
    private final GuardedStore store;
    private final SessionLifetime lifetime;
    private final Function<Session, Map<String, ?>> claims;
    private final Listeners listeners;
    private final Supplier<Instant> clock;

    Refresher(
            TokenIssuer issuer,
            RefreshHash hash,
            GuardedStore store,
            SessionLifetime lifetime,
            Function<Session, Map<String, ?>> claims,
            Listeners listeners,
            Supplier<Instant> clock) {
        this.issuer = issuer;
        this.hash = hash;
        this.store = store;
        this.lifetime = lifetime;
        this.claims = claims;
        this.listeners = listeners;
        this.clock = clock;
    }

    /** Returns what the record of a new session keeps of its first refresh token. */
    String firstState(RefreshToken token, String userId, Instant now) {
        return RefreshState.first(token, userId, hash, now).encoded();
    }

    /** Returns empty if another caller changed the session first. Then try again. */
    Optional<IssuedTokens> refresh(RefreshToken presented, ClientInfo client, Instant now) {
        Session seen =
                store.find(presented.sessionId()).orElseThrow(() -> new InvalidTokenException(Reason.SESSION_ENDED));
        RefreshState state = RefreshState.of(seen)
                .filter(known -> known.wasGivenOut(presented, seen.userId(), hash))
                .orElseThrow(() -> new InvalidTokenException(Reason.NOT_OURS));
        if (!lifetime.isLive(seen, now)) {
            throw new InvalidTokenException(Reason.SESSION_EXPIRED);
        }
        if (state.isCurrent(presented, seen.userId(), hash)) {
            return rotate(seen, state, presented, client, now);
        }
        if (state.isPrevious(presented, seen.userId(), hash)) {
            // Read the clock again: this call may have waited for the store while another caller rotated the token.
            Instant sinceRead = clock.get();
            if (lifetime.isRetry(state.rotatedAt(), sinceRead)) {
                return Optional.of(tokens(seen, hash.successor(presented, state.nonce()), now));
            }
            if (lifetime.isRotatedInFuture(state.rotatedAt(), sinceRead)) {
                throw new InvalidTokenException(Reason.NOT_OURS);
            }
        }
        end(seen, client);
        throw new InvalidTokenException(Reason.REFRESH_TOKEN_REUSED);
    }

    /** Creates the tokens first, so that a failure to issue them does not use up the old token. */
    private Optional<IssuedTokens> rotate(
            Session seen, RefreshState state, RefreshToken presented, ClientInfo client, Instant now) {
        String nonce = issuer.newId();
        RefreshToken successor = hash.successor(presented, nonce);
        Session active = lifetime.active(seen.refreshed(client, state.encoded()), now);
        IssuedTokens tokens = tokens(active, successor, now);
        // Read the clock again: the grace window begins when the old token is replaced, and this call may have waited
        // for the store or the signer.
        Session next = active.refreshed(
                client,
                state.rotated(presented, successor, seen.userId(), hash, nonce, clock.get())
                        .encoded());
        if (!store.replace(seen, next)) {
            return Optional.empty();
        }
        listeners.refreshed(next);
        return Optional.of(
                new IssuedTokens(tokens.accessToken(), tokens.accessTokenExpiresAt(), tokens.refreshToken(), next));
    }

    private IssuedTokens tokens(Session session, RefreshToken refreshToken, Instant now) {
        Map<String, ?> recomputed = requireNonNull(claims.apply(session), "refreshedClaims returned null");
        return issuer.tokens(session, recomputed, refreshToken, now);
    }

    /** Ends the session. When several callers present old tokens at the same time, one of them ends it and notifies. */
    private void end(Session session, ClientInfo presentedBy) {
        store.delete(session.userId(), session.id()).ifPresent(ended -> {
            listeners.ended(ended, EndCause.REFRESH_TOKEN_REUSED);
            listeners.reused(ended, presentedBy);
        });
    }
}
