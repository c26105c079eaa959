package io.github.sessionaware.redis;

import io.github.sessionaware.SessionStoreException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The end of the time that one call of the store has, by the monotonic clock. For the thread of the call alone. */
final class Deadline {
    private final Duration timeout;
    private long endNanos;

    private Deadline(Duration timeout) {
        this.timeout = timeout;
        this.endNanos = System.nanoTime() + timeout.toNanos();
    }

    static Deadline after(Duration timeout) {
        return new Deadline(timeout);
    }

    /** Does work that has a limit of its own: the deadline moves by the time that it takes. */
    <T> T notCounting(Supplier<T> work) {
        long began = System.nanoTime();
        try {
            return work.get();
        } finally {
            endNanos += System.nanoTime() - began;
        }
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
