package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.SessionMetrics.LoginRefusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Creates sessions, and renews the authentication of their users. The tokens come first, so that nothing is stored if
 * they cannot be issued.
 *
 * @param limit from the user id and the category to the limit
 * @param refreshTokens null if there are no refresh tokens
 * @param metrics do not throw
 */
record Logins(
        TokenIssuer issuer,
        SessionLifetime lifetime,
        GuardedStore store,
        Listeners listeners,
        Endings endings,
        BiFunction<String, String, SessionLimit> limit,
        @Nullable RefreshTokens refreshTokens,
        SessionMetrics metrics) {

    /** Creates a session with a new id. */
    IssuedTokens logIn(String userId, ClientInfo client, LoginOptions options, Instant now) {
        requireLastingClaims(options);
        SessionRecord.Builder session = begin(userId, issuer.newId(), client, options, now);
        RefreshToken refreshToken = refreshTokens == null ? null : refreshTokens.begin(session, now);
        SessionRecord created = requireLive(lifetime.active(session.build(), now), now);
        IssuedTokens tokens = issuer.tokens(created, options.claims(), refreshToken, now);
        complete(created, create(created, options, now), options);
        return tokens;
    }

    SessionRecord.Builder begin(String userId, String id, ClientInfo client, LoginOptions options, Instant now) {
        MigratedSessions.requireNoMarker(userId);
        lifetime.requireWithinLimits(options.timeouts());
        Origin origin = Origin.of(client);
        return options.applyTo(SessionRecord.builder(userId, id)
                .client(client)
                .loginDevice(origin.device())
                .loginNetwork(origin.network())
                .createdAt(now)
                .lastActiveAt(now)
                .authentication(options.authentication(now)));
    }

    /** Stores a session. Returns the sessions from before. */
    private List<SessionRecord> create(SessionRecord session, LoginOptions options, Instant now) {
        SessionLimit allowed = limitOf(session, options);
        return allowed.isUnlimited()
                ? createUnlimited(session)
                : createWithin(allowed, session, none -> false, now).orElseThrow();
    }

    /**
     * Authenticates the user of a session again.
     *
     * @param live reads the live session at a time, or refuses the request
     */
    IssuedTokens renew(Function<Instant, SessionRecord> live, LoginOptions options, ServiceClock clock) {
        lifetime.requireWithinLimits(options.timeouts());
        requireLastingClaims(options);
        // The user was authenticated before this call, so the attempts that follow do not change the time.
        Instant authenticatedAt = clock.now();
        OneSignature signature = new OneSignature(issuer);
        return Retries.untilDone(() -> {
            Instant now = clock.now();
            return tryToRenew(live.apply(now), options, authenticatedAt, signature, now);
        });
    }

    /** Returns empty if another caller changed the session first. */
    private Optional<IssuedTokens> tryToRenew(
            SessionRecord seen, LoginOptions options, Instant authenticatedAt, OneSignature signature, Instant now) {
        SessionRecord.Builder renewed = options.applyTo(seen.nextGeneration())
                .authentication(options.authenticationAfter(seen.authentication(), authenticatedAt));
        RefreshToken refreshToken = seen.deviceKey() == null ? beginAgain(renewed, now) : null;
        SessionRecord next = requireLive(lifetime.active(renewed.build(), now), now);
        IssuedTokens tokens = signature.tokens(next, options::claims, refreshToken, now);
        if (!store.replace(seen, next)) {
            return Optional.empty();
        }
        requireStillAllowed(options, () -> endings.end(next.userId(), next.id(), EndCause.UNSPECIFIED));
        listeners.reauthenticated(next);
        return Optional.of(tokens);
    }

    /** Returns null if there are no refresh tokens. */
    private @Nullable RefreshToken beginAgain(SessionRecord.Builder session, Instant now) {
        session.refreshState(null);
        return refreshTokens == null ? null : refreshTokens.begin(session, now);
    }

    /** Stores a session unless the user has a certain other one. Returns the sessions from before, or empty. */
    Optional<List<SessionRecord>> createUnlessPresent(
            SessionRecord session, Predicate<SessionRecord> other, LoginOptions options, Instant now) {
        return createWithin(limitOf(session, options), session, other, now);
    }

    private SessionLimit limitOf(SessionRecord session, LoginOptions options) {
        return options.sessionLimit() == null
                ? requireNonNull(limit.apply(session.userId(), session.category()), "sessionLimit returned null")
                : options.sessionLimit();
    }

    /** Ends a session that was just stored unless the application still allows it, and notifies the listeners. */
    void complete(SessionRecord session, List<SessionRecord> earlier, LoginOptions options) {
        requireStillAllowed(options, () -> store.delete(session.userId(), Set.of(session.id())));
        metrics.loginAccepted();
        listeners.created(session, earlier);
    }

    /** Refuses an authentication so long ago that the session would have expired. */
    SessionRecord requireLive(SessionRecord session, Instant now) {
        if (!lifetime.isLive(session, now)) {
            throw new IllegalArgumentException("authenticatedAt must not be as long ago as the absolute timeout, was "
                    + session.authentication().time());
        }
        return session;
    }

    /** Refuses claims that the first refresh would drop. */
    void requireLastingClaims(LoginOptions options) {
        if (refreshTokens != null
                && !refreshTokens.keepClaims()
                && !options.claims().isEmpty()) {
            throw new IllegalArgumentException("claims would be lost at the first refresh: set claimsOnRefresh(...) on"
                    + " the builder, which computes them again. Keep what only the login knows in attributes");
        }
    }

    /** Refuses the login unless the application still allows it, after what must happen then. */
    void requireStillAllowed(LoginOptions options, Runnable end) {
        BooleanSupplier stillAllowed = options.stillAllowed();
        if (stillAllowed == null) {
            return;
        }
        boolean isAllowed;
        try {
            isAllowed = stillAllowed.getAsBoolean();
        } catch (Throwable e) {
            // Another language may throw checked exceptions here.
            try {
                end.run();
            } catch (SessionStoreException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
        if (!isAllowed) {
            end.run();
            metrics.loginRefused(LoginRefusal.NOT_ALLOWED);
            throw new LoginRefusedException(
                    "The application no longer allows the login (withStillAllowed), so its session"
                            + " has ended: let the user log in again");
        }
    }

    /** Returns the sessions from before, if a listener wants to compare. */
    private List<SessionRecord> createUnlimited(SessionRecord session) {
        List<SessionRecord> earlier = listeners.isEmpty() ? List.of() : store.list(session.userId());
        store.create(session, Admission.unconditional());
        return earlier;
    }

    /**
     * Returns the sessions from before, or empty if one of them excludes the new one. A store that creates a session
     * may hold a lock that other users need. So if many sessions must leave, for instance because the limit is new,
     * they end first, in calls of their own. Only a few leave together with the create, which makes sure that
     * simultaneous logins never exceed the limit.
     */
    private Optional<List<SessionRecord>> createWithin(
            SessionLimit allowed, SessionRecord session, Predicate<SessionRecord> excluding, Instant now) {
        return Retries.untilDone(() -> {
            List<SessionRecord> earlier = new ArrayList<>();
            List<String> tooMany = new ArrayList<>();
            Admission admission = Admission.decidedBy(present -> {
                earlier.clear();
                earlier.addAll(present);
                tooMany.clear();
                if (present.stream().anyMatch(excluding)) {
                    return Optional.empty();
                }
                Optional<List<SessionRecord>> leaving = leaving(allowed, session.category(), present, now);
                leaving.filter(left -> left.size() > Endings.BATCH)
                        .ifPresent(left -> left.forEach(other -> tooMany.add(other.id())));
                return tooMany.isEmpty() ? leaving : Optional.empty();
            });
            Optional<List<SessionRecord>> removed = store.create(session, admission);
            if (earlier.stream().anyMatch(excluding)) {
                return Optional.of(Optional.empty());
            }
            if (!tooMany.isEmpty()) {
                endings.end(session.userId(), tooMany, EndCause.SESSION_LIMIT);
                return Optional.empty();
            }
            endings.notified(removed.orElseThrow(() -> refusal(allowed)), EndCause.SESSION_LIMIT);
            return Optional.of(Optional.of(earlier));
        });
    }

    private SessionLimitExceededException refusal(SessionLimit reached) {
        metrics.loginRefused(LoginRefusal.SESSION_LIMIT);
        return new SessionLimitExceededException(reached.max());
    }

    /**
     * Expired sessions leave too, whatever their category. Otherwise a late touch could revive one and exceed the
     * limit.
     */
    private Optional<List<SessionRecord>> leaving(
            SessionLimit allowed, String category, List<SessionRecord> present, Instant now) {
        List<SessionRecord> counted = present.stream()
                .filter(other -> other.category().equals(category) && lifetime.isLive(other, now))
                .toList();
        Stream<SessionRecord> expired = present.stream().filter(other -> !lifetime.isLive(other, now));
        return allowed.makeRoom(counted, lifetime.activityInterval())
                .map(live -> Stream.concat(live.stream(), expired).toList());
    }
}
