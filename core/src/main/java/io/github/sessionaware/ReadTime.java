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

    /** Returns whether this time was at most so long ago, by both clocks. */
    boolean isWithin(Duration bound, ReadTime now) {
        Duration age = ageAt(now);
        Duration wallAge = Duration.between(wall, now.wall);
        return !age.isNegative()
                && age.compareTo(bound) <= 0
                && wallAge.compareTo(bound) <= 0
                && age.minus(wallAge).abs().compareTo(AGREEMENT) <= 0;
    }

    /** Returns how long ago this time was, by the monotonic clock. */
    Duration ageAt(ReadTime now) {
        return Duration.ofNanos(now.monotonic - monotonic);
    }
}
