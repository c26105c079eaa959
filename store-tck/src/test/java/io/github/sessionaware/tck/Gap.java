package io.github.sessionaware.tck;

import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A gap that a broken store leaves in an operation. A call waits in the gap until it meets a concurrent call. The
 * thread that opened the store does not wait, because its calls run one after another.
 */
final class Gap {
    static final long ALONE_MILLIS = 2;

    private final Thread opener = Thread.currentThread();
    private final Exchanger<Boolean> opened = new Exchanger<>();
    private final Exchanger<Boolean> closed = new Exchanger<>();

    /** Waits until another call is in the gap too. */
    void linger() {
        meet(opened);
    }

    /** Waits while another call acts in the gap. */
    void letARivalAct() {
        meet(opened);
        meet(closed);
    }

    /** Acts while another call waits in the gap. */
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
