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
 * @param refreshTokens null if there are no refresh tokens
 */
record MigratedSessions(
        Logins logins,
        TokenIssuer issuer,
        SessionLifetime lifetime,
        GuardedStore store,
        Endings endings,
        @Nullable RefreshTokens refreshTokens) {

    private static final String PREFIX = "migrated-";

    /** The expiry of the stateless token in seconds, to the base 36, and the hash of the token. */
    private static final Pattern ID = Pattern.compile(PREFIX + "([0-9a-z]{1,8})-[A-Za-z0-9_-]{43}");

    private static final int BASE = 36;
    private static final int MAX_ATTEMPTS = 3;

    /** As long as a service may accept a token after its expiry. */
    private static final Duration MAX_LEEWAY = Duration.ofSeconds(60);

    IssuedTokens migrate(VerifiedClaims token, ClientInfo client, LoginOptions options, Instant now) {
        logins.requireLastingClaims(options);
        Instant issuedAt = token.issuedAt().isBefore(now) ? token.issuedAt() : now;
        LoginOptions dated = options.authenticatedAt() == null ? options.withAuthenticatedAt(issuedAt) : options;
        SessionRecord.Builder session = logins.begin(token.userId(), idOf(token), client, dated, now);
        RefreshToken refreshToken =
                refreshTokens == null ? null : refreshTokens.beginMigrated(session, token.fingerprint(), now);
        SessionRecord created = lifetime.active(session.build(), now);
        if (!lifetime.isLive(created, now)) {
            throw new InvalidTokenException(Reason.SESSION_EXPIRED);
        }
        Optional<SessionRecord> known = store.findRecord(created.userId(), created.id());
        if (known.isPresent()) {
            return again(known.get(), token, options, now);
        }
        IssuedTokens tokens = issuer.tokens(created, options.claims(), refreshToken, now);
        for (int attempts = 1; ; attempts++) {
            List<SessionRecord> earlier;
            try {
                earlier = logins.create(created, options, now);
            } catch (SessionStoreException e) {
                // The store refuses an id that exists: another request may have migrated the same token first, and a
                // third one may have ended that session since.
                Optional<SessionRecord> first = store.findRecord(created.userId(), created.id());
                if (first.isPresent()) {
                    return again(first.get(), token, options, now);
                }
                if (attempts == MAX_ATTEMPTS) {
                    throw e;
                }
                continue;
            }
            logins.complete(created, earlier, options);
            return tokens;
        }
    }

    /** Issues tokens for the session that the token led to before. */
    private IssuedTokens again(SessionRecord known, VerifiedClaims token, LoginOptions options, Instant now) {
        if (isTombstone(known)) {
            throw new InvalidTokenException(Reason.SESSION_ENDED);
        }
        if (!lifetime.isLive(known, now)) {
            throw new InvalidTokenException(Reason.SESSION_EXPIRED);
        }
        if (known.generation() > 1) {
            throw new InvalidTokenException(Reason.OTHER_GENERATION);
        }
        Logins.requireStillAllowed(options, () -> endings.end(known.userId(), known.id(), EndCause.UNSPECIFIED));
        RefreshToken unused = refreshTokens == null ? null : refreshTokens.unusedOfMigrated(known, token.fingerprint());
        return issuer.tokens(known, options.claims(), unused, now);
    }

    private static String idOf(VerifiedClaims token) {
        return PREFIX + Long.toString(token.expiresAt().getEpochSecond(), BASE) + "-" + token.fingerprint();
    }

    /** Returns whether the record only marks a stateless token that must not lead to a session again. */
    static boolean isTombstone(SessionRecord record) {
        return record.authentication().time().equals(Instant.EPOCH) && isIdOfMigrated(record.id());
    }

    /** Returns the sessions among the records of a store. */
    static List<SessionRecord> withoutTombstones(List<SessionRecord> records) {
        return records.stream().filter(record -> !isTombstone(record)).toList();
    }

    static boolean isIdOfMigrated(String sessionId) {
        return ID.matcher(sessionId).matches();
    }

    /** Puts a tombstone in the place of a session, in one step. Returns the session if this call ended it. */
    static Optional<SessionRecord> end(String userId, String sessionId, GuardedStore store) {
        return Retries.untilDone(() -> {
            Optional<SessionRecord> seen = store.find(userId, sessionId);
            return seen.isEmpty() || store.replace(seen.get(), tombstoneOf(seen.get()))
                    ? Optional.of(seen)
                    : Optional.empty();
        });
    }

    /**
     * Leaves a tombstone for each of the removed records that came from a stateless token, and returns the sessions
     * among them. If the same token was migrated again in the meantime, that session ends too.
     */
    static List<SessionRecord> buried(List<SessionRecord> removed, GuardedStore store) {
        removed.stream().filter(record -> isIdOfMigrated(record.id())).forEach(record -> bury(record, store));
        return withoutTombstones(removed);
    }

    private static void bury(SessionRecord removed, GuardedStore store) {
        try {
            store.create(tombstoneOf(removed), Admission.unconditional());
        } catch (SessionStoreException e) {
            // The store refuses an id that exists.
            if (store.findRecord(removed.userId(), removed.id()).isEmpty()) {
                throw e;
            }
            end(removed.userId(), removed.id(), store);
        }
    }

    /** Returns the next version of a session that came from a stateless token. */
    private static SessionRecord tombstoneOf(SessionRecord session) {
        Matcher id = ID.matcher(session.id());
        if (!id.matches()) {
            throw new IllegalArgumentException("The session did not come from a stateless token");
        }
        Instant end = Instant.ofEpochSecond(Long.parseLong(id.group(1), BASE)).plus(MAX_LEEWAY);
        return SessionRecord.builder(session.userId(), session.id())
                .expiresAt(end.isBefore(SessionData.LATEST) ? end : SessionData.LATEST)
                .version(session.next().build().version())
                .build();
    }
}
