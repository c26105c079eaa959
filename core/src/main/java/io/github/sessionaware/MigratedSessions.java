package io.github.sessionaware;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Creates the sessions of stateless tokens. A session's id is computed from its token, so a token that comes again
 * leads to the same session while that lives. When such a session ends, a tombstone takes its place: a record with the
 * same id that is never live. It stays until the token has expired, so a token that comes again after that leads to no
 * session.
 *
 * @param refresher null if there are no refresh tokens
 */
record MigratedSessions(
        Logins logins,
        TokenIssuer issuer,
        SessionLifetime lifetime,
        GuardedStore store,
        Endings endings,
        @Nullable Refresher refresher) {

    private static final String PREFIX = "migrated-";

    /** The expiry of the stateless token in seconds, to the base 36, and the hash of the token. */
    private static final Pattern ID = Pattern.compile(PREFIX + "([0-9a-z]{1,8})-[A-Za-z0-9_-]{43}");

    private static final int BASE = 36;

    /** As long as a service may accept a token after its expiry. */
    private static final Duration MAX_LEEWAY = Duration.ofSeconds(60);

    IssuedTokens migrate(VerifiedClaims token, ClientInfo client, LoginOptions options, Instant now) {
        Instant issuedAt = token.issuedAt().isBefore(now) ? token.issuedAt() : now;
        LoginOptions dated = options.authenticatedAt() == null ? options.withAuthenticatedAt(issuedAt) : options;
        SessionRecord.Builder session = logins.begin(token.userId(), idOf(token), client, dated, now);
        RefreshToken refreshToken =
                refresher == null ? null : refresher.beginMigrated(session, token.fingerprint(), now);
        SessionRecord created = lifetime.active(session.build(), now);
        if (!lifetime.isLive(created, now)) {
            throw new InvalidTokenException(Reason.SESSION_EXPIRED);
        }
        Optional<SessionRecord> known = store.find(created.userId(), created.id());
        if (known.isPresent()) {
            return again(known.get(), token, options, now);
        }
        try {
            return logins.logIn(created, dated, refreshToken, now);
        } catch (SessionStoreException e) {
            // The store refuses an id that exists: another request may have migrated the same token first.
            return again(store.find(created.userId(), created.id()).orElseThrow(() -> e), token, options, now);
        }
    }

    /** Issues tokens for the session that the token led to before. */
    private IssuedTokens again(SessionRecord known, VerifiedClaims token, LoginOptions options, Instant now) {
        if (!lifetime.isLive(known, now)) {
            throw new InvalidTokenException(
                    SessionLifetime.isTombstone(known) ? Reason.SESSION_ENDED : Reason.SESSION_EXPIRED);
        }
        if (known.generation() > 1) {
            throw new InvalidTokenException(Reason.OTHER_GENERATION);
        }
        logins.requireLastingClaims(options);
        Logins.requireStillAllowed(options, () -> endings.end(known.userId(), known.id(), EndCause.UNSPECIFIED));
        RefreshToken unused = refresher == null ? null : refresher.unusedOfMigrated(known, token.fingerprint());
        return issuer.tokens(known, options.claims(), unused, now);
    }

    private static String idOf(VerifiedClaims token) {
        return PREFIX + Long.toString(token.expiresAt().getEpochSecond(), BASE) + "-" + token.fingerprint();
    }

    /**
     * Leaves a tombstone for each of the sessions that came from a stateless token. If the same token was migrated
     * again in the meantime, that session ends too.
     */
    static List<SessionRecord> buried(List<SessionRecord> removed, GuardedStore store) {
        for (SessionRecord session : removed) {
            tombstoneOf(session).ifPresent(tombstone -> bury(tombstone, store));
        }
        return removed;
    }

    private static void bury(SessionRecord tombstone, GuardedStore store) {
        try {
            store.create(tombstone, Admission.unconditional());
        } catch (SessionStoreException e) {
            Retries.untilDone(() -> {
                SessionRecord seen =
                        store.find(tombstone.userId(), tombstone.id()).orElseThrow(() -> e);
                SessionRecord next = tombstone.toBuilder()
                        .version(seen.next().build().version())
                        .build();
                return SessionLifetime.isTombstone(seen) || store.replace(seen, next)
                        ? Optional.of(true)
                        : Optional.empty();
            });
        }
    }

    /** Returns empty for a session that did not come from a stateless token. */
    private static Optional<SessionRecord> tombstoneOf(SessionRecord session) {
        Matcher id = ID.matcher(session.id());
        if (!id.matches()) {
            return Optional.empty();
        }
        Instant end = Instant.ofEpochSecond(Long.parseLong(id.group(1), BASE)).plus(MAX_LEEWAY);
        return Optional.of(SessionRecord.builder(session.userId(), session.id())
                .expiresAt(end.isBefore(SessionData.LATEST) ? end : SessionData.LATEST)
                .build());
    }
}
