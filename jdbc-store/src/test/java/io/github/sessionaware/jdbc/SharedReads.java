package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.keyOf;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionMetrics;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.testing.Together;
import java.sql.Connection;
import java.time.Duration;
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
        SharedCounts shared = new SharedCounts();
        JdbcSessionStore sharing = store.withMetrics(shared)
                .withBatchedReads(CALLERS)
                .withTimeout(Duration.ofSeconds(10))
                .withTableName(JdbcSessionStore.DEFAULT_TABLE);
        List<SessionRecord> sessions =
                IntStream.range(0, CALLERS).mapToObj(SampleSessions::numbered).toList();
        sessions.forEach(session -> sharing.create(session, unconditional()));
        List<Connection> taken = new ArrayList<>();
        for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
            taken.add(pool.getConnection());
        }
        List<Thread> callers = new CopyOnWriteArrayList<>();
        int straight = JdbcSessionStore.STRAIGHT_READS;
        int leaders = JdbcSessionStore.BATCHES_AT_ONCE;
        List<Callable<Optional<SessionRecord>>> calls = new ArrayList<>();
        for (SessionRecord session : sessions) {
            calls.add(() -> {
                callers.add(Thread.currentThread());
                return sharing.find(USER, session.id());
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

        List<Optional<SessionRecord>> found = Together.call(calls);

        assertEquals(sessions.stream().map(Optional::of).toList(), found.subList(0, CALLERS));
        int selects = Collections.frequency(watched.statements(), "select");
        assertTrue(selects > straight + leaders && selects <= straight + 3 * leaders, selects + " selects");
        int answeredTogether =
                shared.counts.stream().mapToInt(Integer::intValue).sum();
        assertEquals(selects, CALLERS - answeredTogether + shared.counts.size(), shared.counts::toString);
    }

    /** Throws after it has counted, which must affect no read. */
    private static final class SharedCounts implements SessionMetrics {
        private final List<Integer> counts = new CopyOnWriteArrayList<>();

        @Override
        public void readsShared(int finds) {
            counts.add(finds);
            throw new StackOverflowError();
        }
    }

    @Test
    void aQueryForSeveralKeysAnswersEachOfThem() {
        SessionRecord present = session('p');
        store.create(present, unconditional());
        for (int several : List.of(1, 2, 4, 5, 63, 64, 65, 256)) {
            Set<SessionKey> keys = IntStream.range(1, several)
                    .mapToObj(i -> new SessionKey(USER, "absent-%016d".formatted(i)))
                    .collect(Collectors.toSet());
            keys.add(keyOf(present));
            Map<SessionKey, Optional<SessionRecord>> expected = new HashMap<>();
            keys.forEach(key -> expected.put(key, Optional.empty()));
            expected.put(keyOf(present), Optional.of(present));

            assertEquals(expected, store.findAll(keys));
        }
    }

    @Test
    void aQueryForSeveralKeysFindsEachSessionOnlyForItsOwner() {
        SessionRecord own = session('o');
        SessionRecord others = session(session('f').id(), "another-user", START);
        store.create(own, unconditional());
        store.create(others, unconditional());
        SessionKey mixed = new SessionKey(USER, others.id());
        SessionKey crossed = new SessionKey("another-user", own.id());

        assertEquals(
                Map.of(
                        keyOf(own),
                        Optional.of(own),
                        keyOf(others),
                        Optional.of(others),
                        mixed,
                        Optional.empty(),
                        crossed,
                        Optional.empty()),
                store.findAll(Set.of(keyOf(own), keyOf(others), mixed, crossed)));
    }

    @Test
    void anInvalidRowCountsAsMissingAndHindersNoOtherCallerOfItsQuery() {
        SessionRecord other = session("another-session-of-the-user", USER, START);
        store.create(SESSION, unconditional());
        store.create(other, unconditional());
        database.execute("update jwt_sessions set category = 'No Category' where session_id = '" + ID + "'");

        assertEquals(
                Map.of(keyOf(SESSION), Optional.empty(), keyOf(other), Optional.of(other)),
                store.findAll(Set.of(keyOf(SESSION), keyOf(other))));
    }
}
