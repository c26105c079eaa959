package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.Interference.answering;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store does about a statement that fails: it retries what was rolled back, and nothing else. */
class RetriesAndRollbacksTest {
    private static final SessionRecord ANOTHER = session('b');

    private final H2Database database = H2Database.inMemory();
    private final JdbcSessionStore store = new JdbcSessionStore(database.driver());

    @BeforeEach
    void createTables() {
        store.createTableIfMissing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void aCallThatTheDatabaseRolledBackIsRetriedUntilTheTimeout(String state) {
        store.create(SESSION, unconditional());
        AtomicInteger deadlocks = new AtomicInteger(3);
        JdbcSessionStore contended = beforeEachStatement(arguments -> {
            if (deadlocks.getAndDecrement() > 0) {
                throw new SQLException("deadlock", state);
            }
        });

        assertEquals(List.of(SESSION), contended.deleteAll(USER, null));

        deadlocks.set(Integer.MAX_VALUE);
        JdbcSessionStore impatient = contended.withTimeoutOfAnyLength(Duration.ofMillis(50));
        assertThrows(SessionStoreException.class, () -> impatient.find(USER, ID));
    }

    @Test
    void aLostConnectionIsNotRetriedBecauseTheCallMayHaveTakenEffect() {
        AtomicInteger attempts = new AtomicInteger();
        JdbcSessionStore cutOff = beforeEachStatement(arguments -> {
            attempts.incrementAndGet();
            throw new SQLException("connection reset", "08006");
        });

        assertThrows(SessionStoreException.class, () -> cutOff.create(SESSION, unconditional()));

        assertEquals(1, attempts.get());
    }

    @Test
    void aRetriedRevokeCountsEachSessionOnce() {
        SessionRecord first = session("a".repeat(22), USER, START.plusSeconds(60));
        SessionRecord second = session("b".repeat(22), USER, START.plusSeconds(60));
        store.create(first, unconditional());
        store.create(second, unconditional());
        AtomicInteger statements = new AtomicInteger();
        JdbcSessionStore contended = beforeEachStatement(arguments -> {
            switch (statements.incrementAndGet()) {
                // Before the deletes: the second session is left for another look.
                case 4 -> store.touch(second, START.plusMillis(1), START.plusSeconds(60));
                // That look is rolled back, and the session changes once more before the next delete.
                case 6 -> throw new SQLException("conflict", "40001");
                case 8 ->
                    store.touch(
                            second.touched(START.plusMillis(1), START.plusSeconds(60)),
                            START.plusMillis(2),
                            START.plusSeconds(60));
                default -> {}
            }
        });

        assertEquals(2, contended.deleteAll(USER, null).size());

        assertEquals(List.of(), store.list(USER));
        assertTrue(statements.get() > 8, "every interference has happened");
    }

    @Test
    void aCallThatFailsHalfwayIsRolledBackAndTheConnectionReturnsAsItCame() throws Exception {
        store.create(SESSION, unconditional());
        store.create(ANOTHER, unconditional());
        Connection single = database.driver().getConnection();
        Connection failing = Interference.beforeEach("insert", single, arguments -> {
            throw new SQLException("out of memory", "53200");
        });
        JdbcSessionStore interrupted = new JdbcSessionStore(Jdbi.create(() -> answering(failing, "close", null)));

        assertThrows(SessionStoreException.class, () -> interrupted.create(session('c'), decidedBy(Optional::of)));

        assertTrue(single.getAutoCommit());
        assertEquals(2, store.list(USER).size());
        single.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"53200", "40001"})
    void aConnectionWhoseRollbackFailsIsAbortedAndTheCallIsNotRetried(String state) {
        store.create(SESSION, unconditional());
        store.create(ANOTHER, unconditional());
        List<String> events = new ArrayList<>();
        JdbcSessionStore broken = new JdbcSessionStore(Jdbi.create(() -> {
            Connection deleting = Interference.beforeEach(
                    "delete", database.driver().getConnection(), arguments -> events.add("delete"));
            Connection failing = Interference.beforeEach("insert", deleting, arguments -> {
                throw new SQLException("out of memory", state);
            });
            Connection stuck = Interference.before("rollback", failing, arguments -> {
                throw new SQLException("out of memory", "53200");
            });
            return Interference.before("abort", stuck, arguments -> events.add("abort"));
        }));

        assertThrows(SessionStoreException.class, () -> broken.create(session('c'), decidedBy(Optional::of)));

        assertEquals(List.of("delete", "abort"), events);
        assertEquals(2, store.list(USER).size(), "nothing of it is committed");
    }

    @Test
    void aDriverThatHidesTheRowCountsOfABatchDeletesRowByRow() {
        store.create(SESSION, unconditional());
        store.create(ANOTHER, unconditional());
        AtomicInteger deletes = new AtomicInteger();
        JdbcSessionStore hiding =
                new JdbcSessionStore(Jdbi.create(() -> Interference.hidingCountsOfBatches(Interference.beforeEach(
                        "delete", database.driver().getConnection(), arguments -> deletes.incrementAndGet()))));

        assertEquals(Set.of(SESSION, ANOTHER), Set.copyOf(hiding.delete(USER, Set.of(ID, ANOTHER.id()))));

        assertEquals(3, deletes.get(), "one batch, which is rolled back, and one delete for each row");
        assertEquals(List.of(), store.list(USER));
    }

    private JdbcSessionStore beforeEachStatement(Interference interference) {
        return new JdbcSessionStore(Jdbi.create(
                () -> Interference.before("prepareStatement", database.driver().getConnection(), interference)));
    }
}
