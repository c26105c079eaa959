package io.github.sessionaware;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates the sessions of stateless tokens. A token leads to one session. Two records make sure of that:
 *
 * <ul>
 *   <li>The session. Its id begins with the hash of its token, so a login of the same token finds it and creates no
 *       second one. The rest of the id is random, so no later session has the id of one that was revoked.
 *   <li>The marker, which names the session and is stored after it. It belongs to an owner of its own, so that no call
 *       for the user removes it, and stays until the token has expired. If the session that it names is gone, the token
 *       leads to no session.
 * </ul>
 *
 * <p>A call that fails before it has stored its marker has not used the token: the next one takes the session over if
 * it still lives, or creates another. So an outage logs nobody out. The caller gets tokens only after the marker
 * exists. When two sessions of one token race, the marker of one is refused, and that session is deleted before anybody
 * has received its tokens.
 *
 * @param refresher null if there are no refresh tokens
 */
record MigratedSessions(
        Logins logins,
        TokenIssuer issuer,
        LiveSessions live,
        GuardedStore store,
        @Nullable Refresher refresher) {

    /** No user may log in under an id that begins like this, because a login deletes the user's expired records. */
    private static final String OWNER = "stateless-token:";

    private static final String CATEGORY = "stateless-token";
    private static final String SESSION = "session";

    /** 192 bits of the hash. A whole hash and a random id would be longer than an id may be. */
    private static final int HASH_IN_ID = 32;

    IssuedTokens migrate(VerifiedClaims token, ClientInfo client, LoginOptions options, Instant now) {
        logins.requireLastingClaims(options);
        SessionRecord marker = markerOf(token, now);
        Optional<String> known = sessionOf(marker);
        if (known.isPresent()) {
            return again(known.get(), token, client, options, now);
        }
        Instant issuedAt = token.issuedAt().isBefore(now) ? token.issuedAt() : now;
        LoginOptions dated = options.authenticatedAt() == null ? options.withAuthenticatedAt(issuedAt) : options;
        String id = token.fingerprint().substring(0, HASH_IN_ID) + issuer.newId();
        SessionRecord.Builder begun = logins.begin(token.userId(), id, client, dated, now);
        RefreshToken refreshToken =
                refresher == null ? null : refresher.refreshTokens().beginMigrated(begun, token.fingerprint(), now);
        SessionRecord session = live.requireLive(live.lifetime().active(begun.build(), now), now);
        IssuedTokens tokens = issuer.tokens(session, options.claims(), refreshToken, now);
        Predicate<SessionRecord> isOfToken = other -> isOf(token.fingerprint(), other.id());
        Optional<List<SessionRecord>> earlier = logins.createUnlessPresent(session, isOfToken, options, now);
        if (earlier.isEmpty()) {
            return again(sessionOfOther(marker, token.userId(), isOfToken), token, client, options, now);
        }
        String marked = mark(marker, session.id());
        if (!marked.equals(session.id())) {
            store.delete(session.userId(), Set.of(session.id()));
            return again(marked, token, client, options, now);
        }
        logins.complete(session, earlier.get(), options);
        return tokens;
    }

    /**
     * Issues tokens for the session that the token led to before. A refusal does not end it: another call has given its
     * tokens to the user, and the token that comes again may be a thief's.
     */
    private IssuedTokens again(
            String sessionId, VerifiedClaims token, ClientInfo client, LoginOptions options, Instant now) {
        SessionRecord session = live.require(token.userId(), sessionId, 1, now);
        if (session.deviceKey() != null) {
            throw new InvalidTokenException(Reason.DEVICE_PROOF_REQUIRED);
        }
        logins.requireStillAllowed(options, () -> {});
        if (refresher == null) {
            return issuer.tokens(session, options.claims(), null, now);
        }
        RefreshToken unused = refresher.refreshTokens().unusedOfMigrated(session, token.fingerprint());
        Supplier<IssuedTokens> tokens = () -> issuer.tokens(session, options.claims(), unused, now);
        return unused == null ? tokens.get() : refresher.retry(session, client, tokens);
    }

    /**
     * Returns the session that another call has created for the token. That call may not have stored its marker yet, or
     * may have failed before it did.
     */
    private String sessionOfOther(SessionRecord marker, String userId, Predicate<SessionRecord> isOfToken) {
        Optional<SessionRecord> other =
                store.list(userId).stream().filter(isOfToken).findFirst();
        return other.isPresent()
                ? mark(marker, other.get().id())
                : sessionOf(marker).orElse(marker.id());
    }

    static void requireNoMarker(String userId) {
        if (userId.startsWith(OWNER)) {
            throw new IllegalArgumentException("userId must not begin with \"" + OWNER
                    + "\": this library keeps records of stateless tokens under such ids");
        }
    }

    /** Stores the marker unless there is one. Returns the id of the session that the stored marker names. */
    private String mark(SessionRecord marker, String sessionId) {
        try {
            store.create(
                    marker.toBuilder().attributes(Map.of(SESSION, sessionId)).build(), Admission.unconditional());
            return sessionId;
        } catch (SessionStoreException e) {
            // The store refuses an id that exists: another call has stored the marker, or this one has and the answer
            // was lost.
            return sessionOf(marker).orElseThrow(() -> e);
        }
    }

    /** Returns the id of the marker, which names no session, if the marker names one that is not of this token. */
    private Optional<String> sessionOf(SessionRecord marker) {
        return store.find(marker.userId(), marker.id())
                .map(stored -> stored.attributes().getOrDefault(SESSION, ""))
                .map(named -> isOf(marker.id(), named) && SessionIds.isWellFormed(named) ? named : marker.id());
    }

    private static boolean isOf(String fingerprint, String sessionId) {
        return sessionId.startsWith(fingerprint.substring(0, HASH_IN_ID));
    }

    /** Returns a record that is never live: its last activity was in 1970. */
    private static SessionRecord markerOf(VerifiedClaims token, Instant now) {
        Instant end = token.expiresAt().plus(SessionAwareTokenServiceBuilder.MAX_LEEWAY);
        return SessionRecord.builder(OWNER + token.fingerprint(), token.fingerprint())
                .category(CATEGORY)
                .createdAt(now)
                .expiresAt(end.isBefore(SessionData.LATEST) ? end : SessionData.LATEST)
                .build();
    }
}
