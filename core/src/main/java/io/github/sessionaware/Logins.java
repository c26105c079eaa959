package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Creates sessions. The tokens come first, so that nothing is stored if they cannot be issued.
 *
 * @param limit from the user id to the limit; null for no limit
 * @param refresher null if there are no refresh tokens
 */
record Logins(
        TokenIssuer issuer,
        SessionLifetime lifetime,
        GuardedStore store,
        Listeners listeners,
        @Nullable Function<String, SessionLimit> limit,
        @Nullable Refresher refresher) {

    IssuedTokens logIn(String userId, ClientInfo client, LoginOptions options, Instant authenticatedAt, Instant now) {
        lifetime.requireWithinLimits(options.timeouts());
        SessionRecord.Builder session = SessionRecord.builder(userId, issuer.newId())
                .client(client)
                .createdAt(now)
                .lastActiveAt(now)
                .authentication(new Authentication(authenticatedAt, options.authenticationMethods()));
        options.applyTo(session);
        RefreshToken refreshToken = refresher == null ? null : refresher.begin(session, now);
        SessionRecord created = lifetime.active(session.build(), now);
        if (authenticatedAt.isBefore(now) && !lifetime.isLive(created, now)) {
            throw new InvalidTokenException(Reason.SESSION_EXPIRED);
        }
        IssuedTokens tokens = issuer.tokens(created, options.claims(), refreshToken, now);
        if (limit == null) {
            create(created);
        } else {
            createWithin(requireNonNull(limit.apply(userId), "sessionLimit returned null"), created, now);
        }
        return tokens;
    }

    private void create(SessionRecord session) {
        List<SessionRecord> earlier = listeners.isEmpty() ? List.of() : store.list(session.userId());
        store.create(session, Admission.unconditional());
        listeners.created(session, earlier);
    }

    private void createWithin(SessionLimit allowed, SessionRecord session, Instant now) {
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
        listeners.created(session, earlier);
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
