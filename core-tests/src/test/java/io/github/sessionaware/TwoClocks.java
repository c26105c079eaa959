package io.github.sessionaware;

import io.github.sessionaware.testing.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The wall clock and the monotonic clock of a machine. Both stand still until a test moves them. */
final class TwoClocks {
    private final FakeClock wall;
    private final AtomicLong monotonic = new AtomicLong(Long.MAX_VALUE - 1_000);

    TwoClocks(Instant start) {
        wall = new FakeClock(start);
    }

    /** Time passes. */
    void advance(Duration by) {
        monotonic.addAndGet(by.toNanos());
        wall.advance(by);
    }

    /** Time passes while the machine sleeps. Its monotonic clock stands still. */
    void sleep(Duration by) {
        wall.advance(by);
    }

    /** Sets the wall clock, as an operator or NTP does. */
    void step(Duration by) {
        wall.advance(by);
    }

    Instant now() {
        return wall.instant();
    }

    long monotonic() {
        return monotonic.get();
    }

    SessionAwareTokenServiceBuilder on(SessionAwareTokenServiceBuilder builder) {
        return builder.clock(wall).monotonicClock(this::monotonic);
    }
}
