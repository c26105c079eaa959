package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that read at the same time share queries. It has no thread of its own. While few callers are present,
 * each has a query of its own. Further callers queue. A caller that gets one of the few permits becomes a leader: it
 * takes waiting callers out of the queue and runs one query for all of them and itself. The query starts after these
 * callers have queued, so no answer is older than its question.
 *
 * <p>No wake-up is lost: no caller stays parked in the queue while a permit is free, unless another caller is about to
 * look at the queue. This holds for three reasons:
 *
 * <ul>
 *   <li>A caller queues first, and then tries to get a permit. If that fails, leaders hold all permits at that moment.
 *   <li>A leader releases its permit first, and then looks at the queue. So it sees every caller that failed to get a
 *       permit, and wakes the first one that still waits.
 *   <li>A woken caller tries to get a permit. If that fails, leaders hold all permits again. If a leader has taken the
 *       caller, that leader still holds its permit. If the caller leaves, it looks at the queue and wakes the next one.
 * </ul>
 *
 * <p>So while a caller waits, each look at the queue leads to another one. A leader answers every caller that it has
 * taken, even if its query fails, or puts the caller back into the queue as a new arrival before it looks at the queue.
 *
 * <p>An interrupted caller takes no other caller along. It leaves the queue and runs a query of its own, in which an
 * interrupt has its usual effect. If it is a leader already and its query fails, the callers that it has taken go back
 * into the queue.
 *
 * <p>The class is not final, so that tests can break one step of this and show that the step matters.
 */
class BatchedReads<K, T> {
    private final Query<K, T> query;
    private final int straight;
    private final int maxBatch;
    private final Duration timeout;
    private final Semaphore permits;
    private final AtomicInteger present = new AtomicInteger();
    final Queue<Waiter<K, T>> queue = new ConcurrentLinkedQueue<>();

    /**
     * @param straight the largest number of callers present with which each has a query of its own
     * @param leaders the number of shared queries that may run at the same time
     * @param maxBatch the largest number of callers that a query answers
     * @param timeout the longest time that a caller waits until a leader takes it
     */
    BatchedReads(Query<K, T> query, int straight, int leaders, int maxBatch, Duration timeout) {
        this.query = query;
        this.straight = straight;
        this.permits = new Semaphore(leaders);
        this.maxBatch = maxBatch;
        this.timeout = timeout;
    }

    Optional<T> read(K key) {
        int callers = present.incrementAndGet();
        try {
            return callers <= straight ? query.one(key) : share(key);
        } finally {
            present.decrementAndGet();
        }
    }

