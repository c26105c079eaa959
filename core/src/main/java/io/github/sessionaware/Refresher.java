package io.github.sessionaware;

import io.github.sessionaware.ExperimentalDeviceBinding.Refusal;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.SessionListener.Novelty;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Rotates refresh tokens. When several callers present the same token, one of them replaces the record. The others read
 * the record again and find that their token is now the previous one. Within the grace window it leads to the same
 * successor. Any other token of the session is a copy, and nobody can tell whether a thief presents it, so the session
 * ends (RFC 9700, section 4.14.2).
 */
record Refresher(
        TokenIssuer issuer,
        RefreshTokens refreshTokens,
        GuardedStore store,
        LiveSessions live,
        SessionLifetime lifetime,
        Endings endings,
        Listeners listeners,
        ServiceClock clock) {

    /** Asks for the client once, and only after the store has shown that the token was issued for a live session. */
    IssuedTokens refresh(RefreshToken presented, Supplier<ClientInfo> client) {
        OneSignature signature = new OneSignature(issuer);
        OneClient presentedBy = new OneClient(client);
        return Retries.untilDone(() -> {
            Instant now = clock.now();
            SessionRecord session = live.require(presented.userId(), presented.sessionId(), now);
            refuseIfBound(presented, session, presentedBy);
            return tryToRefresh(requireIssued(presented, session), presentedBy.get(), signature, now);
        });
    }

    /** Ends the session for which the token was issued, however long ago. Returns whether this call ended it. */
    boolean logOut(RefreshToken presented) {
        SessionRecord session = live.require(presented.userId(), presented.sessionId(), clock.now());
        requireIssued(presented, session);
        return endings.end(session.userId(), session.id(), EndCause.LOGOUT).isPresent();
    }

    /**
     * Refuses a token of a session that is bound to a device's key. Whoever presents one from before the binding may be
     * a thief, so the listeners are notified.
     */
    private void refuseIfBound(RefreshToken presented, SessionRecord session, OneClient presentedBy) {
        if (session.deviceKey() == null) {
            return;
        }
        if (refreshTokens.hadBeforeBinding(presented, session)) {
            listeners.proofRefused(session, presentedBy, Refusal.REFRESH_TOKEN);
            throw new InvalidTokenException(Reason.DEVICE_PROOF_REQUIRED);
        }
        throw new InvalidTokenException(Reason.UNKNOWN_REFRESH_TOKEN);
    }

    /** Refuses a token that was not issued for the live session. */
    private IssuedRefreshToken requireIssued(RefreshToken presented, SessionRecord session) {
        return refreshTokens
                .recognize(presented, session)
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
                SessionRecord session = presented.session();
                return Optional.of(
                        retry(session, client, () -> tokens(session, presented.successor(), signature, now)));
            }
            if (lifetime.isRotatedInFuture(presented.rotatedAt(), sinceRead)) {
                throw new InvalidTokenException(Reason.UNKNOWN_REFRESH_TOKEN);
            }
        }
        endReused(presented.session(), client);
        throw new InvalidTokenException(Reason.REFRESH_TOKEN_REUSED);
    }

    /**
     * Returns the same tokens again, unless the application refuses them to this client. A refusal does not end the
     * session, because the client may have changed its network while its first answer was on the way.
     */
    IssuedTokens retry(SessionRecord session, ClientInfo client, Supplier<IssuedTokens> sameTokens) {
        Set<Novelty> differences = Origin.of(client).differencesFrom(Origin.of(session.client()));
        if (!Collections.disjoint(differences, refreshTokens.refusedRetries())) {
            listeners.retryRefused(session, client, differences);
            throw new InvalidTokenException(Reason.RETRY_FROM_ELSEWHERE);
        }
        IssuedTokens tokens = sameTokens.get();
        listeners.retried(session, client, differences);
        return tokens;
    }

    /** Creates the tokens first, so that a failure to issue them does not use up the old token. */
    private Optional<IssuedTokens> rotate(
            IssuedRefreshToken presented, ClientInfo client, OneSignature signature, Instant now) {
        SessionRecord seen = presented.session();
        String nonce = issuer.newId();
        RefreshToken successor = refreshTokens.hash().successor(presented.token(), nonce);
        SessionRecord active = lifetime.active(
                seen.next().client(client.replacing(seen.client())).build(), now);
        IssuedTokens tokens = tokens(active, successor, signature, now);
        // Read the clock again: the grace window begins when the old token is replaced, and this call may have waited
        // for the store or the signer.
        RefreshState rotated =
                RefreshState.rotated(presented.token(), successor, refreshTokens.hash(), nonce, clock.now());
        SessionRecord next = active.toBuilder().refreshState(rotated.encoded()).build();
        if (!store.replace(seen, next)) {
            return Optional.empty();
        }
        listeners.refreshed(next, seen.client());
        return Optional.of(tokens);
    }

    private IssuedTokens tokens(SessionRecord session, RefreshToken refreshToken, OneSignature signature, Instant now) {
        return signature.tokens(session, () -> refreshTokens.claimsOf(session), refreshToken, now);
    }

    /** Ends the session. When several callers present old tokens at the same time, one of them ends it and notifies. */
    private void endReused(SessionRecord session, ClientInfo presentedBy) {
        endings.end(session.userId(), session.id(), EndCause.REFRESH_TOKEN_REUSED)
                .ifPresent(ended -> listeners.reused(ended, presentedBy));
    }
}
