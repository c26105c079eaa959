package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.SessionStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Holds each query until the test answers it. */
final class HeldQueries implements BatchedReads.Query<String, String> {
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final List<Integer> shared = new CopyOnWriteArrayList<>();

    /** Waits for the next query. */
    Asked next() throws InterruptedException {
        return asked.take();
    }

    List<Asked> next(int queries) throws InterruptedException {
        List<Asked> taken = new ArrayList<>();
        while (taken.size() < queries) {
            taken.add(next());
        }
        return taken;
    }

    /** How many queries there have been. */
    int count() {
        return count.get();
    }

    /** How many callers each shared query answered. */
    List<Integer> shared() {
        return shared;
    }

    @Override
    public void shared(int callers) {
        shared.add(callers);
    }

    @Override
    public Optional<String> one(String id) {
        return Optional.of(ask(Set.of(id)).get(id).orElseThrow());
    }

    @Override
    public Map<String, Optional<String>> all(Set<String> ids) {
        return ask(ids);
    }

    private Map<String, Optional<String>> ask(Set<String> ids) {
        count.incrementAndGet();
        Asked query = new Asked(Set.copyOf(ids));
        asked.add(query);
        return query.outcome();
    }

    /** Whether the thread is parked in a queue of reads. */
    static boolean isQueued(Thread caller) {
        return LockSupport.getBlocker(caller) instanceof BatchedReads<?, ?>;
    }

    /** Begins one read, whose query is held, and then queues the others behind it, in this order. */
    Queue queueBehindALeader(BatchedReads<String, String> reads, String... ids) throws InterruptedException {
        Caller leader = new Caller(reads, "leader");
        Asked first = next();
        List<Caller> waiting = new ArrayList<>();
        for (String id : ids) {
            Caller caller = new Caller(reads, id);
            caller.awaitQueued();
            waiting.add(caller);
        }
        return new Queue(this, reads, leader, first, waiting);
    }

    record Queue(
            HeldQueries queries, BatchedReads<String, String> reads, Caller leader, Asked first, List<Caller> waiting) {

        /** Answers the leader. Returns the query that the waiting callers share. */
        Asked release() throws InterruptedException {
            first.answer();
            return queries.next();
        }

        /** Queues one more caller. */
        Caller join(String id) {
            Caller caller = new Caller(reads, id);
            caller.awaitQueued();
            return caller;
        }

        void assertAnswered(String... values) throws Exception {
            for (int i = 0; i < values.length; i++) {
                assertEquals(values[i], waiting.get(i).answer());
            }
        }

        /** A queue that works answers the next caller at once. */
        void assertServesTheNextCaller() throws Exception {
            Caller next = new Caller(reads, "next");
            queries.next().answer();
            assertEquals("next", next.answer());
        }
    }

    /** One query. */
    record Asked(
            Set<String> ids,
            Thread asking,
            boolean interrupted,
            CompletableFuture<Map<String, Optional<String>>> held) {
        Asked(Set<String> ids) {
            this(ids, Thread.currentThread(), Thread.currentThread().isInterrupted(), new CompletableFuture<>());
        }

        /** Answers each id with itself. */
        void answer() {
            held.complete(ids.stream().collect(Collectors.toMap(id -> id, Optional::of)));
        }

        void answer(String value) {
            held.complete(ids.stream().collect(Collectors.toMap(id -> id, id -> Optional.of(value))));
        }

        void answerNothing() {
            held.complete(Map.of());
        }

        void fail(Throwable failure) {
            held.completeExceptionally(failure);
        }

        /** Ignores interrupts, as a driver does. */
        private Map<String, Optional<String>> outcome() {
            try {
                return held.join();
            } catch (CompletionException e) {
                throw HeldQueries.<RuntimeException>undeclared(e.getCause());
            }
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E undeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** One read, on a thread of its own. */
    static final class Caller {
        private final String id;
        private final Thread thread;
        private final CompletableFuture<String> answer = new CompletableFuture<>();
        private final CompletableFuture<Boolean> interruptedAfterwards = new CompletableFuture<>();

        Caller(BatchedReads<String, String> reads, String id) {
            this(reads, id, false);
        }

        private Caller(BatchedReads<String, String> reads, String id, boolean interrupted) {
            this.id = id;
            this.thread = new Thread(() -> {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                try {
                    answer.complete(reads.read(id).orElseThrow());
                } catch (Throwable e) {
                    answer.completeExceptionally(e);
                }
                interruptedAfterwards.complete(Thread.currentThread().isInterrupted());
            });
            thread.setDaemon(true);
            thread.start();
        }

        static Caller interrupted(BatchedReads<String, String> reads, String id) {
            return new Caller(reads, id, true);
        }

        String id() {
            return id;
        }

        Thread thread() {
            return thread;
        }

        /** Waits until the caller is queued, or is back because its timeout is over. */
        void awaitQueued() {
            while (!isQueued(thread) && !answer.isDone()) {
                Thread.onSpinWait();
            }
        }

        String answer() throws Exception {
            return answer.get();
        }

        Throwable failure() {
            return assertThrows(ExecutionException.class, answer::get).getCause();
        }

        SessionStoreException storeFailure() {
            return assertInstanceOf(SessionStoreException.class, failure());
        }

        /** Whether the thread was interrupted when its read had ended. */
        boolean staysInterrupted() throws Exception {
            return interruptedAfterwards.get();
        }
    }
}
