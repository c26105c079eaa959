package io.github.sessionaware.tck;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.SessionStore;
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
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AssertionFailureBuilder;

/** Starts calls at the same time, in rounds. A call that throws or hangs fails the test. */
final class Race implements AutoCloseable {
    static final int ROUNDS = 100;
    static final int CALLERS = 8;

    private static final long PATIENCE_SECONDS = 30;

    /** Daemon threads, so that a store that hangs does not keep the JVM alive. */
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "session-store-contract");
        thread.setDaemon(true);
        return thread;
    });

    private final List<Call<?>> calls = new ArrayList<>();

    /** Adds a call to the next round. */
    <T> Call<T> add(Callable<T> body) {
        Call<T> call = new Call<>(body);
        calls.add(call);
        return call;
    }

    /** Adds a call of this store to the next round. */
    <T> Call<T> add(SessionStore store, Function<SessionStore, T> body) {
        return add(() -> body.apply(store));
    }

    /** Runs the calls that were added since the last round, and returns when all of them have finished. */
    void run() throws InterruptedException {
        AtomicInteger missing = new AtomicInteger(calls.size());
        List<Future<?>> running = new ArrayList<>();
        for (Call<?> call : calls) {
            running.add(threads.submit(() -> {
                meet(missing);
                call.run();
                return call;
            }));
        }
        for (Future<?> call : running) {
            await(call);
        }
        calls.clear();
    }

    /** Spins, because a barrier wakes its callers one after another, and a narrow race window would close meanwhile. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // Where callers outnumber processors, a spinning caller must let others run.
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
            throw failure("Concurrent calls must not fail, but one of them threw " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw failure("Concurrent calls must return, but one of them hung for 30 s", e);
        }
    }

    private static AssertionError failure(String message, @Nullable Throwable cause) {
        return AssertionFailureBuilder.assertionFailure()
                .message(message)
                .cause(cause)
                .build();
    }

    /** Returns each attempt whose call, at the same position, returned true. */
    static <T> List<T> winners(List<Call<Boolean>> calls, List<T> attempts) {
        return IntStream.range(0, attempts.size())
                .filter(i -> calls.get(i).result())
                .mapToObj(attempts::get)
                .toList();
    }

    /** One call and, after its round, its result. */
    static final class Call<T> {
        private final Callable<T> body;
        private @Nullable T result;

        private Call(Callable<T> body) {
            this.body = body;
        }

        private void run() throws Exception {
            result = body.call();
        }

        T result() {
            return requireNonNull(result, "A store must not return null");
        }
    }
}
