package io.github.sessionaware.jdbc;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.jdbc.History.Acceptance;
import io.github.sessionaware.jdbc.History.Event;
import io.github.sessionaware.jdbc.History.Listing;
import io.github.sessionaware.jdbc.History.Login;
import io.github.sessionaware.jdbc.History.Purge;
import io.github.sessionaware.jdbc.History.Refusal;
import io.github.sessionaware.jdbc.History.Revocation;
import io.github.sessionaware.jdbc.History.Scope;
import io.github.sessionaware.jdbc.History.Span;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A service whose every call goes into a history. */
record RecordedService(SessionAwareTokenService service, History history) {

    Optional<IssuedTokens> login(String userId) {
        return history.record(
                () -> service.issue(userId, ClientInfo.unknown()), (span, issued) -> new Login(span, issued.session()));
    }

    void validate(IssuedTokens issued) {
        history.<Function<Span, Event>>record(() -> verdictOn(issued), (span, verdict) -> verdict.apply(span));
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

    private Function<Span, Event> verdictOn(IssuedTokens issued) {
        try {
            var accepted = service.validate(issued.accessToken()).session();
            return span -> new Acceptance(span, accepted);
        } catch (InvalidTokenException e) {
            return span -> new Refusal(span, issued.session().id(), e.reason());
        }
    }

    /** Whatever the answer: zero and false too say that no such session is left. */
    private <T> void revoke(Supplier<T> call, Scope scope, String userId, String named) {
        history.record(call, (span, answer) -> new Revocation(span, scope, userId, named));
    }
}
