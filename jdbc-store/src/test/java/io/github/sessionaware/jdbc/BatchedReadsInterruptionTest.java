package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.jdbc.HeldQueries.Asked;
import io.github.sessionaware.jdbc.HeldQueries.Caller;
import io.github.sessionaware.jdbc.HeldQueries.Queue;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** An interrupt reaches one caller, which stays interrupted. The callers that share its query do not notice. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class BatchedReadsInterruptionTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final HeldQueries queries = new HeldQueries();
    private final BatchedReads<String, String> reads = new BatchedReads<>(queries, 0, 1, 64, LONG);

    @Test
    void anInterruptedWaiterReadsByItselfAndStaysInterrupted() throws Exception {
        Queue queue = queries.queueBehindALeader(reads, "a", "b");
        Caller a = queue.waiting().get(0);
        Caller b = queue.waiting().get(1);

        a.thread().interrupt();

        Asked alone = queries.next();
        assertEquals(Set.of("a"), alone.ids());
        assertTrue(alone.interrupted(), "the pool must see the interrupt");
        alone.answer();
        assertEquals("a", a.answer());
        assertTrue(a.staysInterrupted());
        Asked next = queue.release();
        assertEquals(Set.of("b"), next.ids());
        next.answer();
        assertEquals("b", b.answer());
        assertFalse(b.staysInterrupted());
    }

    @Test
    void aCallerThatIsInterruptedWhileAnotherQueriesForItIsAnsweredAndStaysInterrupted() throws Exception {
        Queue queue = queries.queueBehindALeader(reads, "a", "b");
        Asked shared = queue.release();
        Caller follower = queue.waiting().stream()
                .filter(caller -> caller.thread() != shared.asking())
                .findFirst()
                .orElseThrow();

        follower.thread().interrupt();
        follower.awaitQueued();
        shared.answer();

        assertEquals(follower.id(), follower.answer());
        assertTrue(follower.staysInterrupted());
    }

    @Test
    void aLeaderThatIsInterruptedFailsAloneAndAnotherLeaderServesTheOthers() throws Exception {
        Queue queue = queries.queueBehindALeader(reads, "a", "b", "c");
        Asked shared = queue.release();

        shared.asking().interrupt();
        shared.fail(new SessionStoreException("interrupted"));

        Asked again = queries.next();
        assertNotSame(shared.asking(), again.asking());
        assertEquals(2, again.ids().size());
        again.answer();
        for (Caller caller : queue.waiting()) {
            if (caller.thread() == shared.asking()) {
                assertEquals("interrupted", caller.storeFailure().getMessage());
                assertTrue(caller.staysInterrupted());
            } else {
                assertEquals(caller.id(), caller.answer());
            }
        }
    }

    @Test
    void aCallerThatIsInterruptedWhenItShouldLeadWakesTheNext() throws Exception {
        AtomicReference<Thread> next = new AtomicReference<>();
        BatchedReads<String, String> interrupting = new BatchedReads<>(queries, 0, 1, 64, LONG) {
            @Override
            void unpark(Waiter<String, String> waiter) {
                Thread woken = next.getAndSet(null);
                if (woken != null) {
                    woken.interrupt();
                }
                super.unpark(waiter);
            }
        };
        Queue queue = queries.queueBehindALeader(interrupting, "a", "b");
        next.set(queue.waiting().get(0).thread());

        queue.first().answer();

        List<Asked> alone = queries.next(2);
        assertEquals(
                Set.of(Set.of("a"), Set.of("b")), alone.stream().map(Asked::ids).collect(Collectors.toSet()));
        alone.forEach(Asked::answer);
        queue.assertAnswered("a", "b");
    }

    @Test
    void anInterruptedCallerNeverLeadsOthers() throws Exception {
        Queue queue = queries.queueBehindALeader(reads, "a");
        Caller interrupted = Caller.interrupted(reads, "i");

        Asked alone = queries.next();

        assertEquals(Set.of("i"), alone.ids());
        alone.answer();
        assertTrue(interrupted.staysInterrupted());
        queue.release().answer();
        queue.assertAnswered("a");
    }
}
