package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.jdbc.HeldQueries.Asked;
import io.github.sessionaware.jdbc.HeldQueries.Caller;
import io.github.sessionaware.jdbc.HeldQueries.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Which callers share a query, and how long a caller waits for one. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class BatchedReadsTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final HeldQueries queries = new HeldQueries();

    @Test
    void aFewCallersReadByThemselvesAndFurtherCallersShare() throws Exception {
        BatchedReads<String, String> reads = new BatchedReads<>(queries, 8, 2, 64, LONG);
        List<Caller> straight = callers(reads, 0, 8);
        List<Asked> eight = queries.next(8);
        List<Caller> leaders = callers(reads, 8, 10);
        List<Asked> two = queries.next(2);
        List<Caller> waiting = callers(reads, 10, 20);
        waiting.forEach(Caller::awaitQueued);

        eight.forEach(asked -> assertEquals(1, asked.ids().size()));
        two.forEach(asked -> assertEquals(1, asked.ids().size(), "no other caller was waiting"));
        two.get(0).answer();
        Asked shared = queries.next();

        assertEquals(waiting.stream().map(Caller::id).collect(Collectors.toSet()), shared.ids());
        shared.answer();
        eight.forEach(Asked::answer);
        two.get(1).answer();
        assertEachAnsweredWithItsId(straight);
        assertEachAnsweredWithItsId(leaders);
        assertEachAnsweredWithItsId(waiting);
        assertEquals(11, queries.count());
    }

    @Test
    void aQueryDoesNotAnswerAReadThatBeganAfterIt() throws Exception {
        BatchedReads<String, String> reads = new BatchedReads<>(queries, 0, 1, 64, LONG);
        Caller early = new Caller(reads, "id");
        Asked first = queries.next();
        Caller late = new Caller(reads, "id");
        late.awaitQueued();
        first.answer("read before");

        queries.next().answer("changed since");
        assertEquals("read before", early.answer());
        assertEquals("changed since", late.answer());
    }

    @Test
    void anIdThatSeveralCallersReadIsQueriedOnce() throws Exception {
        Queue queue = queueBehindALeader(LONG, "b", "b", "a", "b");

        Asked shared = queue.release();

        assertEquals(Set.of("a", "b"), shared.ids());
        shared.answer();
        queue.assertAnswered("b", "b", "a", "b");
        assertReported(4);
    }

    @Test
    void aBatchIsNoLargerThanAllowedAndTheRestFollows() throws Exception {
        Queue queue = queries.queueBehindALeader(new BatchedReads<>(queries, 0, 1, 3, LONG), "a", "b", "c", "d");

        Asked second = queue.release();

        assertEquals(Set.of("a", "b", "c"), second.ids());
        second.answer();
        Asked third = queries.next();
        assertEquals(Set.of("d"), third.ids());
        third.answer();
        queue.assertAnswered("a", "b", "c", "d");
        assertEquals("leader", queue.leader().answer());
        assertReported(3);
    }

    /** The first wake-up is lost here because the second one reaches the same caller before it has woken up. */
    @Test
    void twoLeadersThatWakeTheSameCallerLeaveNoPermitUnused() throws Exception {
        AtomicInteger wakeUps = new AtomicInteger();
        BatchedReads<String, String> reads = new BatchedReads<>(queries, 0, 2, 1, LONG) {
            @Override
            void unpark(Waiter<String, String> waiter) {
                if (wakeUps.incrementAndGet() > 1) {
                    super.unpark(waiter);
                }
            }
        };
        List<Caller> leaders = callers(reads, 0, 2);
        List<Asked> two = queries.next(2);
        List<Caller> waiting = callers(reads, 2, 4);
        waiting.forEach(Caller::awaitQueued);

        two.forEach(Asked::answer);

        queries.next(2).forEach(Asked::answer);
        assertEachAnsweredWithItsId(leaders);
        assertEachAnsweredWithItsId(waiting);
    }

    @Test
    void anIdThatASharedQueryLeavesOutIsQueriedAlone() throws Exception {
        Queue queue = queueBehindALeader(LONG, "a", "b");

        queue.release().answerNothing();

        List<Asked> alone = queries.next(2);
        alone.forEach(asked -> assertEquals(1, asked.ids().size()));
        alone.forEach(Asked::answer);
        queue.assertAnswered("a", "b");
        assertReported();
    }

    @Test
    void aCallerThatNoQueryTakesAlongFailsAtTheTimeoutAndSaysSo() throws Exception {
        Queue queue = queueBehindALeader(Duration.ofMillis(500), "a");

        SessionStoreException failure = queue.waiting().get(0).storeFailure();

        assertTrue(failure.getMessage().contains("within PT0.5S; 2 reads are waiting"), failure::getMessage);
        queue.first().answer();
        assertEquals("leader", queue.leader().answer());
        assertEquals(1, queries.count());
    }

    @Test
    void aCallerThatAQueryHasTakenAlongWaitsForItBeyondTheTimeout() throws Exception {
        BatchedReads<String, String> reads = new BatchedReads<>(queries, 0, 1, 64, Duration.ofSeconds(2));
        Caller leader = new Caller(reads, "leader");
        Asked first = queries.next();
        List<Caller> waiting = callers(reads, 0, 2);
        waiting.forEach(Caller::awaitQueued);
        first.answer();
        Asked shared = queries.next();
        Caller late = new Caller(reads, "late");

        late.storeFailure();

        shared.answer();
        assertEachAnsweredWithItsId(waiting);
        assertEquals("leader", leader.answer());
    }

    @Test
    void aReadThatHasTheSameIdAsTheLeadersIsSharedToo() throws Exception {
        Queue queue = queueBehindALeader(LONG, "a", "a");

        queue.release().answer();

        queue.assertAnswered("a", "a");
        assertReported(2);
    }

    /** The leader reports before its own read ends, so its answer must be awaited first. */
    private void assertReported(Integer... callers) {
        assertEquals(List.of(callers), queries.shared());
    }

    private Queue queueBehindALeader(Duration timeout, String... ids) throws InterruptedException {
        return queries.queueBehindALeader(new BatchedReads<>(queries, 0, 1, 64, timeout), ids);
    }

    private static List<Caller> callers(BatchedReads<String, String> reads, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new Caller(reads, "id" + i))
                .toList();
    }

    private static void assertEachAnsweredWithItsId(List<Caller> callers) throws Exception {
        List<String> answers = new ArrayList<>();
        for (Caller caller : callers) {
            answers.add(caller.answer());
        }
        assertEquals(callers.stream().map(Caller::id).toList(), answers);
    }
}
