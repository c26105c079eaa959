package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Instant;
import java.util.List;
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
 * @param hashes one or more; the first makes the hashes and the tokens, and each of them recognizes its own
 * @param claims from the user id and the session to the claims of the new access token; null for none
 */
record Refresher(
        TokenIssuer issuer,
        List<RefreshHash> hashes,
        GuardedStore store,
        LiveSessions live,
        SessionLifetime lifetime,
        Endings endings,
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
        return begin(session, hashes.get(0).firstOfMigrated(session.build(), fingerprint), now);
    }

    /** Returns that first refresh token if it has not been used; null if it has. */
    @Nullable
    RefreshToken unusedOfMigrated(SessionRecord session, String fingerprint) {
        return hashes.stream()
                .map(hash -> hash.firstOfMigrated(session, fingerprint))
                .filter(first -> IssuedRefreshToken.of(first, session, hashes)
                        .filter(IssuedRefreshToken::isCurrent)
                        .isPresent())
                .findFirst()
                .orElse(null);
    }

    private RefreshToken begin(SessionRecord.Builder session, RefreshToken token, Instant now) {
        session.refreshState(RefreshState.first(token, hashes.get(0), now).encoded());
        return token;
    }

    /** Whether refreshed tokens carry claims of the application. */
    boolean keepsClaims() {
        return claims != null;
    }

    IssuedTokens refresh(RefreshToken presented, ClientInfo client) {
        OneSignature signature = new OneSignature(issuer);
        return Retries.untilDone(() -> {
            Instant now = clock.now();
            return tryToRefresh(requireIssued(presented, now), client, signature, now);
        });
    }

    /** Ends the session for which the token was issued, however long ago. Returns whether this call ended it. */
    boolean logOut(RefreshToken presented) {
        SessionRecord session = requireIssued(presented, clock.now()).session();
        return endings.end(session.userId(), session.id(), EndCause.LOGOUT).isPresent();
    }

    /** Returns the token with its live session, or refuses a token that was not issued for it. */
    private IssuedRefreshToken requireIssued(RefreshToken presented, Instant now) {
        SessionRecord session = live.require(presented.userId(), presented.sessionId(), now);
        return IssuedRefreshToken.of(presented, session, hashes)
                .orElseThrow(() -> new InvalidTokenException(Reason.UNKNOWN_REFRESH_TOKEN));
    }

    /** Returns empty if another caller changed the session first. */
    private Optional<IssuedTokens> tryToRefresh(
            IssuedRefreshToken presented, ClientInfo client, OneSignature signature, Instant now) {
        if (presented.isCurrent()) {
            return rotate(presented, client, signature, now);
        }
        if (presented.isPrevious()) {
            // Read the clock again: this call may have waited for the store while another caller rotated the token.
            Instant sinceRead = clock.now();
            if (lifetime.isRetry(presented.rotatedAt(), sinceRead)) {
                return Optional.of(tokens(presented.session(), presented.successor(), signature, now));
            }
            if (lifetime.isRotatedInFuture(presented.rotatedAt(), sinceRead)) {
                throw new InvalidTokenException(Reason.UNKNOWN_REFRESH_TOKEN);
            }
        }
        endReused(presented.session(), client);
        throw new InvalidTokenException(Reason.REFRESH_TOKEN_REUSED);
    }

    /** Creates the tokens first, so that a failure to issue them does not use up the old token. */
    private Optional<IssuedTokens> rotate(
            IssuedRefreshToken presented, ClientInfo client, OneSignature signature, Instant now) {
        SessionRecord seen = presented.session();
        String nonce = issuer.newId();
        RefreshToken successor = hashes.get(0).successor(presented.token(), nonce);
        SessionRecord active = lifetime.active(
                seen.next().client(client.replacing(seen.client())).build(), now);
        IssuedTokens tokens = tokens(active, successor, signature, now);
        // Read the clock again: the grace window begins when the old token is replaced, and this call may have waited
        // for the store or the signer.
        RefreshState rotated = RefreshState.rotated(presented.token(), successor, hashes.get(0), nonce, clock.now());
        SessionRecord next = active.toBuilder().refreshState(rotated.encoded()).build();
        if (!store.replace(seen, next)) {
            return Optional.empty();
        }
        listeners.refreshed(next, seen.client());
        return Optional.of(tokens);
    }

    private IssuedTokens tokens(SessionRecord session, RefreshToken refreshToken, OneSignature signature, Instant now) {
        return signature.tokens(session, () -> claimsOf(session), refreshToken, now);
    }

    private Map<String, ?> claimsOf(SessionRecord session) {
        return claims == null
                ? Map.of()
                : requireNonNull(
                        claims.apply(session.userId(), Session.of(session, session.id())),
                        "claimsOnRefresh returned null");
    }

    /** Ends the session. When several callers present old tokens at the same time, one of them ends it and notifies. */
    private void endReused(SessionRecord session, ClientInfo presentedBy) {
        endings.end(session.userId(), session.id(), EndCause.REFRESH_TOKEN_REUSED)
                .ifPresent(ended -> listeners.reused(ended, presentedBy));
    }
}
