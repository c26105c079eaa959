package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import io.github.sessionaware.testing.Together;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers simultaneous reads with few queries. See {@link BatchedReadsTest} for what needs no database. */
abstract class SharedReads extends StoreFixture {
    private static final int CALLERS = 64;

    SharedReads(TestDatabase database) {
        super(database);
    }

    @BeforeEach
    void createTables() {
        store.createTableIfMissing();
    }

    @Test
    void aFewQueriesAnswerManySimultaneousReads() throws Exception {
        JdbcSessionStore sharing = store.withBatchedReads(CALLERS);
        List<Session> sessions =
                IntStream.range(0, CALLERS).mapToObj(SampleSessions::numbered).toList();
        sessions.forEach(sharing::create);
        List<Connection> taken = new ArrayList<>();
        for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
            taken.add(pool.getConnection());
        }
        List<Thread> callers = new CopyOnWriteArrayList<>();
        int straight = JdbcSessionStore.STRAIGHT_READS;
        int leaders = JdbcSessionStore.BATCHES_AT_ONCE;
        List<Callable<Optional<Session>>> calls = new ArrayList<>();
        for (Session session : sessions) {
            calls.add(() -> {
                callers.add(Thread.currentThread());
                return sharing.find(session.id());
            });
        }
        calls.add(() -> {
            // All callers are queued, except the straight ones and the leaders, which wait for the pool.
            while (!Thread.currentThread().isInterrupted()
                    && callers.stream().filter(HeldQueries::isQueued).count() < CALLERS - straight - leaders) {
                Thread.onSpinWait();
            }
            watched.forgetStatements();
            for (Connection connection : taken) {
                connection.close();
            }
            return Optional.empty();
        });

        List<Optional<Session>> found = Together.call(calls);

        assertEquals(sessions.stream().map(Optional::of).toList(), found.subList(0, CALLERS));
        int selects = Collections.frequency(watched.statements(), "select");
        assertTrue(selects > straight + leaders && selects <= straight + 3 * leaders, selects + " selects");
    }

    @Test
    void aQueryForSeveralIdsAnswersEachOfThem() {
        Session present = session('p');
        store.create(present);
        for (int several : List.of(1, 2, 4, 5, 63, 64, 65, 256)) {
            Set<String> ids = IntStream.range(1, several)
                    .mapToObj(i -> "absent-%016d".formatted(i))
                    .collect(Collectors.toSet());
            ids.add(present.id());
            Map<String, Optional<Session>> expected = new HashMap<>();
            ids.forEach(id -> expected.put(id, Optional.empty()));
            expected.put(present.id(), Optional.of(present));

            assertEquals(expected, store.findAll(ids));
        }
    }

    @Test
    void aRowThatHoldsNoSessionLeavesItsWholeQueryUnanswered() {
        Session other = session("another-session-of-the-user", USER, START);
        store.create(SESSION);
        store.create(other);
        database.execute("update jwt_sessions set user_id = '' where session_id = '" + ID + "'");

        assertEquals(Map.of(), store.findAll(Set.of(ID, other.id())));
        assertEquals(Map.of(other.id(), Optional.of(other)), store.findAll(Set.of(other.id())));
    }
}
