package io.github.sessionaware.tck;

import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The gap that a broken store leaves open in an operation: a call stays in it until it has met another there. The
 * thread that opened the store makes its calls one after the other, would meet nobody, and is not kept.
 */
final class Gap {
    static final long ALONE_MILLIS = 2;

    private final Thread opener = Thread.currentThread();
    private final Exchanger<Boolean> meeting = new Exchanger<>();

    void linger() {
        if (Thread.currentThread().equals(opener)) {
            return;
        }
        try {
            meeting.exchange(true, ALONE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException alone) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
