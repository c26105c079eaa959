package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.Interference.answering;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.HashPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementCustomizers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings, and how the store treats the connections it borrows. These do not depend on the database. */
class JdbcSessionStoreTest {
    private final H2Database database = H2Database.inMemory();
    private final JdbcSessionStore store = new JdbcSessionStore(database.driver());

    @BeforeEach
    void createTables() {
        store.createTableIfMissing();
    }

    @Test
    void aStoreCanBeBuiltWhileTheDatabaseIsDownAndWorksWhenItIsUp() {
        H2Database empty = H2Database.inMemory();
        AtomicBoolean down = new AtomicBoolean(true);
        JdbcSessionStore early = new JdbcSessionStore(Jdbi.create(() -> {
            if (down.get()) {
                throw new SQLException("connection refused", "08001");
            }
            return empty.driver().getConnection();
        }));
        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> early.find(USER, ID));
        assertEquals(
                "java.sql.SQLException [08001, 0]: connection refused",
                failure.getCause().getMessage());

        down.set(false);
        early.createTableIfMissing();

        assertEquals(Optional.empty(), early.find(USER, ID));
    }

    @Test
    void aStoreAsksOnceWhichKindOfDatabaseItHas() {
        AtomicInteger connections = new AtomicInteger();
        JdbcSessionStore first = new JdbcSessionStore(Jdbi.create(() -> {
            connections.incrementAndGet();
            return database.driver().getConnection();
        }));

        first.withTableName("other").withTimeout(Duration.ofSeconds(2));

        assertEquals(1, connections.get());
    }

    @Test
    void anExhaustedPoolFailsTheCallAndTheNextCallSucceeds() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.driver());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbcSessionStore pooled = new JdbcSessionStore(pool);
            try (Connection taken = pool.getConnection()) {
                assertFalse(taken.isClosed());
                SessionStoreException failure = assertThrows(SessionStoreException.class, () -> pooled.find(USER, ID));
                assertTrue(failure.getCause().getMessage().contains("total=1"), "the pool's figures are kept");
            }
            assertEquals(Optional.empty(), pooled.find(USER, ID));
        }
    }

    @Test
    void aThreadStaysInterruptedWhenThePoolHasClearedItsInterrupt() {
        JdbcSessionStore interrupted = new JdbcSessionStore(Jdbi.create(() -> {
            throw new SQLException("interrupted while waiting for a connection", new InterruptedException());
        }));

        assertThrows(SessionStoreException.class, () -> interrupted.find(USER, ID));

        assertTrue(Thread.interrupted());
    }

    @Test
    void aCallLimitsTheNetworkTimeoutToItsOwnAndRestoresIt() {
        List<Integer> millis = new ArrayList<>();
        JdbcSessionStore watched = new JdbcSessionStore(Jdbi.create(() -> Interference.before(
                "setNetworkTimeout",
                database.driver().getConnection(),
                arguments -> millis.add((Integer) arguments[1]))));

        watched.withTimeout(Duration.ofHours(1)).find(USER, ID);

        assertEquals(0, millis.remove(millis.size() - 1), "restored");
        millis.forEach(limit -> assertTrue(limit > 3_000_000 && limit <= 3_600_000, "within the hour: " + limit));
        assertFalse(millis.isEmpty());
    }

    @Test
    void aShorterNetworkTimeoutOfThePoolStaysAsItIs() {
        List<Integer> millis = new ArrayList<>();
        JdbcSessionStore watched = new JdbcSessionStore(Jdbi.create(() -> Interference.before(
                "setNetworkTimeout",
                answering(database.driver().getConnection(), "getNetworkTimeout", 1_234),
                arguments -> millis.add((Integer) arguments[1]))));

        watched.find(USER, ID);

        assertEquals(Set.of(1_234), Set.copyOf(millis));
    }

    @Test
    void aCallInsideATransactionOfTheSameJdbiNeitherJoinsNorCommitsIt() {
        Jdbi jdbi = Jdbi.create(database.driver());
        JdbcSessionStore sharing = new JdbcSessionStore(jdbi);
        database.execute("create table theirs (id int)");

        jdbi.useTransaction(handle -> {
            handle.execute("insert into theirs values (1)");
            sharing.create(SESSION, unconditional());
            handle.rollback();
        });

        assertEquals(0, database.count("theirs"));
        assertEquals(Optional.of(SESSION), store.find(USER, ID));
    }

    @Test
    void theConfigurationOfTheJdbiHasNoEffectAndIsNotChanged() {
        Jdbi jdbi = Jdbi.create(database.driver());
        jdbi.getConfig(SqlStatements.class)
                .setSqlParser(new HashPrefixSqlParser())
                .setTemplateEngine((template, context) -> "syntax error")
                .addCustomizer(StatementCustomizers.maxRows(1));
        JdbcSessionStore configured = new JdbcSessionStore(jdbi);
        configured.create(SESSION, unconditional());
        configured.create(session('b'), unconditional());

        assertEquals(2, configured.deleteAll(USER, null).size());

        assertInstanceOf(
                HashPrefixSqlParser.class, jdbi.getConfig(SqlStatements.class).getSqlParser());
    }

    /** A column of fixed length pads the value with spaces. */
    @Test
    void aRowThatHoldsNoSessionIsNotFound() {
        store.create(SESSION, unconditional());
        database.execute("alter table jwt_sessions alter column category char(32)");

        assertEquals(Optional.empty(), store.find(USER, ID));
    }

    @Test
    void timeoutsOutOfRangeAreRefused() {
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofMillis(1_999), Duration.ofMinutes(61))) {
            assertThrows(IllegalArgumentException.class, () -> store.withTimeout(timeout));
        }
        store.withTimeout(Duration.ofSeconds(2));
        store.withTimeout(Duration.ofHours(1));
    }

    @Test
    void batchSizesOutOfRangeAreRefused() {
        for (int maxBatch : List.of(Integer.MIN_VALUE, -1, 0, 257)) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> store.withBatchedReads(maxBatch));
            assertEquals("maxBatch must be 1 to 256, was " + maxBatch, refusal.getMessage());
        }
        store.withBatchedReads(1);
        store.withBatchedReads(256);
    }

    @Test
    void metricsThatAreNullAreRefused() {
        assertEquals(
                "metrics",
                assertThrows(NullPointerException.class, () -> store.withMetrics(null))
                        .getMessage());
    }

    @Test
    void aNullIdIsRefusedBeforeItReachesASharedQuery() {
        JdbcSessionStore sharing = store.withBatchedReads(64);

        assertThrows(NullPointerException.class, () -> sharing.find(USER, null));
        assertThrows(NullPointerException.class, () -> sharing.find(null, ID));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a;drop table x",
                "a--",
                "\"a\"",
                "a.b.c",
                ".a",
                "a.",
                "1a",
                "a\n",
                "tàble",
                "a'b",
                "a_name_of_forty_nine_characters_is_one_too_many_x"
            })
    void aTableNameOfAnotherFormIsRefused(String name) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> store.withTableName(name));

        assertTrue(refusal.getMessage().startsWith("tableName must be"), refusal.getMessage());
    }
}
