package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.SessionListener.Novelty;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The refresh tokens of a service: makes the first one of a session, and recognizes those that clients present.
 *
 * @param hashes one or more; the first makes the hashes and the tokens, and each of them recognizes its own
 * @param claims from the user id and the session to the claims of a refreshed token; null if it carries none
 * @param refusedRetries a retry that differs in one of these is refused
 */
record RefreshTokens(
        List<RefreshHash> hashes,
        @Nullable BiFunction<String, Session, Map<String, ?>> claims,
        Set<Novelty> refusedRetries,
        SecureRandom random) {

    /** Returns the hash that makes hashes and tokens. */
    RefreshHash hash() {
        return hashes.get(0);
    }

    /** Gives the session its first refresh token of a new family. */
    RefreshToken begin(SessionRecord.Builder session, Instant now) {
        SessionRecord named = session.build();
        return begin(session, RefreshToken.first(named.userId(), named.id(), random), now);
    }

    /** Gives the session of a stateless token a first refresh token that only this service can compute from that. */
    RefreshToken beginMigrated(SessionRecord.Builder session, String fingerprint, Instant now) {
        return begin(session, hash().firstOfMigrated(session.build(), fingerprint), now);
    }

    private RefreshToken begin(SessionRecord.Builder session, RefreshToken token, Instant now) {
        session.refreshState(RefreshState.first(token, hash(), now).encoded());
        return token;
    }

    /** Returns the first refresh token of the session of a stateless token; null if it has been used. */
    @Nullable
    RefreshToken unusedOfMigrated(SessionRecord session, String fingerprint) {
        return hashes.stream()
                .map(hash -> hash.firstOfMigrated(session, fingerprint))
                .filter(first -> recognize(first, session)
                        .filter(IssuedRefreshToken::isCurrent)
                        .isPresent())
                .findFirst()
                .orElse(null);
    }

    /** Returns empty if the token was not issued for the session since its last authentication. */
    Optional<IssuedRefreshToken> recognize(RefreshToken presented, SessionRecord session) {
        return RefreshState.of(session)
                .flatMap(state -> hashes.stream()
                        .filter(hash -> state.wasGivenOut(presented, hash))
                        .findFirst()
                        .map(hash -> new IssuedRefreshToken(presented, session, state, hash)));
    }

    /** Returns whether the session had the refresh token before it was bound to a device's key. */
    boolean hadBeforeBinding(RefreshToken presented, SessionRecord bound) {
        return BindingState.of(bound, hashes)
                .filter(state -> hashes.stream().anyMatch(hash -> state.hadRefreshToken(presented, hash)))
                .isPresent();
    }

    /** Returns whether refreshed tokens carry claims of the application. */
    boolean keepClaims() {
        return claims != null;
    }

    Map<String, ?> claimsOf(SessionRecord session) {
        return claims == null
                ? Map.of()
                : requireNonNull(
                        claims.apply(session.userId(), Session.of(session, session.id())),
                        "claimsOnRefresh returned null");
    }
}
