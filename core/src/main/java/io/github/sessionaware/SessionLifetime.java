package io.github.sessionaware;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Every rule about time in one place. A session is live while now is before {@code expiresAt}, which is the earlier of
 * the absolute deadline (from the last authentication) and the idle deadline (from the last recorded activity).
 * Timeouts that have been shortened since count at once, for sessions that exist already.
 */
record SessionLifetime(
        Duration accessToken, SessionTimeouts timeouts, Duration activityInterval, Duration refreshGraceWindow) {

    /** Longer than clocks are wrong by, a mistaken time zone included. */
    private static final Duration PURGE_DELAY = Duration.ofDays(1);

    boolean isLive(Session session, Instant now) {
        return now.isBefore(session.expiresAt()) && now.isBefore(expiry(session));
    }

    /**
     * A clock behind the one that wrote {@code lastActiveAt} never gets here, so nodes that disagree about the time
     * cannot move activity backwards.
     */
    boolean touchIsDue(Session session, Instant now) {
        return !now.isBefore(session.lastActiveAt().plus(activityInterval));
    }

    /** Whether a refresh token that was rotated then may be shown once more. */
    boolean isRetry(Instant rotatedAt, Instant now) {
        return Duration.between(rotatedAt, now).abs().compareTo(refreshGraceWindow) < 0;
    }

    /** Whether it was rotated so far in the future that a clock is wrong: neither a retry nor a reuse can be told. */
    boolean isRotatedTooSoon(Instant rotatedAt, Instant now) {
        return !refreshGraceWindow.isZero() && !now.isAfter(rotatedAt.minus(refreshGraceWindow));
    }

    /** The session after activity at that time, but never earlier than what is recorded. */
    Session active(Session session, Instant now) {
        Instant lastActiveAt = now.isBefore(session.lastActiveAt()) ? session.lastActiveAt() : now;
        Session active = session.touched(lastActiveAt, lastActiveAt);
        return active.touched(lastActiveAt, expiry(active));
    }

    private Instant expiry(Session session) {
        return earlier(
                absoluteDeadline(session),
                session.lastActiveAt().plus(timeoutsOf(session).idle()));
    }

    private SessionTimeouts timeoutsOf(Session session) {
        return session.timeouts() == null ? timeouts : session.timeouts().within(timeouts);
    }

    SessionTimeouts requireWithinLimits(SessionTimeouts own) {
        if (own.idle().compareTo(timeouts.idle()) > 0 || own.absolute().compareTo(timeouts.absolute()) > 0) {
            throw new IllegalArgumentException(
                    "timeouts must not be longer than the service's " + timeouts + ", were " + own);
        }
        if (activityInterval.compareTo(own.idle()) >= 0) {
            throw new IllegalArgumentException("timeouts must have an idle one longer than the activityInterval ("
                    + activityInterval + "), was " + own.idle());
        }
        return own;
    }

    /** A node whose clock is ahead must not remove what is live for the others, so purging waits. */
    Instant purgeBorder(Instant now) {
        return now.minus(PURGE_DELAY);
    }

    /**
     * Never after the absolute deadline. The idle deadline does not bound it: activity will move that one, and the
     * store knows. In whole seconds, which is all that {@code exp} can say, rounded down.
     */
    Instant accessTokenExpiry(Session session, Instant now) {
        return earlier(now.plus(accessToken), absoluteDeadline(session)).truncatedTo(ChronoUnit.SECONDS);
    }

    /** In whole seconds like {@code exp}, so that no session is listed for a moment longer than its token can last. */
    private Instant absoluteDeadline(Session session) {
        return session.authentication()
                .time()
                .plus(timeoutsOf(session).absolute())
                .truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
