package io.github.sessionaware;

import java.time.Duration;
import java.time.Instant;

/**
 * When a read began, by two clocks of this node. The monotonic clock cannot be set, but it may stand still while the
 * machine sleeps. The wall clock goes on then, but it may be set. So an age counts only if both clocks agree on it. A
 * step of one clock makes reads count as too old, and nothing else.
 *
 * @param monotonic in nanoseconds from an arbitrary origin
 * @param wall by the service's clock
 */
record ReadTime(long monotonic, Instant wall) {
    /** NTP slews a clock by at most 30 ms in the longest bound, which is a minute. */
    static final Duration AGREEMENT = Duration.ofMillis(50);

    /** In seconds. A wall clock that was set by centuries would exceed what a long can count in nanoseconds. */
    private static final long LONGER_THAN_ANY_BOUND = 3_600;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Returns whether this time was at most so long ago, by both clocks. Allocates nothing, because each hit asks. */
    boolean isWithin(Duration bound, ReadTime now) {
        long age = now.monotonic - monotonic;
        long wallSeconds = now.wall.getEpochSecond() - wall.getEpochSecond();
        if (Math.abs(wallSeconds) > LONGER_THAN_ANY_BOUND) {
            return false;
        }
        long wallAge = wallSeconds * NANOS_PER_SECOND + now.wall.getNano() - wall.getNano();
        return age >= 0
                && age <= bound.toNanos()
                && wallAge <= bound.toNanos()
                && Math.abs(age - wallAge) <= AGREEMENT.toNanos();
    }

    /** Returns how long ago this time was, by the monotonic clock. */
    Duration ageAt(ReadTime now) {
        return Duration.ofNanos(now.monotonic - monotonic);
    }
}
