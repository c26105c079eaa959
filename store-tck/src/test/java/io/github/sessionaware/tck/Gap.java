package io.github.sessionaware.tck;

import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The gap that a broken store leaves open in an operation: a call stays in it until it has met another there. The
 * thread that opened the store makes its calls one after the other, would meet nobody, and is not kept.
 */
final class Gap {
    static final long ALONE_MILLIS = 2;

    private final Thread opener = Thread.currentThread();
    private final Exchanger<Boolean> opened = new Exchanger<>();
    private final Exchanger<Boolean> closed = new Exchanger<>();

    /** Stays until another call is here too. */
    void linger() {
        meet(opened);
    }

    /** Stays while another call acts. */
    void letARivalAct() {
        meet(opened);
        meet(closed);
    }

    /** Acts while another call stays. */
    <T> T actInside(Supplier<T> action) {
        meet(opened);
        T result = action.get();
        meet(closed);
        return result;
    }

    private void meet(Exchanger<Boolean> meeting) {
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
