package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixty-four callers, interrupted at random, on a query that fails now and then in every way. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class BatchedReadsUnderLoadTest {
    private static final int CALLERS = 64;

    @ParameterizedTest
    @ValueSource(ints = {0, 8})
    void everyCallEndsOnceWithItsAnswerOrTheFailureOfAQueryThatServedIt(int straight) throws Exception {
        assertEveryCallEndsOnce(straight, 25);
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(ints = {0, 8})
    void everyOneOfManyCallsEndsOnceToo(int straight) throws Exception {
        assertEveryCallEndsOnce(straight, 250);
    }

    private static void assertEveryCallEndsOnce(int straight, int callsOfEach) throws Exception {
        FailingQuery query = new FailingQuery();
        BatchedReads<String, String> reads = new BatchedReads<>(query, straight, 2, 16, Duration.ofHours(1));
        AtomicInteger answers = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger();
        List<Callable<Boolean>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            SplittableRandom random = new SplittableRandom(i);
            callers.add(() -> {
                query.callers.add(Thread.currentThread());
                for (int call = 0; call < callsOfEach; call++) {
                    String id = "id" + random.nextInt(100);
                    try {
                        assertEquals(id, reads.read(id).orElseThrow());
                        answers.incrementAndGet();
                    } catch (SessionStoreException | StackOverflowError e) {
                        query.assertServed(id, e);
                        failures.incrementAndGet();
                    }
                    // Otherwise all callers would soon be interrupted for good, and share nothing.
                    Thread.interrupted();
                }
                query.callers.remove(Thread.currentThread());
                return true;
            });
        }

        Together.call(callers);

        assertEquals(CALLERS * callsOfEach, answers.get() + failures.get());
        assertTrue(answers.get() > failures.get() && failures.get() > 0, answers + " and " + failures);
        assertTrue(query.shared.get() > 0, query.shared + " of " + query.queries + " queries were shared");
    }

    /** Remembers which ids each failed query served. */
    private static final class FailingQuery implements BatchedReads.Query<String, String> {
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

        /** If a query took no time, no caller would have to share it. */
        private void letOthersQueue() {
            for (int turn = 0; turn < 200 && !areFourQueued(); turn++) {
                LockSupport.parkNanos(this, 1_000);
            }
        }

        private boolean areFourQueued() {
            return callers.stream().filter(HeldQueries::isQueued).count() >= 4;
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
