package io.github.sessionaware.testing.history;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimitExceededException;
import io.github.sessionaware.testing.history.History.Acceptance;
import io.github.sessionaware.testing.history.History.Event;
import io.github.sessionaware.testing.history.History.Listing;
import io.github.sessionaware.testing.history.History.Login;
import io.github.sessionaware.testing.history.History.Purge;
import io.github.sessionaware.testing.history.History.Refusal;
import io.github.sessionaware.testing.history.History.RefusedLogin;
import io.github.sessionaware.testing.history.History.Renaming;
import io.github.sessionaware.testing.history.History.Revocation;
import io.github.sessionaware.testing.history.History.Scope;
import io.github.sessionaware.testing.history.History.Span;
import io.github.sessionaware.testing.history.History.StepUp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A service that records every call in a history.
 *
 * @param limited a service on the same store with session limits, for the logins of users that have one
 * @param maxStaleness how old the answer of a validate may be
 */
record RecordedService(
        SessionAwareTokenService service, SessionAwareTokenService limited, History history, Duration maxStaleness) {

    Optional<Held> login(String userId, LoginOptions options) {
        return history.record(
                        () -> service.issue(userId, ClientInfo.unknown(), options),
                        (span, issued) -> new Login(span, userId, issued.session()))
                .map(Held::first);
    }

    /** Returns nothing if the limit refused the login. */
    Optional<Held> limitedLogin(String userId) {
        return attempt(
                        () -> limited.issue(userId, ClientInfo.unknown()),
                        (span, issued) -> new Login(span, userId, issued.session()),
                        SessionLimitExceededException.class,
                        (span, refusal) -> new RefusedLogin(span, userId))
                .map(Held::first);
    }

    void rename(String userId, String sessionId, String label) {
        history.record(
                () -> service.renameSession(userId, sessionId, label),
                (span, done) -> new Renaming(span, userId, sessionId, label, done));
    }

    /**
     * Returns nothing if the token was refused. Reuse of an old token ends the session, so it counts as a revocation.
     */
    Optional<Held> refresh(Held held) {
        IssuedTokens tokens = held.tokens();
        return attempt(
                        () -> service.refresh(tokens.refreshToken(), ClientInfo.unknown()),
                        (span, next) -> new Acceptance(span, next.session(), held.generation(), Duration.ZERO),
                        InvalidTokenException.class,
                        (span, refusal) -> refusal.reason() == Reason.REFRESH_TOKEN_REUSED
                                ? new Revocation(span, Scope.ONE, tokens.userId(), held.sessionId())
                                : new Refusal(span, held, refusal.reason()))
                .map(held::refreshed);
    }

    /** Returns nothing if the token was refused. */
    Optional<Held> reauthenticate(Held held) {
        return validate(held)
                .flatMap(current -> attempt(
                        () -> service.reauthenticate(current),
                        (span, next) -> new StepUp(span, next.session(), held.generation() + 1),
                        InvalidTokenException.class,
                        (span, refusal) -> new Refusal(span, held, refusal.reason())))
                .map(held::steppedUp);
    }

    /** Returns nothing if the token was refused. */
    Optional<AuthenticatedSession> validate(Held held) {
        return attempt(
                () -> service.validate(held.tokens().accessToken()),
                (span, accepted) -> new Acceptance(span, accepted.session(), held.generation(), maxStaleness),
                InvalidTokenException.class,
                (span, refusal) -> new Refusal(span, held, refusal.reason()));
    }

    /** Records a refusal as an answer, and every other exception as a failure. */
    private <T, E extends RuntimeException> Optional<T> attempt(
            Supplier<T> call, BiFunction<Span, T, Event> given, Class<E> refusal, BiFunction<Span, E, Event> refused) {
        AtomicReference<T> answer = new AtomicReference<>();
        history.<Function<Span, Event>>record(
                () -> {
                    try {
                        answer.set(call.get());
                        return span -> given.apply(span, answer.get());
                    } catch (RuntimeException e) {
                        if (refusal.isInstance(e)) {
                            return span -> refused.apply(span, refusal.cast(e));
                        }
                        throw e;
                    }
                },
                (span, event) -> event.apply(span));
        return Optional.ofNullable(answer.get());
    }

    void list(String userId) {
        history.record(() -> service.listSessions(userId), (span, sessions) -> new Listing(span, userId, sessions));
    }

    void revokeSession(String userId, String sessionId) {
        revoke(() -> service.revokeSession(userId, sessionId), Scope.ONE, userId, sessionId);
    }

    void revokeOtherSessions(String userId, String keptSessionId) {
        revoke(() -> service.revokeOtherSessions(userId, keptSessionId), Scope.OTHERS, userId, keptSessionId);
    }

    void revokeAllSessions(String userId) {
        revoke(() -> service.revokeAllSessions(userId), Scope.ALL, userId, "");
    }

    void revokeSessionsCreatedBefore(String userId, Instant instant) {
        revoke(
                () -> service.revokeSessionsCreatedBefore(userId, instant, EndCause.PASSWORD_CHANGED),
                Scope.CREATED_BEFORE,
                userId,
                instant.toString());
    }

    void purge() {
        history.record(service::purgeExpiredSessions, Purge::new);
    }

    /** Records a revocation whatever its answer, because zero and false also say that no such session is left. */
    private <T> void revoke(Supplier<T> call, Scope scope, String userId, String named) {
        history.record(call, (span, answer) -> new Revocation(span, scope, userId, named));
    }
}
