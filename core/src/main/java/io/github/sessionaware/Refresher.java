package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rotates refresh tokens. When several callers present the same token, one of them replaces the record. The others read
 * the record again and find that their token is now the previous one. Within the grace window it leads to the same
 * successor. Any other token of the session is a copy, and nobody can tell whether a thief presents it, so the session
 * ends (RFC 9700, section 4.14.2).
 *
 * @param claims from the user id and the session to the claims of the new access token; null for none
 */
record Refresher(
        TokenIssuer issuer,
        RefreshHash hash,
        GuardedStore store,
        LiveSessions live,
        SessionLifetime lifetime,
        @Nullable BiFunction<String, Session, Map<String, ?>> claims,
        Listeners listeners,
        ServiceClock clock) {

    /** Gives the session its first refresh token of a new family. */
    RefreshToken begin(SessionRecord.Builder session, Instant now) {
        SessionRecord named = session.build();
        return begin(session, issuer.newRefreshToken(named.userId(), named.id()), now);
    }

    /** Gives the session of a stateless token a first refresh token that only this service can compute from that. */
    RefreshToken beginMigrated(SessionRecord.Builder session, String fingerprint, Instant now) {
        return begin(session, hash.firstOfMigrated(session.build(), fingerprint), now);
    }

    /** Returns that first refresh token if it has not been used; null if it has. */
    @Nullable
    RefreshToken unusedOfMigrated(SessionRecord session, String fingerprint) {
        RefreshToken first = hash.firstOfMigrated(session, fingerprint);
        return RefreshState.of(session)
                .filter(state -> state.isCurrent(first, hash))
                .map(state -> first)
                .orElse(null);
    }

    private RefreshToken begin(SessionRecord.Builder session, RefreshToken token, Instant now) {
        session.refreshState(RefreshState.first(token, hash, now).encoded());
        return token;
    }

    /** Whether refreshed tokens carry claims of the application. */
    boolean keepsClaims() {
        return claims != null;
    }

    IssuedTokens refresh(RefreshToken presented, ClientInfo client) {
        return Retries.untilDone(() -> tryToRefresh(presented, client, clock.now()));
    }

    /** Returns empty if another caller changed the session first. */
    private Optional<IssuedTokens> tryToRefresh(RefreshToken presented, ClientInfo client, Instant now) {
        SessionRecord seen = live.require(presented.userId(), presented.sessionId(), now);
        RefreshState state = RefreshState.of(seen)
                .filter(known -> known.wasGivenOut(presented, hash))
                .orElseThrow(() -> new InvalidTokenException(Reason.UNKNOWN_REFRESH_TOKEN));
        if (state.isCurrent(presented, hash)) {
            return rotate(seen, state, presented, client, now);
        }
        if (state.isPrevious(presented, hash)) {
            // Read the clock again: this call may have waited for the store while another caller rotated the token.
            Instant sinceRead = clock.now();
            if (lifetime.isRetry(state.rotatedAt(), sinceRead)) {
                return Optional.of(tokens(seen, hash.successor(presented, state.nonce()), now));
            }
            if (lifetime.isRotatedInFuture(state.rotatedAt(), sinceRead)) {
                throw new InvalidTokenException(Reason.UNKNOWN_REFRESH_TOKEN);
            }
        }
        end(seen, client);
        throw new InvalidTokenException(Reason.REFRESH_TOKEN_REUSED);
    }

    /** Creates the tokens first, so that a failure to issue them does not use up the old token. */
    private Optional<IssuedTokens> rotate(
            SessionRecord seen, RefreshState state, RefreshToken presented, ClientInfo client, Instant now) {
        String nonce = issuer.newId();
        RefreshToken successor = hash.successor(presented, nonce);
        // Parts of the client that are unknown now keep their former values.
        SessionRecord active = lifetime.active(
                seen.next().client(client.completedBy(seen.client())).build(), now);
        IssuedTokens tokens = tokens(active, successor, now);
        // Read the clock again: the grace window begins when the old token is replaced, and this call may have waited
        // for the store or the signer.
        RefreshState rotated = state.rotated(presented, successor, hash, nonce, clock.now());
        SessionRecord next = active.toBuilder().refreshState(rotated.encoded()).build();
        if (!store.replace(seen, next)) {
            return Optional.empty();
        }
        listeners.refreshed(next);
        return Optional.of(tokens);
    }

    private IssuedTokens tokens(SessionRecord session, RefreshToken refreshToken, Instant now) {
        Map<String, ?> computed = claims == null
                ? Map.of()
                : requireNonNull(
                        claims.apply(session.userId(), Session.of(session, session.id())),
                        "claimsOnRefresh returned null");
        return issuer.tokens(session, computed, refreshToken, now);
    }

    /** Ends the session. When several callers present old tokens at the same time, one of them ends it and notifies. */
    private void end(SessionRecord session, ClientInfo presentedBy) {
        store.delete(session.userId(), session.id()).ifPresent(ended -> {
            listeners.ended(ended, EndCause.REFRESH_TOKEN_REUSED);
            listeners.reused(ended, presentedBy);
        });
    }
}
