package io.github.sessionaware;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds every rule about time. A session is live while now is before {@code expiresAt}, which is the earlier of the
 * absolute deadline (from the last authentication) and the idle deadline (from the last recorded activity). Timeouts
 * that became shorter apply at once to existing sessions.
 */
record SessionLifetime(
        Duration accessToken,
        Duration boundAccessToken,
        SessionTimeouts timeouts,
        Duration activityInterval,
        Duration refreshGraceWindow) {

    /** Longer than any plausible clock error, including a wrong time zone. */
    private static final Duration PURGE_DELAY = Duration.ofDays(1);

    boolean isLive(SessionRecord session, Instant now) {
        return now.isBefore(session.expiresAt()) && now.isBefore(expiry(session));
    }

    /**
     * Returns whether the recorded activity is at least one interval old. This is false on a node whose clock is behind
     * the recorded time. So nodes with different clocks cannot move activity backwards.
     */
    boolean touchIsDue(SessionRecord session, Instant now) {
        return !now.isBefore(session.lastActiveAt().plus(activityInterval));
    }

    /** Returns whether a refresh token that was rotated at the given time may be presented again. */
    boolean isRetry(Instant rotatedAt, Instant now) {
        return Duration.between(rotatedAt, now).abs().compareTo(refreshGraceWindow) < 0;
    }

    /**
     * Returns whether the rotation lies so far in the future that a clock must be wrong. Then nobody can tell a retry
     * from reuse.
     */
    boolean isRotatedInFuture(Instant rotatedAt, Instant now) {
        return !refreshGraceWindow.isZero() && !now.isAfter(rotatedAt.minus(refreshGraceWindow));
    }

    /** Returns the session after activity at the given time. Recorded activity never moves backwards. */
    SessionRecord active(SessionRecord session, Instant now) {
        Instant lastActiveAt = now.isBefore(session.lastActiveAt()) ? session.lastActiveAt() : now;
        SessionRecord active = session.toBuilder().lastActiveAt(lastActiveAt).build();
        return active.toBuilder()
                .expiresAt(earlier(expiry(active), SessionData.LATEST))
                .build();
    }

    private Instant expiry(SessionRecord session) {
        return earlier(
                absoluteDeadline(session),
                session.lastActiveAt().plus(timeoutsOf(session).idle()));
    }

    private SessionTimeouts timeoutsOf(SessionRecord session) {
        return session.timeouts() == null ? timeouts : session.timeouts().within(timeouts);
    }

    /** Null stands for the timeouts of the service. */
    void requireWithinLimits(@Nullable SessionTimeouts own) {
        if (own == null) {
            return;
        }
        if (own.idle().compareTo(timeouts.idle()) > 0 || own.absolute().compareTo(timeouts.absolute()) > 0) {
            throw new IllegalArgumentException(
                    "timeouts must not be longer than the service's " + timeouts + ", were " + own);
        }
        if (activityInterval.compareTo(own.idle()) >= 0) {
            throw new IllegalArgumentException("timeouts.idle must be longer than the activityInterval ("
                    + activityInterval + "), was " + own.idle());
        }
    }

    /**
     * Returns the time until which sessions must have expired. It lies in the past, because a node whose clock is ahead
     * must not delete sessions that are live on the other nodes.
     */
    Instant purgeBorder(Instant now) {
        return now.minus(PURGE_DELAY);
    }

    /** Returns how long an access token of the session is accepted, which depends on whether it is bound to a key. */
    Duration accessTokenOf(SessionRecord session) {
        return session.deviceKey() == null ? accessToken : boundAccessToken;
    }

    /**
     * Returns the expiry of a token, which is never after the absolute deadline. The idle deadline does not limit it,
     * because activity moves that deadline and the store knows it. Rounded down to whole seconds, like {@code exp}.
     */
    Instant accessTokenExpiry(SessionRecord session, Duration lifetime, Instant now) {
        Duration longest = accessTokenOf(session);
        if (lifetime.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "lifetime must not be longer than accessTokenLifetime (" + longest + "), was " + lifetime);
        }
        return earlier(now.plus(lifetime), absoluteDeadline(session)).truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Rounds down to whole seconds like {@code exp}, so that no session is listed after its last token must have
     * expired.
     */
    private Instant absoluteDeadline(SessionRecord session) {
        return session.authentication()
                .time()
                .plus(timeoutsOf(session).absolute())
                .truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
