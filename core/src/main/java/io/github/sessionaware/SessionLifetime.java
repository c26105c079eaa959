package io.github.sessionaware;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Every rule about time in one place. A session is live while now is before {@code expiresAt}, which is the earlier of
 * the absolute deadline (from the login) and the idle deadline (from the last recorded activity).
 */
record SessionLifetime(
        Duration accessToken,
        Duration idleTimeout,
        Duration absoluteTimeout,
        Duration activityInterval,
        Duration refreshGraceWindow) {

    /** Longer than clocks are wrong by, a mistaken time zone included. */
    private static final Duration PURGE_DELAY = Duration.ofDays(1);

    boolean isLive(Session session, Instant now) {
        return now.isBefore(session.expiresAt());
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
        return now.isBefore(rotatedAt.plus(refreshGraceWindow));
    }

    Instant sessionExpiry(Instant createdAt, Instant lastActiveAt) {
        return earlier(absoluteDeadline(createdAt), lastActiveAt.plus(idleTimeout));
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
        return earlier(now.plus(accessToken), absoluteDeadline(session.createdAt()))
                .truncatedTo(ChronoUnit.SECONDS);
    }

    /** In whole seconds like {@code exp}, so that no session is listed for a moment longer than its token can last. */
    private Instant absoluteDeadline(Instant createdAt) {
        return createdAt.plus(absoluteTimeout).truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
