package io.github.sessionaware.tck;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AssertionFailureBuilder;

/**
 * Lets calls begin together, round after round. A call that hangs or throws fails the test, and the message says so.
 */
final class Race implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    /** Daemons, so that a store that hangs for ever does not keep the JVM. */
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "session-store-contract");
        thread.setDaemon(true);
        return thread;
    });

    private final List<Entry<?>> entries = new ArrayList<>();

    <T> Entry<T> enter(Callable<T> call) {
        Entry<T> entry = new Entry<>(call);
        entries.add(entry);
        return entry;
    }

    /** Those wishes that were granted: whose call, in the same place, answered true. */
    static <T> List<T> winners(List<Entry<Boolean>> answers, List<T> wishes) {
        return IntStream.range(0, wishes.size())
                .filter(i -> answers.get(i).answer())
                .mapToObj(wishes::get)
                .toList();
    }

    /** Runs what has entered since the last round, and returns when all have finished. */
    void run() throws InterruptedException {
        AtomicInteger missing = new AtomicInteger(entries.size());
        List<Future<?>> running = new ArrayList<>();
        for (Entry<?> entry : entries) {
            running.add(threads.submit(() -> {
                meet(missing);
                entry.call();
                return entry;
            }));
        }
        for (Future<?> call : running) {
            await(call);
        }
        entries.clear();
    }

    /** A barrier would wake its callers one after the other, and a narrow gap would close in between. */
    @SuppressWarnings("ThreadPriorityCheck") // More callers than processors: those who are here let the others come.
    private static void meet(AtomicInteger missing) {
        missing.decrementAndGet();
        while (missing.get() > 0) {
            Thread.yield();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static void await(Future<?> call) throws InterruptedException {
        try {
            call.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw failure("A call threw because others ran at the same time: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw failure("A call hung when others ran at the same time: no answer in 30 s", e);
        }
    }

    private static AssertionError failure(String message, @Nullable Throwable cause) {
        return AssertionFailureBuilder.assertionFailure()
                .message(message)
                .cause(cause)
                .build();
    }

    /** One call and, after the round, what it answered. */
    static final class Entry<T> {
        private final Callable<T> call;
        private @Nullable T answer;

        private Entry(Callable<T> call) {
            this.call = call;
        }

        private void call() throws Exception {
            answer = call.call();
        }

        T answer() {
            return requireNonNull(answer, "a store must not answer null");
        }
    }
}
