package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStoreException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Every caller gets its own answer, in whatever order the steps of the threads happen. Lincheck runs the real class in
 * many orders and reports a deadlock if a caller is never woken. Each broken twin leaves out one step of the proof in
 * {@link BatchedReads}, and Lincheck must catch it.
 */
@Tag("thorough")
@Isolated("Lincheck instruments classes that other tests use")
class BatchedReadsInterleavingsTest {
    private static final int INTERLEAVINGS = Integer.getInteger("lincheck.interleavings", 20);
    /** More, because a twin fails only where three threads stop at certain steps. */
    private static final int UNTIL_CAUGHT = Math.max(3_000, 50 * INTERLEAVINGS);

    private static final List<String> IDS = List.of("id0", "id1", "id2");
    private static final String FAILED = "failed";
    private static final List<String> FIRST_FAILED = List.of(FAILED, "id1", "id2");

    @Test
    void oneLeaderForgetsNoCaller() {
        check(Set.of(IDS), () -> new Untimed(1, new Echo()));
    }

    @Test
    void twoLeadersForgetNoCaller() {
        check(Set.of(IDS), () -> new Untimed(2, new Echo()));
    }

    @Test
    void aLeaderThatDoesNotLookAgainIsCaught() {
        assertCaught(Set.of(IDS), () -> new Untimed(1, new Echo()) {
            @Override
            void wakeFirst() {}
        });
    }

    @Test
    void aCallerThatLeavesBecauseOfAnInterruptForgetsNoCaller() {
        check(Set.of(IDS), () -> new SecondIsInterrupted(1));
    }

    @Test
    void aCallerThatLeavesWithoutWakingTheNextIsCaught() {
        assertCaught(Set.of(IDS), () -> new SecondIsInterrupted(1) {
            @Override
            boolean leave(Waiter<String, String> own) {
                return own.leave();
            }
        });
    }

    @Test
    void anInterruptedLeaderFailsAloneAndForgetsNoCaller() {
        check(Set.of(IDS, FIRST_FAILED), () -> new Untimed(1, new InterruptedQuery()));
    }

    @Test
    void anInterruptedLeaderThatPutsNoCallerBackIsCaught() {
        assertCaught(Set.of(IDS, FIRST_FAILED), () -> new Untimed(1, new InterruptedQuery()) {
            @Override
            void putBack(Waiter<String, String> other) {}
        });
    }

    private static void assertCaught(Set<List<String>> allowed, Supplier<BatchedReads<String, String>> twin) {
        assertThrows(LincheckAssertionError.class, () -> check(UNTIL_CAUGHT, allowed, twin));
    }

    private static void check(Set<List<String>> allowed, Supplier<BatchedReads<String, String>> reads) {
        check(INTERLEAVINGS, allowed, reads);
    }

    private static void check(
            int interleavings, Set<List<String>> allowed, Supplier<BatchedReads<String, String>> reads) {
        Lincheck.runConcurrentTest(interleavings, () -> {
            List<String> answers = answersOf(reads.get());
            assertTrue(allowed.contains(answers), answers::toString);
        });
    }

    private static List<String> answersOf(BatchedReads<String, String> reads) {
        Thread[] callers = new Thread[IDS.size()];
        String[] answers = new String[IDS.size()];
        for (int i = 0; i < callers.length; i++) {
            int caller = i;
            callers[i] = new Thread(() -> answers[caller] = answerOf(reads, IDS.get(caller)));
            callers[i].start();
        }
        for (Thread caller : callers) {
            try {
                caller.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return Arrays.asList(answers);
    }

    private static String answerOf(BatchedReads<String, String> reads, String id) {
        try {
            return reads.read(id).orElseThrow();
        } catch (SessionStoreException e) {
            return FAILED;
        }
    }

    /**
     * Parks without a deadline, because a forgotten caller would return at its deadline. Parks on a monitor, because
     * Lincheck wakes parked threads without a reason, as their specification allows.
     */
    private static class Untimed extends BatchedReads<String, String> {
        private final Set<Waiter<String, String>> unparked = ConcurrentHashMap.newKeySet();

        Untimed(int leaders, Query<String, String> query) {
            super(query, 0, leaders, 2, Duration.ofHours(1));
        }

        @Override
        void park(Waiter<String, String> own) {
            synchronized (own) {
                while (!unparked.remove(own)) {
                    try {
                        own.wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                }
            }
        }

        @Override
        void unpark(Waiter<String, String> waiter) {
            synchronized (waiter) {
                unparked.add(waiter);
                waiter.notifyAll();
            }
        }
    }

    private static class SecondIsInterrupted extends Untimed {
        SecondIsInterrupted(int leaders) {
            super(leaders, new Echo());
        }

        @Override
        Optional<String> read(String id) {
            if (id.equals(IDS.get(1))) {
                Thread.currentThread().interrupt();
            }
            return super.read(id);
        }
    }

    private static class Echo implements BatchedReads.Query<String, String> {
        @Override
        public Optional<String> one(String id) {
            return Optional.of(id);
        }

        @Override
        public Map<String, Optional<String>> all(Set<String> ids) {
            Map<String, Optional<String>> found = new HashMap<>();
            ids.forEach(id -> found.put(id, Optional.of(id)));
            return found;
        }
    }

    /** Interrupts the first caller whenever it queries, for itself or for others. */
    private static final class InterruptedQuery extends Echo {
        @Override
        public Optional<String> one(String id) {
            if (id.equals(IDS.get(0))) {
                fail();
            }
            return super.one(id);
        }

        @Override
        public Map<String, Optional<String>> all(Set<String> ids) {
            if (ids.iterator().next().equals(IDS.get(0))) {
                fail();
            }
            return super.all(ids);
        }

        private static void fail() {
            Thread.currentThread().interrupt();
            throw new SessionStoreException("interrupted");
        }
    }
}
