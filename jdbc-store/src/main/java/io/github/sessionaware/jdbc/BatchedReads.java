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
 * Lets callers who read at the same time share queries, without a thread of its own. While few are present each goes
 * straight, with a query of its own. Beyond that a caller queues, and whoever gets one of the few permits to lead asks
 * one query for itself and for those who wait. A query begins after those it answers have queued, so nobody is given an
 * answer that is older than the question.
 *
 * <p>No wake-up is lost, that is, nobody stays parked in the queue while a permit is free and nobody is about to look:
 *
 * <ul>
 *   <li>A caller queues first and then tries to lead. If it cannot, all permits are held at that moment.
 *   <li>Who gives a permit back looks at the queue <em>afterwards</em>, sees every caller of the first kind, and wakes
 *       the first who still waits.
 *   <li>Who is woken tries to lead. If it cannot, all permits are held again. If somebody has taken it along, that was
 *       a leader, who has yet to give its permit back. If it leaves instead, it looks at the queue and wakes the next.
 * </ul>
 *
 * <p>So each look leads to another, as long as somebody waits. A caller that is taken along is answered by its leader
 * whatever happens to that query, or put back into the queue, as a new arrival, before the leader looks at it.
 *
 * <p>An interrupted caller takes nobody along: it leaves the queue and goes straight, where its interruption means what
 * it always has. If it leads already and its query fails, the others go back into the queue.
 *
 * <p>Not final, so that tests can break one step of this and show that it matters.
 */
class BatchedReads<T> {
    private final Query<T> query;
    private final int straight;
    private final int maxBatch;
    private final Duration timeout;
    private final Semaphore permits;
    private final AtomicInteger present = new AtomicInteger();
    final Queue<Waiter<T>> queue = new ConcurrentLinkedQueue<>();

    /**
     * @param straight with so many callers present, or fewer, each goes straight
     * @param leaders how many shared queries run at once
     * @param maxBatch how many callers a query answers at most
     * @param timeout how long a caller waits until a leader takes it along
     */
    BatchedReads(Query<T> query, int straight, int leaders, int maxBatch, Duration timeout) {
        this.query = query;
        this.straight = straight;
        this.permits = new Semaphore(leaders);
        this.maxBatch = maxBatch;
        this.timeout = timeout;
    }

    Optional<T> read(String id) {
        int callers = present.incrementAndGet();
        try {
            return callers <= straight ? query.one(id) : share(id);
        } finally {
            present.decrementAndGet();
        }
    }

    private Optional<T> share(String id) {
        Waiter<T> own = new Waiter<>(id, Thread.currentThread(), System.nanoTime() + timeout.toNanos());
        queue.add(own);
        boolean interrupted = false;
        try {
            while (!own.isOver()) {
                // Else park would return at once.
                interrupted |= Thread.interrupted();
                if (interrupted && leave(own)) {
                    own.answer = () -> query.one(id);
                } else if (own.isOverdue() && leave(own)) {
                    throw new SessionStoreException("No query took this read along within " + timeout + "; " + present
                            + " reads are waiting or under way");
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

    /** Once it is taken its leader has a time limit of its own. */
    void park(Waiter<T> own) {
        if (own.isWaiting()) {
            LockSupport.parkNanos(this, own.deadline - System.nanoTime());
        } else {
            LockSupport.park(this);
        }
    }

    /** False if a leader was faster. */
    boolean leave(Waiter<T> own) {
        boolean left = own.leave();
        if (left) {
            queue.remove(own);
            wakeFirst();
        }
        return left;
    }

    /** Holds a permit, and gives it back. */
    private void lead(Waiter<T> own) {
        try {
            // Another leader may have taken it since.
            if (own.leave()) {
                answer(own, new ArrayList<>(maxBatch));
            }
        } finally {
            permits.release();
            wakeFirst();
        }
    }

    private void takeOthers(List<Waiter<T>> taken) {
        Waiter<T> next;
        while (taken.size() < maxBatch - 1 && (next = queue.poll()) != null) {
            // In the list before it is taken: whatever happens then, it is answered.
            taken.add(next);
            if (!next.take()) {
                taken.remove(taken.size() - 1);
            }
        }
    }

    /**
     * Whatever is thrown, undeclared checked exceptions of a data source among it, those who were taken are answered.
     */
    private void answer(Waiter<T> own, List<Waiter<T>> others) {
        try {
            takeOthers(others);
            // Two that step down at once may both have woken the one that leads here.
            if (permits.availablePermits() > 0) {
                wakeFirst();
            }
            Set<String> ids = new LinkedHashSet<>();
            ids.add(own.id);
            others.forEach(other -> ids.add(other.id));
            Map<String, Optional<T>> answers = ids.size() == 1 ? Map.of(own.id, query.one(own.id)) : query.all(ids);
            others.forEach(other -> answer(other, answerTo(other.id, answers)));
            own.answer = answerTo(own.id, answers);
        } catch (Throwable e) {
            boolean isOwnFault =
                    e instanceof SessionStoreException && Thread.currentThread().isInterrupted();
            // Makes no object of its own: the memory may be what is missing.
            for (int i = 0; i < others.size(); i++) {
                Waiter<T> other = others.get(i);
                if (!other.isOver() && isOwnFault) {
                    putBackOrFail(other, e);
                } else if (!other.isOver()) {
                    fail(other, e);
                }
            }
            throw e;
        }
    }

    private void answer(Waiter<T> other, Supplier<Optional<T>> answer) {
        other.answer = answer;
        unpark(other);
    }

    private Supplier<Optional<T>> answerTo(String id, Map<String, Optional<T>> answers) {
        Optional<T> answer = answers.get(id);
        return answer == null ? () -> query.one(id) : () -> answer;
    }

    /** Waiting before it queues, or a leader would pass it over. */
    void putBack(Waiter<T> other) {
        other.waitAgain();
        queue.add(other);
        unpark(other);
    }

    /** A place in the queue takes memory. */
    private void putBackOrFail(Waiter<T> other, Throwable failure) {
        try {
            putBack(other);
        } catch (Error e) {
            fail(other, failure);
        }
    }

    private void fail(Waiter<T> other, Throwable failure) {
        other.failure = failure;
        unpark(other);
    }

    void unpark(Waiter<T> waiter) {
        LockSupport.unpark(waiter.thread);
    }

    /** Those who have led or left may still be in the queue, and are never to wait again. */
    void wakeFirst() {
        Waiter<T> first;
        while ((first = queue.peek()) != null) {
            if (first.isWaiting()) {
                unpark(first);
                return;
            }
            queue.remove(first);
        }
    }

    /** An exception for each caller, on its own thread. */
    private static SessionStoreException sharedFailure(Throwable failure) {
        return failure instanceof SessionStoreException e
                ? new SessionStoreException(String.valueOf(e.getMessage()), e.getCause())
                : new SessionStoreException("The query that took this read along failed with "
                        + failure.getClass().getName());
    }

    /** What is asked; fails with {@link SessionStoreException}. */
    interface Query<T> {
        Optional<T> one(String id);

        /** Each id that has no answer is asked for by itself. */
        Map<String, Optional<T>> all(Set<String> ids);
    }

    private enum State {
        WAITING,
        /** Somebody leads it. */
        TAKEN,
        /** It leads, or looks after itself. */
        LEFT
    }

    static final class Waiter<T> {
        private final String id;
        private final Thread thread;
        private final long deadline;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

        private volatile @Nullable Supplier<Optional<T>> answer;
        private volatile @Nullable Throwable failure;

        Waiter(String id, Thread thread, long deadline) {
            this.id = id;
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
