package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Determines after how long a session expires. Immutable. The constants are the longest timeouts that NIST SP 800-63B-4
 * (sections 2.1.3, 2.2.3 and 2.3.3) recommends per authenticator assurance level. The absolute timeout counts from the
 * last authentication, as in that standard.
 *
 * @param idle after how long without activity the session expires
 * @param absolute after how long since its user was last authenticated the session expires, whatever the activity
 */
public record SessionTimeouts(Duration idle, Duration absolute) {
    /** Declared first, because the constants below are checked against it. */
    private static final Duration MAX_DURATION = Duration.ofDays(3650);

    private static final Duration MIN_ABSOLUTE = Duration.ofSeconds(1);

    /**
     * Assurance level 1: 30 days in all, without a separate limit on inactivity. The idle timeout is longer than a
     * service's default, so a login with it is refused unless the service's idle timeout is raised.
     */
    public static final SessionTimeouts NIST_AAL1 = new SessionTimeouts(Duration.ofDays(30), Duration.ofDays(30));

    /** Assurance level 2: 1 hour of inactivity, 24 hours in all. */
    public static final SessionTimeouts NIST_AAL2 = new SessionTimeouts(Duration.ofHours(1), Duration.ofHours(24));

    /** Assurance level 3: 15 minutes of inactivity, 12 hours in all. */
    public static final SessionTimeouts NIST_AAL3 = new SessionTimeouts(Duration.ofMinutes(15), Duration.ofHours(12));

    /**
     * Checks both timeouts and drops what is finer than a millisecond.
     *
     * @param idle 1 millisecond to the absolute timeout
     * @param absolute 1 second to 3650 days. A session ends on a whole second, like its tokens
     * @throws IllegalArgumentException if a timeout is out of its range
     */
    public SessionTimeouts {
        requireInRange(idle, "idle");
        requireInRange(absolute, "absolute");
        if (absolute.compareTo(MIN_ABSOLUTE) < 0) {
            throw new IllegalArgumentException("absolute must be at least 1 s, was " + absolute);
        }
        idle = Duration.ofMillis(idle.toMillis());
        absolute = Duration.ofMillis(absolute.toMillis());
        if (idle.compareTo(absolute) > 0) {
            throw new IllegalArgumentException(
                    "idle (" + idle + ") must not be longer than absolute (" + absolute + ")");
        }
    }

    static Duration requireInRange(Duration value, String parameter) {
        return requireInRange(value, Duration.ofMillis(1), "1 ms", parameter);
    }

    static Duration requireInRange(Duration value, Duration min, String minText, String parameter) {
        requireNonNull(value, parameter);
        if (value.compareTo(min) < 0 || value.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException(
                    parameter + " must be " + minText + " to " + MAX_DURATION.toDays() + " days, was " + value);
        }
        return value;
    }

    /** Returns the shorter of both idle timeouts and the shorter of both absolute timeouts. */
    SessionTimeouts within(SessionTimeouts limits) {
        return new SessionTimeouts(shorter(idle, limits.idle), shorter(absolute, limits.absolute));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
