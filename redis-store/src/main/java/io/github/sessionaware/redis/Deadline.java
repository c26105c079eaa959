package io.github.sessionaware.redis;

import io.github.sessionaware.SessionStoreException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The end of the time that one call of the store has, by the monotonic clock. */
final class Deadline {
    private final Duration timeout;
    private final long endNanos;

    private Deadline(Duration timeout) {
        this.timeout = timeout;
        this.endNanos = System.nanoTime() + timeout.toNanos();
    }

    static Deadline after(Duration timeout) {
        return new Deadline(timeout);
    }

    /**
     * Returns the time that is left: at least a millisecond, because clients read zero as "no limit".
     *
     * @throws SessionStoreException if no time is left
     */
    long millisLeft() {
        long left = endNanos - System.nanoTime();
        if (left <= 0) {
            throw passed();
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(left));
    }

    SessionStoreException passed() {
        return new SessionStoreException("Redis did not answer within the timeout of the store, " + timeout.toMillis()
                + " ms; whether the call took effect is unknown");
    }
}
