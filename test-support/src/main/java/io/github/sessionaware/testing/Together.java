package io.github.sessionaware.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Makes calls at the same moment, each on a thread of its own. */
public final class Together {
    private Together() {}

    /** Makes the same call from so many callers, which are numbered from 0. */
    public static <T> List<T> call(int callers, IntFunction<T> call) throws Exception {
        return call(IntStream.range(0, callers)
                .<Callable<T>>mapToObj(caller -> () -> call.apply(caller))
                .toList());
    }

    /** Returns the answers in the order of the calls. If calls fail, this fails as the first of them in that order. */
    public static <T> List<T> call(List<Callable<T>> calls) throws Exception {
        StartingLine start = new StartingLine(calls.size());
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> call : calls) {
                running.add(threads.submit(() -> {
                    start.await();
                    return call.call();
                }));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : running) {
                answers.add(answer(answer));
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> T answer(Future<T> call) throws Exception {
        try {
            return call.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }

    /**
     * Lets callers go on when all of them have arrived. They spin, because a barrier would wake them one after the
     * other, and a narrow gap would close in between.
     */
    public static final class StartingLine {
        private final AtomicInteger missing;

        public StartingLine(int callers) {
            missing = new AtomicInteger(callers);
        }

        /** Waits for the others. A caller beyond the number goes on at once. */
        @SuppressWarnings(
                "ThreadPriorityCheck") // There are more callers than processors, so those here let others run.
        public void await() {
            missing.decrementAndGet();
            while (missing.get() > 0) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new IllegalStateException("Interrupted while " + missing + " callers were missing");
                }
                Thread.yield();
            }
        }
    }
}
