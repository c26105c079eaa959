package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A store on a pool of four connections. Its tables are missing when a test begins. */
@Execution(ExecutionMode.SAME_THREAD)
abstract class StoreFixture {
    /** Long enough for a statement that waits for nothing, also on a busy machine. */
    private static final Duration BRIEF = Duration.ofMillis(500);

    final TestDatabase database;
    final HikariDataSource pool;
    final WatchedDataSource watched;
    final JdbcSessionStore store;

    StoreFixture(TestDatabase database) {
        this.database = database;
        this.pool = database.pool(4);
        this.watched = new WatchedDataSource(pool);
        this.store = new JdbcSessionStore(watched.dataSource()).withTimeout(Duration.ofSeconds(30));
    }

    @BeforeEach
    void dropTables() {
        database.execute(
                "drop table if exists jwt_sessions",
                "drop table if exists jwt_sessions_schema",
                "drop table if exists jwt_sessions_locks");
        watched.forgetStatements();
    }

    @AfterEach
    void assertThatNoConnectionIsLeftOpen() {
        pool.close();
        watched.assertNothingIsOpen();
    }

    /** Fails soon where it has to wait for a lock. */
    JdbcSessionStore impatientStore() {
        return new JdbcSessionStore(new WatchedDataSource(database.driver(), this::waitOnlyBriefly).dataSource())
                .withTimeoutOfAnyLength(BRIEF);
    }

    private void waitOnlyBriefly(Connection connection) throws SQLException {
        for (String statement : database.lockTimeout(BRIEF)) {
            connection.createStatement().execute(statement);
        }
    }

    boolean touched(SessionRecord session) {
        return store.touch(session, SampleSessions.START.plusSeconds(1), SampleSessions.START.plusSeconds(9));
    }

    void assertCost(List<String> statements, Runnable call) {
        watched.forgetStatements();
        call.run();
        assertEquals(statements, watched.statements());
    }

    /** Runs the work while another transaction has locked every session. */
    void whileEverySessionIsLocked(Work work) throws Exception {
        whileLocked("", work);
    }

    void whileLocked(String condition, Work work) throws Exception {
        try (Connection other = database.driver().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("update jwt_sessions set location = 'elsewhere' " + condition);

            work.run();

            other.rollback();
        }
    }

    /** Runs the work in a transaction of the application's own, which the work ends. */
    void inTransaction(TransactionWork work) throws Exception {
        try (Connection transaction = database.driver().getConnection()) {
            transaction.setAutoCommit(false);
            work.on(transaction);
        }
    }

    interface Work {
        void run() throws Exception;
    }

    interface TransactionWork {
        void on(Connection transaction) throws Exception;
    }
}