    private Optional<T> share(K key) {
        Waiter<K, T> own = new Waiter<>(key, Thread.currentThread(), System.nanoTime() + timeout.toNanos());
        queue.add(own);
        boolean interrupted = false;
        try {
            while (!own.isOver()) {
                // While the thread is interrupted, park returns at once.
                interrupted |= Thread.interrupted();
                if (interrupted && leave(own)) {
                    own.answer = () -> query.one(key);
                } else if (own.isOverdue() && leave(own)) {
                    throw new SessionStoreException("No shared query included this read within " + timeout + "; "
                            + present + " reads are waiting or running, so the database is too slow for them");
                } else if (own.isWaiting() && permits.tryAcquire()) {
                    lead(own);
                } else {
                    park(own);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return own.result();
    }

    /** A caller that a leader has taken waits without a limit, because the leader's query has one. */
    void park(Waiter<K, T> own) {
        if (own.isWaiting()) {
            LockSupport.parkNanos(this, own.deadline - System.nanoTime());
        } else {
            LockSupport.park(this);
        }
    }

    /** Returns false if a leader has taken the caller first. */
    boolean leave(Waiter<K, T> own) {
        boolean left = own.leave();
        if (left) {
            queue.remove(own);
            wakeFirst();
        }
        return left;
    }

    /** The caller holds a permit, which this releases. */
    private void lead(Waiter<K, T> own) {
        try {
            // Another leader may have taken this caller before it got the permit.
            if (own.leave()) {
                answer(own, new ArrayList<>(maxBatch));
            }
        } finally {
            permits.release();
            wakeFirst();
        }
    }

    private void takeOthers(List<Waiter<K, T>> taken) {
        Waiter<K, T> next;
        while (taken.size() < maxBatch - 1 && (next = queue.poll()) != null) {
            // The caller is in the list before it is taken, so that it is answered even if the next line throws.
            taken.add(next);
            if (!next.take()) {
                taken.remove(taken.size() - 1);
            }
        }
    }

    /** Answers all callers that it has taken, whatever is thrown, even an undeclared checked exception of a driver. */
    private void answer(Waiter<K, T> own, List<Waiter<K, T>> others) {
        try {
            takeOthers(others);
            // Two leaders that ended at the same time may both have woken this caller, and no other one.
            if (permits.availablePermits() > 0) {
                wakeFirst();
            }
            Set<K> keys = new LinkedHashSet<>();
            keys.add(own.key);
            others.forEach(other -> keys.add(other.key));
            Map<K, Optional<T>> answers = keys.size() == 1 ? Map.of(own.key, query.one(own.key)) : query.all(keys);
            others.forEach(other -> answer(other, answerTo(other.key, answers)));
            own.answer = answerTo(own.key, answers);
            if (!others.isEmpty() && !answers.isEmpty()) {
                query.shared(others.size() + 1);
            }
        } catch (Throwable e) {
            boolean isOwnFault =
                    e instanceof SessionStoreException && Thread.currentThread().isInterrupted();
            // This loop allocates nothing, because memory may have run out.
            for (int i = 0; i < others.size(); i++) {
                Waiter<K, T> other = others.get(i);
                if (!other.isOver() && isOwnFault) {
                    putBackOrFail(other, e);
                } else if (!other.isOver()) {
                    fail(other, e);
                }
            }
            throw e;
        }
    }

    private void answer(Waiter<K, T> other, Supplier<Optional<T>> answer) {
        other.answer = answer;
        unpark(other);
    }

    private Supplier<Optional<T>> answerTo(K key, Map<K, Optional<T>> answers) {
        Optional<T> answer = answers.get(key);
        return answer == null ? () -> query.one(key) : () -> answer;
    }

    /** Sets the state before it queues the caller. Otherwise a leader would skip the caller. */
    void putBack(Waiter<K, T> other) {
        other.waitAgain();
        queue.add(other);
        unpark(other);
    }

    /** Fails the caller if there is no memory for its place in the queue. */
    private void putBackOrFail(Waiter<K, T> other, Throwable failure) {
        try {
            putBack(other);
        } catch (Error e) {
            fail(other, failure);
        }
    }

    private void fail(Waiter<K, T> other, Throwable failure) {
        other.failure = failure;
        unpark(other);
    }

    void unpark(Waiter<K, T> waiter) {
        LockSupport.unpark(waiter.thread);
    }

    /** Wakes the first waiting caller. Callers that lead or have left may still be in the queue, and are removed. */
    void wakeFirst() {
        Waiter<K, T> first;
        while ((first = queue.peek()) != null) {
            if (first.isWaiting()) {
                unpark(first);
                return;
            }
            queue.remove(first);
        }
    }

    /** Creates an exception for each caller, on the caller's thread. */
    private static SessionStoreException sharedFailure(Throwable failure) {
        return failure instanceof SessionStoreException e
                ? new SessionStoreException(String.valueOf(e.getMessage()), e.getCause())
                : new SessionStoreException("The shared query that included this read failed with "
                        + failure.getClass().getName());
    }

    /** Runs a query. Fails with {@link SessionStoreException}. */
    interface Query<K, T> {
        Optional<T> one(K key);

        /** Answers several keys. If a key has no answer, its caller asks {@link #one}. */
        Map<K, Optional<T>> all(Set<K> keys);

        /** Called after one query has answered several callers. Does not throw. */
        default void shared(int callers) {}
    }

    private enum State {
        WAITING,
        /** A leader will answer it. */
        TAKEN,
        /** It leads, or runs a query of its own, or has given up. */
        LEFT
    }

    static final class Waiter<K, T> {
        private final K key;
        private final Thread thread;
        private final long deadline;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

        private volatile @Nullable Supplier<Optional<T>> answer;
        private volatile @Nullable Throwable failure;

        Waiter(K key, Thread thread, long deadline) {
            this.key = key;
            this.thread = thread;
            this.deadline = deadline;
        }

        boolean isOver() {
            return answer != null || failure != null;
        }

        Optional<T> result() {
            Supplier<Optional<T>> given = answer;
            if (given == null) {
                throw sharedFailure(Objects.requireNonNull(failure));
            }
            return given.get();
        }

        boolean isWaiting() {
            return state.get() == State.WAITING;
        }

        boolean isOverdue() {
            return System.nanoTime() - deadline >= 0;
        }

        boolean take() {
            return state.compareAndSet(State.WAITING, State.TAKEN);
        }

        boolean leave() {
            return state.compareAndSet(State.WAITING, State.LEFT);
        }

        void waitAgain() {
            state.set(State.WAITING);
        }
    }
}
