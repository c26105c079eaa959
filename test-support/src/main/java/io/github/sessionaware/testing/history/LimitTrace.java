package io.github.sessionaware.testing.history;

import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.testing.history.History.Login;
import io.github.sessionaware.testing.history.History.Span;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** What a history shows of the logins of a user with a limit, and which other sessions these may have ended. */
final class LimitTrace {
    private final SessionLimit limit;
    private final Timeline<Login, Long, Long> logins;
    private final Timeline<SessionTrace, Long, Instant> sessions;

    LimitTrace(SessionLimit limit, List<Login> logins, Timeline<SessionTrace, Long, Instant> sessions) {
        this.limit = limit;
        this.logins = new Timeline<>(
                logins, login -> login.span().begin(), login -> login.span().end());
        this.sessions = sessions;
    }

    boolean isExceededBy(int listed) {
        return listed > limit.max();
    }

    /** Tells whether as many sessions as the limit allows may have been there when this login was refused. */
    boolean mayRefuse(Span refused) {
        return limit.atLimit() == AtLimit.REFUSE_LOGIN && mayHaveLived(limit.max(), refused, session -> true);
    }

    /** Tells whether a login may have ended the session after the last call that saw it and before this one ended. */
    boolean mayHaveEndedFor(Span span, SessionTrace session) {
        Instant deadline = session.deadlineKnownBefore(span);
        return logins.startedBy(span.end(), session.lastSeenBefore(span))
                .map(Login::span)
                .filter(login -> !login.equals(session.login().span()))
                .anyMatch(login -> mayHaveMadeRoomWith(session, login)
                        // A login that is let in removes the user's expired sessions.
                        || !deadline.isAfter(login.clockAtEnd()));
    }

    /** The session ends only if the new session and those that stay before this one use up the limit. */
    private boolean mayHaveMadeRoomWith(SessionTrace session, Span login) {
        return limit.atLimit() != AtLimit.REFUSE_LOGIN
                && mayHaveLived(
                        limit.max() - 1,
                        login,
                        other -> other != session
                                && !other.login().span().equals(login)
                                && mayBeLater(other, session, login));
    }

    /** Tells whether so many of these sessions may have been there, and not expired, during this call. */
    private boolean mayHaveLived(int count, Span span, Predicate<SessionTrace> which) {
        return sessions.startedBy(span.end(), span.clockAtBegin())
                        .filter(session -> session.mayHaveLivedIn(span) && which.test(session))
                        .limit(count)
                        .count()
                == count;
    }

    /** Sessions whose activity differs by less than an interval count as equally active. */
    private boolean mayBeLater(SessionTrace other, SessionTrace session, Span login) {
        return limit.atLimit() == AtLimit.END_OLDEST
                ? !other.login()
                        .session()
                        .createdAt()
                        .isBefore(session.login().session().createdAt())
                : other.mayHaveBeenActiveSince(
                        session.activityBefore(login).minus(TwoNodes.LONGEST_ACTIVITY_INTERVAL), login);
    }
}
