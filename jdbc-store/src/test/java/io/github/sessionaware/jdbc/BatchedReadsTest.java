package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.Together;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who shares a query with whom, and what a query that fails or takes long means for whom. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class BatchedReadsTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final Desk desk = new Desk();

    @Test
    void asManyAsGoStraightAskEachByThemselvesAndTheNextShare() throws Exception {
        BatchedReads<String> reads = new BatchedReads<>(desk, 8, 2, 64, LONG);
        List<Caller> straight = callers(reads, 0, 8);
        List<Asked> eight = desk.await(8);
        List<Caller> leaders = callers(reads, 8, 10);
        List<Asked> two = desk.await(2);
        List<Caller> waiting = callers(reads, 10, 20);
        waiting.forEach(Caller::awaitParked);

        eight.forEach(asked -> assertEquals(1, asked.ids.size()));
        two.forEach(asked -> assertEquals(1, asked.ids.size(), "nobody else was there"));
        two.get(0).answer();
        Asked shared = desk.await(1).get(0);

        assertEquals(ids(waiting), shared.ids);
        shared.answer();
        eight.forEach(Asked::answer);
        two.get(1).answer();
        for (List<Caller> all : List.of(straight, leaders, waiting)) {
            for (Caller caller : all) {
                assertEquals(caller.id, caller.answer.get());
            }
        }
        assertEquals(11, desk.count.get());
    }

    @Test
    void aReadThatBeganAfterAQueryIsNotAnsweredByIt() throws Exception {
        BatchedReads<String> reads = new BatchedReads<>(desk, 0, 1, 64, LONG);
        Caller early = new Caller(reads, "id");
        Asked first = desk.await(1).get(0);
        Caller late = new Caller(reads, "id");
        late.awaitParked();
        first.answer("read before");

        desk.await(1).get(0).answer("changed since");
        assertEquals("read before", early.answer.get());
        assertEquals("changed since", late.answer.get());
    }

    @Test
    void anIdThatSeveralAskForIsAskedOnceAndAnsweredToAll() throws Exception {
        Held held = new Held(LONG, "b", "b", "a", "b");

        Asked shared = held.release();

        assertEquals(Set.of("a", "b"), shared.ids);
        shared.answer();
        held.assertAnswered("b", "b", "a", "b");
    }

    @Test
    void aBatchIsNoLargerThanAllowedAndTheRestFollows() throws Exception {
        BatchedReads<String> reads = new BatchedReads<>(desk, 0, 1, 3, LONG);
        Caller leader = new Caller(reads, "leader");
        Asked first = desk.await(1).get(0);
        List<Caller> waiting = new ArrayList<>();
        for (String id : List.of("a", "b", "c", "d")) {
            waiting.add(new Caller(reads, id));
            waiting.get(waiting.size() - 1).awaitParked();
        }

        first.answer();

        Asked second = desk.await(1).get(0);
        assertEquals(Set.of("a", "b", "c"), second.ids);
        second.answer();
        Asked third = desk.await(1).get(0);
        assertEquals(Set.of("d"), third.ids);
        third.answer();
        for (Caller caller : waiting) {
            assertEquals(caller.id, caller.answer.get());
        }
        assertEquals("leader", leader.answer.get());
    }

    @Test
    void whatASharedQueryLeavesOutIsAskedAlone() throws Exception {
        Held held = new Held(LONG, "a", "b");

        held.release().answerNothing();

        List<Asked> alone = desk.await(2);
        alone.forEach(asked -> assertEquals(1, asked.ids.size()));
        alone.forEach(Asked::answer);
        held.assertAnswered("a", "b");
    }

    @Test
    void aQueryThatFailsFailsThoseItServedEachWithAnExceptionOfItsOwnAndNobodyElse() throws Exception {
        Held held = new Held(LONG, "a", "b");
        SessionStoreException failure = new SessionStoreException("no answer", new SQLException("reset"));
        Asked shared = held.release();
        Caller later = new Caller(held.reads, "c");
        later.awaitParked();

        shared.fail(failure);

        SessionStoreException a = held.waiting.get(0).failure();
        SessionStoreException b = held.waiting.get(1).failure();
        assertNotSame(a, b);
        for (SessionStoreException each : List.of(a, b)) {
            assertEquals("no answer", each.getMessage());
            assertSame(failure.getCause(), each.getCause());
        }
        desk.await(1).get(0).answer();
        assertEquals("c", later.answer.get());
    }

    /** The checked one too, which a data source in another language throws undeclared. */
    @ParameterizedTest
    @ValueSource(classes = {StackOverflowError.class, TimeoutException.class})
    void whatNobodyExpectsIsAnsweredTooAndHoldsUpNobody(Class<? extends Throwable> unexpected) throws Exception {
        for (int round = 0; round < 5; round++) {
            Held held = new Held(LONG, "a", "b");
            Asked shared = held.release();

            shared.fail(unexpected.getConstructor(String.class).newInstance("value-that-must-not-be-shown"));

            List<Throwable> failures = new ArrayList<>();
            for (Caller caller : held.waiting) {
                failures.add(assertThrows(ExecutionException.class, caller.answer::get)
                        .getCause());
            }
            assertEquals(1, failures.stream().filter(unexpected::isInstance).count(), "the leader's own");
            failures.removeIf(unexpected::isInstance);
            assertInstanceOf(SessionStoreException.class, failures.get(0));
            assertTrue(failures.get(0).getMessage().contains(unexpected.getName()), failures.get(0)::getMessage);
            StoreOnDatabase.assertShowsNoValues(failures.get(0));
            Caller next = new Caller(held.reads, "next");
            desk.await(1).get(0).answer();
            assertEquals("next", next.answer.get());
        }
    }

    @Test
    void whoIsTakenAlongByNobodyLeavesAtTheTimeoutAndSaysSo() throws Exception {
        Held held = new Held(Duration.ofMillis(20), "a");

        SessionStoreException failure = held.waiting.get(0).failure();

        assertEquals(
                "No shared query included this read within PT0.02S; 2 reads are waiting or running, so the database is too slow for them",
                failure.getMessage());
        held.first.answer();
        assertEquals("leader", held.leader.answer.get());
        assertEquals(1, desk.count.get());
    }

    @Test
    void whoHasBeenTakenAlongWaitsForThatQuery() throws Exception {
        BatchedReads<String> reads = new BatchedReads<>(desk, 0, 1, 64, Duration.ofMillis(200));
        Caller leader = new Caller(reads, "leader");
        Asked first = desk.await(1).get(0);
        List<Caller> waiting = callers(reads, 0, 2);
        waiting.forEach(Caller::awaitParked);
        first.answer();
        Asked shared = desk.await(1).get(0);
        Caller late = new Caller(reads, "late");

        late.failure();

        shared.answer();
        for (Caller caller : waiting) {
            assertEquals(caller.id, caller.answer.get());
        }
        assertEquals("leader", leader.answer.get());
    }

    @Test
    void anInterruptedWaiterGoesStraightAndStaysInterrupted() throws Exception {
        Held held = new Held(LONG, "a", "b");

        held.waiting.get(0).thread.interrupt();

        Asked alone = desk.await(1).get(0);
        assertEquals(Set.of("a"), alone.ids);
        assertTrue(alone.interrupted, "the pool is to see it");
        alone.answer();
        assertEquals("a", held.waiting.get(0).answer.get());
        assertTrue(held.waiting.get(0).interruptedAfterwards.get());
        held.first.answer();
        Asked next = desk.await(1).get(0);
        assertEquals(Set.of("b"), next.ids);
        next.answer();
        assertEquals("b", held.waiting.get(1).answer.get());
        assertFalse(held.waiting.get(1).interruptedAfterwards.get());
    }

    @Test
    void whoIsInterruptedWhenItHasBeenTakenAlongIsAnsweredAndStaysInterrupted() throws Exception {
        Held held = new Held(LONG, "a", "b");
        Asked shared = held.release();
        Caller follower = held.waiting.stream()
                .filter(caller -> caller.thread != shared.asking)
                .findFirst()
                .orElseThrow();

        follower.thread.interrupt();
        follower.awaitParked();
        shared.answer();

        assertEquals(follower.id, follower.answer.get());
        assertTrue(follower.interruptedAfterwards.get());
    }

    @Test
    void aLeaderThatIsInterruptedFailsAloneAndTheOthersAreServedByAnother() throws Exception {
        Held held = new Held(LONG, "a", "b", "c");
        Asked shared = held.release();

        shared.asking.interrupt();
        shared.fail(new SessionStoreException("interrupted"));

        Asked again = desk.await(1).get(0);
        assertNotSame(shared.asking, again.asking);
        assertEquals(2, again.ids.size());
        again.answer();
        for (Caller caller : held.waiting) {
            if (caller.thread == shared.asking) {
                assertEquals("interrupted", caller.failure().getMessage());
                assertTrue(caller.interruptedAfterwards.get());
            } else {
                assertEquals(caller.id, caller.answer.get());
            }
        }
    }

    @Test
    void whoCannotBePutBackForWantOfMemoryFails() throws Exception {
        Held held = new Held(
                new BatchedReads<>(desk, 0, 1, 64, LONG) {
                    @Override
                    void putBack(Waiter<String> other) {
                        throw new OutOfMemoryError();
                    }
                },
                "a",
                "b",
                "c");
        Asked shared = held.release();

        shared.asking.interrupt();
        shared.fail(new SessionStoreException("interrupted"));

        for (Caller caller : held.waiting) {
            assertEquals("interrupted", caller.failure().getMessage());
        }
        Caller next = new Caller(held.reads, "next");
        desk.await(1).get(0).answer();
        assertEquals("next", next.answer.get());
    }

    @Test
    void whoIsInterruptedWhenItsTurnHasComeHandsItOn() throws Exception {
        AtomicReference<Thread> next = new AtomicReference<>();
        Held held = new Held(
                new BatchedReads<>(desk, 0, 1, 64, LONG) {
                    @Override
                    void unpark(Waiter<String> waiter) {
                        Thread woken = next.getAndSet(null);
                        if (woken != null) {
                            woken.interrupt();
                        }
                        super.unpark(waiter);
                    }
                },
                "a",
                "b");
        next.set(held.waiting.get(0).thread);

        held.first.answer();

        List<Asked> alone = desk.await(2);
        assertEquals(
                Set.of(Set.of("a"), Set.of("b")), alone.stream().map(Asked::ids).collect(Collectors.toSet()));
        alone.forEach(Asked::answer);
        held.assertAnswered("a", "b");
    }

    @Test
    void anInterruptedCallerNeverLeadsOthers() throws Exception {
        Held held = new Held(LONG, "a");
        Caller interrupted = new Caller(held.reads, "i", true);

        Asked alone = desk.await(1).get(0);

        assertEquals(Set.of("i"), alone.ids);
        alone.answer();
        assertTrue(interrupted.interruptedAfterwards.get());
        held.release().answer();
        held.assertAnswered("a");
    }

    /** Sixty-four callers, interrupted at random, on a query that fails now and then in every way. */
    @Test
    void everyCallEndsOnceWithItsAnswerOrTheFailureOfAQueryThatServedIt() throws Exception {
        for (int straight : List.of(0, 8)) {
            Failing failing = new Failing();
            BatchedReads<String> reads = new BatchedReads<>(failing, straight, 2, 16, LONG);
            AtomicInteger answers = new AtomicInteger();
            AtomicInteger failures = new AtomicInteger();
            List<Callable<Boolean>> callers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                SplittableRandom random = new SplittableRandom(i);
                callers.add(() -> {
                    failing.callers.add(Thread.currentThread());
                    for (int call = 0; call < 500; call++) {
                        String id = "id" + random.nextInt(100);
                        try {
                            assertEquals(id, reads.read(id).orElseThrow());
                            answers.incrementAndGet();
                        } catch (SessionStoreException | StackOverflowError e) {
                            failing.assertServed(id, e);
                            failures.incrementAndGet();
                        }
                        // Or all would soon be interrupted for good, and go straight.
                        Thread.interrupted();
                    }
                    failing.callers.remove(Thread.currentThread());
                    return true;
                });
            }

            Together.call(callers);

            assertEquals(64 * 500, answers.get() + failures.get());
            assertTrue(answers.get() > failures.get() && failures.get() > 0, answers + " and " + failures);
            assertTrue(
                    failing.shared.get() > 0,
                    failing.shared + " of " + failing.queries + " queries were shared, straight " + straight);
        }
    }

    private static List<Caller> callers(BatchedReads<String> reads, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new Caller(reads, "id" + i))
                .toList();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E undeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }

    static boolean isQueued(Thread caller) {
        return LockSupport.getBlocker(caller) instanceof BatchedReads<?>;
    }

    private static Set<String> ids(List<Caller> callers) {
        return callers.stream().map(caller -> caller.id).collect(Collectors.toSet());
    }

    /** One leads and is held, and these wait in their order. */
    private final class Held {
        private final BatchedReads<String> reads;
        private final Caller leader;
        private final Asked first;
        private final List<Caller> waiting = new ArrayList<>();

        Held(Duration timeout, String... ids) throws InterruptedException {
            this(new BatchedReads<>(desk, 0, 1, 64, timeout), ids);
        }

        Held(BatchedReads<String> reads, String... ids) throws InterruptedException {
            this.reads = reads;
            leader = new Caller(reads, "leader");
            first = desk.await(1).get(0);
            for (String id : ids) {
                Caller caller = new Caller(reads, id);
                caller.awaitParked();
                waiting.add(caller);
            }
        }

        /** Returns the query that those who wait share. */
        Asked release() throws InterruptedException {
            first.answer();
            return desk.await(1).get(0);
        }

        void assertAnswered(String... values) throws Exception {
            for (int i = 0; i < values.length; i++) {
                assertEquals(values[i], waiting.get(i).answer.get());
            }
        }
    }

    /** One call on a thread of its own. */
    private static final class Caller {
        private final String id;
        private final Thread thread;
        private final CompletableFuture<String> answer = new CompletableFuture<>();
        private final CompletableFuture<Boolean> interruptedAfterwards = new CompletableFuture<>();

        Caller(BatchedReads<String> reads, String id) {
            this(reads, id, false);
        }

        Caller(BatchedReads<String> reads, String id, boolean interrupted) {
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

        /** Until it waits in the queue, or came back at its deadline. */
        void awaitParked() {
            while (!isQueued(thread) && !answer.isDone()) {
                Thread.onSpinWait();
            }
        }

        SessionStoreException failure() {
            return assertInstanceOf(
                    SessionStoreException.class,
                    assertThrows(ExecutionException.class, answer::get).getCause());
        }
    }

    /** Where queries are held until the test answers them. */
    private static final class Desk implements BatchedReads.Query<String> {
        private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
        private final AtomicInteger count = new AtomicInteger();

        List<Asked> await(int queries) throws InterruptedException {
            List<Asked> taken = new ArrayList<>();
            while (taken.size() < queries) {
                taken.add(asked.take());
            }
            return taken;
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
    }

    private record Asked(
            Set<String> ids,
            Thread asking,
            boolean interrupted,
            CompletableFuture<Map<String, Optional<String>>> held) {
        Asked(Set<String> ids) {
            this(ids, Thread.currentThread(), Thread.currentThread().isInterrupted(), new CompletableFuture<>());
        }

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

        /** Not interruptible, as the driver is not. */
        Map<String, Optional<String>> outcome() {
            try {
                return held.join();
            } catch (CompletionException e) {
                throw BatchedReadsTest.<RuntimeException>undeclared(e.getCause());
            }
        }
    }

    /** Remembers for whom each query failed. */
    private static final class Failing implements BatchedReads.Query<String> {
        private final Map<String, Set<String>> failed = new ConcurrentHashMap<>();
        private final List<Thread> callers = new CopyOnWriteArrayList<>();
        private final AtomicInteger queries = new AtomicInteger();
        private final AtomicInteger shared = new AtomicInteger();

        @Override
        public Optional<String> one(String id) {
            return ask(Set.of(id)).getOrDefault(id, Optional.of(id));
        }

        @Override
        public Map<String, Optional<String>> all(Set<String> ids) {
            shared.incrementAndGet();
            return ask(ids);
        }

        private Map<String, Optional<String>> ask(Set<String> ids) {
            int query = queries.incrementAndGet();
            letOthersQueue();
            if (query % 7 == 0) {
                List<Thread> present = List.copyOf(callers);
                present.get(query % present.size()).interrupt();
            }
            switch (query % 11) {
                case 1 -> throw failure("query " + query, ids);
                case 2 -> {
                    Thread.currentThread().interrupt();
                    throw failure("interrupted query " + query, ids);
                }
                case 3 -> {
                    failed.put("error " + query, Set.copyOf(ids));
                    throw new StackOverflowError("error " + query);
                }
                case 4 -> {
                    return Map.of();
                }
                default -> {
                    return ids.stream().collect(Collectors.toMap(id -> id, Optional::of));
                }
            }
        }

        /** A query that took no time would have to be shared by nobody. */
        private void letOthersQueue() {
            for (int turn = 0;
                    turn < 200
                            && callers.stream()
                                            .filter(BatchedReadsTest::isQueued)
                                            .count()
                                    < 4;
                    turn++) {
                LockSupport.parkNanos(this, 1_000);
            }
        }

        private SessionStoreException failure(String message, Set<String> ids) {
            failed.put(message, Set.copyOf(ids));
            return new SessionStoreException(message);
        }

        void assertServed(String id, Throwable failure) {
            String message = String.valueOf(failure.getMessage());
            assertTrue(
                    message.endsWith("StackOverflowError")
                            || failed.getOrDefault(message, Set.of()).contains(id),
                    message);
        }
    }
}
