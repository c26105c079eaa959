package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Creates sessions. The tokens come first, so that nothing is stored if they cannot be issued.
 *
 * @param limit from the user id to the limit; null for no limit
 * @param refreshTokens null if there are no refresh tokens
 */
record Logins(
        TokenIssuer issuer,
        SessionLifetime lifetime,
        GuardedStore store,
        Listeners listeners,
        @Nullable Function<String, SessionLimit> limit,
        @Nullable RefreshTokens refreshTokens) {

    /** Creates a session with a new id. */
    IssuedTokens logIn(String userId, ClientInfo client, LoginOptions options, Instant now) {
        SessionRecord.Builder session = begin(userId, issuer.newId(), client, options, now);
        RefreshToken refreshToken = refreshTokens == null ? null : refreshTokens.begin(session, now);
        return logIn(requireLive(lifetime.active(session.build(), now), now), options, refreshToken, now);
    }

    SessionRecord.Builder begin(String userId, String id, ClientInfo client, LoginOptions options, Instant now) {
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

    IssuedTokens logIn(SessionRecord session, LoginOptions options, @Nullable RefreshToken refreshToken, Instant now) {
        requireLastingClaims(options);
        IssuedTokens tokens = issuer.tokens(session, options.claims(), refreshToken, now);
        complete(session, create(session, now), options);
        return tokens;
    }

    /** Stores a session. Returns the sessions from before. */
    List<SessionRecord> create(SessionRecord session, Instant now) {
        return limit == null
                ? createUnlimited(session)
                : createWithin(
                        requireNonNull(limit.apply(session.userId()), "sessionLimit returned null"), session, now);
    }

    /** Ends a session that was just stored unless the application still allows it, and notifies the listeners. */
    void complete(SessionRecord session, List<SessionRecord> earlier, LoginOptions options) {
        requireStillAllowed(options, () -> store.delete(session.userId(), Set.of(session.id())));
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

    /** Ends the session unless the application still allows it. The caller has not received its tokens yet. */
    static void requireStillAllowed(LoginOptions options, Runnable end) {
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
            throw new LoginRefusedException("The application no longer allows the login: it changed its mind while the"
                    + " session was being created");
        }
    }

    /** Returns the sessions from before, if a listener wants to compare. */
    private List<SessionRecord> createUnlimited(SessionRecord session) {
        List<SessionRecord> earlier = listeners.isEmpty() ? List.of() : store.list(session.userId());
        store.create(session, Admission.unconditional());
        return earlier;
    }

    /** Returns the sessions from before. */
    private List<SessionRecord> createWithin(SessionLimit allowed, SessionRecord session, Instant now) {
        List<SessionRecord> earlier = new ArrayList<>();
        Admission admission = Admission.decidedBy(present -> {
            earlier.clear();
            earlier.addAll(present);
            return leaving(allowed, present, now);
        });
        List<SessionRecord> removed =
                store.create(session, admission).orElseThrow(() -> new SessionLimitExceededException(allowed.max()));
        removed.stream()
                .filter(ended -> lifetime.isLive(ended, now))
                .forEach(ended -> listeners.ended(ended, EndCause.SESSION_LIMIT));
        return earlier;
    }

    /** Expired sessions leave too. Otherwise a late touch could revive one and exceed the limit. */
    private Optional<List<SessionRecord>> leaving(SessionLimit allowed, List<SessionRecord> present, Instant now) {
        Map<Boolean, List<SessionRecord>> byLife =
                present.stream().collect(Collectors.partitioningBy(other -> lifetime.isLive(other, now)));
        return allowed.makeRoom(byLife.getOrDefault(true, List.of()))
                .map(live -> Stream.concat(live.stream(), byLife.getOrDefault(false, List.of()).stream())
                        .toList());
    }
}
