package io.github.sessionaware.testing.history;

import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.testing.history.History.Login;
import io.github.sessionaware.testing.history.History.Span;
import java.util.List;

/** What a history shows of the logins of a user with a limit, and what these may have done to the other sessions. */
final class LimitTrace {
    private final SessionLimit limit;
    private final List<Login> logins;
    private final List<SessionTrace> sessions;

    LimitTrace(SessionLimit limit, List<Login> logins, List<SessionTrace> sessions) {
        this.limit = limit;
        this.logins = logins;
        this.sessions = sessions;
    }

    boolean isExceededBy(int listed) {
        return listed > limit.sessions();
    }

    /** Whether as many sessions as the limit allows may have been there when this login was refused. */
    boolean mayRefuse(Span refused) {
        return limit.atLimit() == AtLimit.REFUSE_LOGIN
                && sessions.stream()
                                .filter(session -> session.mayHaveLivedIn(refused))
                                .limit(limit.sessions())
                                .count()
                        == limit.sessions();
    }

    /** Whether a login may have ended it for this call, since it was last seen. */
    boolean mayHaveEndedFor(Span span, SessionTrace session) {
        return logins.stream()
                .map(Login::span)
                .filter(login -> !login.equals(session.login().span()) && session.mayHaveEndedItFor(span, login))
                .anyMatch(login -> mayHaveMadeRoomWith(session, login)
                        // A login that is let in removes what has expired.
                        || !session.wasToLiveBeyond(login.clockAtEnd(), span));
    }

    /** It goes only if so many sessions that are to stay before it, and the new one, use up the limit. */
    private boolean mayHaveMadeRoomWith(SessionTrace session, Span login) {
        int staying = limit.sessions() - 1;
        return limit.atLimit() != AtLimit.REFUSE_LOGIN
                && sessions.stream()
                                .filter(other -> other != session
                                        && !other.login().span().equals(login)
                                        && other.mayHaveLivedIn(login)
                                        && mayBeLater(other, session, login))
                                .limit(staying)
                                .count()
                        == staying;
    }

    private boolean mayBeLater(SessionTrace other, SessionTrace session, Span login) {
        return limit.atLimit() == AtLimit.END_OLDEST
                ? !other.login()
                        .session()
                        .createdAt()
                        .isBefore(session.login().session().createdAt())
                : other.mayHaveBeenActiveSince(session.activityBefore(login), login);
    }
}
