package io.github.sessionaware.testing.history;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A service whose every call goes into a history.
 *
 * @param limited the same with limits, for the logins of those who have one
 */
record RecordedService(SessionAwareTokenService service, SessionAwareTokenService limited, History history) {

    Optional<IssuedTokens> login(String userId) {
        return history.record(
                () -> service.issue(userId, ClientInfo.unknown()),
                (span, issued) -> Login.first(span, issued.session()));
    }

    /** Empty if it was refused. */
    Optional<IssuedTokens> limitedLogin(String userId) {
        AtomicReference<IssuedTokens> tokens = new AtomicReference<>();
        history.<Function<Span, Event>>record(
                () -> {
                    try {
                        tokens.set(limited.issue(userId, ClientInfo.unknown()));
                        return span -> Login.first(span, tokens.get().session());
                    } catch (SessionLimitExceededException e) {
                        return span -> new RefusedLogin(span, userId);
                    }
                },
                (span, event) -> event.apply(span));
        return Optional.ofNullable(tokens.get());
    }

    void rename(String userId, String sessionId, String label) {
        history.record(
                () -> service.renameSession(userId, sessionId, label),
                (span, done) -> new Renaming(span, sessionId, label, done));
    }

    /** Empty if it was refused. Showing an old token again ends the session, which is a revocation. */
    Optional<IssuedTokens> refresh(IssuedTokens held) {
        AtomicReference<IssuedTokens> next = new AtomicReference<>();
        history.<Function<Span, Event>>record(
                () -> {
                    try {
                        next.set(service.refresh(held.refreshToken(), ClientInfo.unknown()));
                        Session session = next.get().session();
                        return span -> new Acceptance(span, session);
                    } catch (InvalidTokenException e) {
                        Session session = held.session();
                        return span -> e.reason() == Reason.REFRESH_TOKEN_REUSED
                                ? new Revocation(span, Scope.ONE, session.userId(), session.id())
                                : new Refusal(span, session.id(), e.reason());
                    }
                },
                (span, event) -> event.apply(span));
        return Optional.ofNullable(next.get());
    }

    /** Empty if it was refused. */
    Optional<IssuedTokens> reauthenticate(IssuedTokens held) {
        return validate(held).flatMap(current -> reauthenticate(held, current));
    }

    private Optional<IssuedTokens> reauthenticate(IssuedTokens held, AuthenticatedSession current) {
        AtomicReference<IssuedTokens> next = new AtomicReference<>();
        history.<Function<Span, Event>>record(
                () -> {
                    try {
                        next.set(service.reauthenticate(current, LoginOptions.none()));
                        Session session = next.get().session();
                        return span -> history.next(span, held.session().id(), session);
                    } catch (InvalidTokenException e) {
                        return span -> new Refusal(span, held.session().id(), e.reason());
                    }
                },
                (span, event) -> event.apply(span));
        return Optional.ofNullable(next.get());
    }

    /** Empty if it was refused. */
    Optional<AuthenticatedSession> validate(IssuedTokens issued) {
        AtomicReference<AuthenticatedSession> accepted = new AtomicReference<>();
        history.<Function<Span, Event>>record(
                () -> {
                    try {
                        accepted.set(service.validate(issued.accessToken()));
                        return span -> new Acceptance(span, accepted.get().session());
                    } catch (InvalidTokenException e) {
                        return span -> new Refusal(span, issued.session().id(), e.reason());
                    }
                },
                (span, event) -> event.apply(span));
        return Optional.ofNullable(accepted.get());
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

    void purge() {
        history.record(service::purgeExpiredSessions, Purge::new);
    }

    /** Whatever the answer: zero and false too say that no such session is left. */
    private <T> void revoke(Supplier<T> call, Scope scope, String userId, String named) {
        history.record(call, (span, answer) -> new Revocation(span, scope, userId, named));
    }
}
