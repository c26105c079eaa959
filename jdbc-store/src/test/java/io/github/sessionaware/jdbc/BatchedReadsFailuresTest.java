package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.SampleSessions.assertShowsNoValues;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.jdbc.HeldQueries.Asked;
import io.github.sessionaware.jdbc.HeldQueries.Caller;
import io.github.sessionaware.jdbc.HeldQueries.Queue;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a shared query that fails means for the callers it served, and for the others. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class BatchedReadsFailuresTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final HeldQueries queries = new HeldQueries();
    private final BatchedReads<String, String> reads = new BatchedReads<>(queries, 0, 1, 64, LONG);

    @Test
    void aQueryThatFailsFailsThoseItServedEachWithAnExceptionOfItsOwn() throws Exception {
        Queue queue = queries.queueBehindALeader(reads, "a", "b");
        SessionStoreException failure = new SessionStoreException("no answer", new SQLException("reset"));
        Asked shared = queue.release();
        Caller later = queue.join("c");

        shared.fail(failure);

        SessionStoreException a = queue.waiting().get(0).storeFailure();
        SessionStoreException b = queue.waiting().get(1).storeFailure();
        assertNotSame(a, b);
        for (SessionStoreException each : List.of(a, b)) {
            assertEquals("no answer", each.getMessage());
            assertSame(failure.getCause(), each.getCause());
        }
        queries.next().answer();
        assertEquals("c", later.answer(), "a caller that the query did not serve");
        assertEquals(List.of(), queries.shared(), "a query that fails answers no caller");
    }

    /** The second is a checked exception, which a data source in another language may throw undeclared. */
    @ParameterizedTest
    @ValueSource(classes = {StackOverflowError.class, TimeoutException.class})
    void anUnexpectedFailureReachesTheLeaderFailsTheOthersAndBlocksNoCaller(Class<? extends Throwable> unexpected)
            throws Exception {
        for (int round = 0; round < 5; round++) {
            Queue queue = queries.queueBehindALeader(reads, "a", "b");
            Asked shared = queue.release();

            shared.fail(unexpected.getConstructor(String.class).newInstance("value-that-must-not-be-shown"));

            List<Throwable> failures = new ArrayList<>();
            queue.waiting().forEach(caller -> failures.add(caller.failure()));
            assertEquals(1, failures.stream().filter(unexpected::isInstance).count(), "the leader's own");
            failures.removeIf(unexpected::isInstance);
            assertInstanceOf(SessionStoreException.class, failures.get(0));
            assertTrue(failures.get(0).getMessage().contains(unexpected.getName()), failures.get(0)::getMessage);
            assertShowsNoValues(failures.get(0));
            queue.assertServesTheNextCaller();
        }
    }

    @Test
    void callersThatCannotBeQueuedAgainForLackOfMemoryFail() throws Exception {
        BatchedReads<String, String> withoutMemory = new BatchedReads<>(queries, 0, 1, 64, LONG) {
            @Override
            void putBack(Waiter<String, String> other) {
                throw new OutOfMemoryError();
            }
        };
        Queue queue = queries.queueBehindALeader(withoutMemory, "a", "b", "c");
        Asked shared = queue.release();

        shared.asking().interrupt();
        shared.fail(new SessionStoreException("interrupted"));

        for (Caller caller : queue.waiting()) {
            assertEquals("interrupted", caller.storeFailure().getMessage());
        }
        queue.assertServesTheNextCaller();
    }
}
