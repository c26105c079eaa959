package io.github.sessionaware.servlet;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for states of other threads. */
final class Waiting {
    private static final long SECONDS = 60;

    private Waiting() {}

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nothing happened for " + SECONDS + " s");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns when so many callers wait for the result of another one. */
    @SuppressWarnings("ThreadPriorityCheck") // There are more callers than processors, so those here let others run.
    static void await(int callers) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (callers() < callers) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Only " + callers() + " callers wait");
            }
            Thread.yield();
        }
    }

    private static long callers() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().equals(SharedCalls.class.getName())
                                && frame.getMethodName().equals("await")))
                .count();
    }
}
