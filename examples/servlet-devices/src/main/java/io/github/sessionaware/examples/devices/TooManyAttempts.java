package io.github.sessionaware.examples.devices;

import java.time.Duration;

/** The password was not checked, because there were too many tries. Says when the next try is allowed. */
final class TooManyAttempts extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long seconds;

    TooManyAttempts(Duration wait) {
        super("Too many attempts", null, false, false); // no stack trace, because a flood of tries would make many
        this.seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    }

    /** Returns the value of {@code Retry-After}: whole seconds, at least 1. */
    String retryAfter() {
        return Long.toString(seconds);
    }

    Duration untilNextTry() {
        return Duration.ofSeconds(seconds);
    }
}
