package io.github.sessionaware.testing.history;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
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
 */
record RecordedService(SessionAwareTokenService service, SessionAwareTokenService limited, History history) {

    Optional<IssuedTokens> login(String userId, LoginOptions options) {
        return history.record(
                () -> service.issue(userId, ClientInfo.unknown(), options),
                (span, issued) -> Login.first(span, issued.session()));
    }

    /** Returns nothing if the limit refused the login. */
    Optional<IssuedTokens> limitedLogin(String userId) {
        return attempt(
                () -> limited.issue(userId, ClientInfo.unknown()),
                (span, issued) -> Login.first(span, issued.session()),
                SessionLimitExceededException.class,
                (span, refusal) -> new RefusedLogin(span, userId));
    }

    void rename(String userId, String sessionId, String label) {
        history.record(
                () -> service.renameSession(userId, sessionId, label),
                (span, done) -> new Renaming(span, sessionId, label, done));
    }

    /**
     * Returns nothing if the token was refused. Reuse of an old token ends the session, so it counts as a revocation.
     */
    Optional<IssuedTokens> refresh(IssuedTokens held) {
        Session session = held.session();
        return attempt(
                () -> service.refresh(held.refreshToken(), ClientInfo.unknown()),
                (span, next) -> new Acceptance(span, next.session()),
                InvalidTokenException.class,
                (span, refusal) -> refusal.reason() == Reason.REFRESH_TOKEN_REUSED
                        ? new Revocation(span, Scope.ONE, session.userId(), session.id())
                        : new Refusal(span, session.id(), refusal.reason()));
    }

    /** Returns nothing if the token was refused. */
    Optional<IssuedTokens> reauthenticate(IssuedTokens held) {
        String formerId = held.session().id();
        return validate(held)
                .flatMap(current -> attempt(
                        () -> service.reauthenticate(current, LoginOptions.none()),
                        (span, next) -> history.next(span, formerId, next.session()),
                        InvalidTokenException.class,
                        (span, refusal) -> new Refusal(span, formerId, refusal.reason())));
    }

    /** Returns nothing if the token was refused. */
    Optional<AuthenticatedSession> validate(IssuedTokens issued) {
        return attempt(
                () -> service.validate(issued.accessToken()),
                (span, accepted) -> new Acceptance(span, accepted.session()),
                InvalidTokenException.class,
                (span, refusal) -> new Refusal(span, issued.session().id(), refusal.reason()));
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
