package io.github.sessionaware.jdbc;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionMetrics;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in a table of a relational database, so that they survive restarts and all nodes share them.
 *
 * <pre>{@code
 * JdbcSessionStore store = new JdbcSessionStore(dataSource);
 * store.createTableIfMissing(); // or run the DDL of the jar with Flyway or Liquibase
 * }</pre>
 *
 * <p>The DDL for PostgreSQL, MariaDB, MySQL and H2 is in the package of this class: {@code postgresql.sql},
 * {@code mariadb.sql}, {@code mysql.sql} and {@code h2.sql}. It creates the table {@code jwt_sessions}, the table
 * {@code jwt_sessions_schema} for its version, and the table {@code jwt_sessions_locks} for session limits. On another
 * database that has transactions the store uses plain SQL only. Create the tables there yourself, and run the contract
 * of {@code store-tck}.
 *
 * <p>Every call borrows a connection and commits before it returns, whether the connections have auto-commit on or off.
 * So do not pass a {@code DataSource} or a {@code Jdbi} that hands out the connection of the caller's own transaction,
 * as Spring's {@code TransactionAwareDataSourceProxy} does: every call, even a read, would commit that transaction. Use
 * {@link #joining} instead. Connect to the primary: on a replica that lags, a revoked session is still accepted, and a
 * new one is refused.
 *
 * <p>On PostgreSQL {@link #touch} does not wait for the disk or a standby. A crash of the server may lose the activity
 * of the last moments, and nothing else. If the database or a filter refuses the function {@code set_config}, touches
 * wait, and the store logs one warning.
 *
 * <p>A call takes at most as long as the pool makes it wait for a connection, plus the timeout of this store (5 seconds
 * unless {@link #withTimeout} sets another). A delete or a purge of many sessions works in batches of up to 500, and
 * this limit holds for each batch. {@link #withBatchedReads} adds to the limit. On H2 only H2's own lock timeout limits
 * a call.
 *
 * <p>A failure of driver or pool becomes a {@link SessionStoreException}. Its cause is a copy of the original
 * exception, with class, SQL state, error code and stack trace. The copy has the original message only if that cannot
 * quote values or a password. After a failure it is unknown whether the call took effect, because the answer may have
 * been lost on its way back. It is safe to call again, except that a repeated {@link #create} fails if the first one
 * took effect. In that case create a new session with a new id.
 *
 * <p>Immutable and thread-safe.
 */
public final class JdbcSessionStore implements SessionStore {
    static final String DEFAULT_TABLE = "jwt_sessions";

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    /** Some databases accept no list longer than a thousand. */
    private static final int MAX_BATCHED_READS = 256;

    /** Batched reads are off: each caller has a query of its own. */
    private static final int NO_BATCHES = 1;

    /** As many as a small pool has connections, so these callers need not wait for each other. */
    static final int STRAIGHT_READS = 8;

    /** With fewer, the database is idle while callers wait. */
    static final int BATCHES_AT_ONCE = 4;

    private final Connections connections;
    private final SessionStatements sql;
    private final Duration timeout;
    private final int maxBatch;
    private final ReadMetrics metrics;
    private final Transactions transactions;
    private final Schema schema;
    private final AsynchronousCommit asynchronousCommit = new AsynchronousCommit();
    private final UnreadableRows unreadable = new UnreadableRows();
    private final AtomicBoolean batchesHideCounts = new AtomicBoolean();
    private final BatchedReads<SessionKey, SessionRecord> reads;

    /**
     * Creates a store on the table {@code jwt_sessions}. This borrows one connection to find out the kind of database,
     * and waits for it as long as the pool does. If there is no connection, the first call finds it out.
     *
     * @param dataSource provides the connections; should be a pool
     * @throws IllegalArgumentException if the database cannot work: it has no transactions, or cannot skip locked rows
     */
    public JdbcSessionStore(DataSource dataSource) {
        this(Connections.of(requireNonNull(dataSource, "dataSource")));
    }

    /**
     * Creates a store on the table {@code jwt_sessions}, for applications that already have a Jdbi. This borrows one
     * connection, as the other constructor does.
     *
     * @param jdbi provides the handles; the store does not change its configuration
     * @throws IllegalArgumentException if the database cannot work: it has no transactions, or cannot skip locked rows
     */
    public JdbcSessionStore(Jdbi jdbi) {
        this(Connections.of(requireNonNull(jdbi, "jdbi")));
    }

    private JdbcSessionStore(Connections connections) {
        this(
                connections.asked(),
                new SessionStatements(DEFAULT_TABLE),
                DEFAULT_TIMEOUT,
                NO_BATCHES,
                new ReadMetrics(SessionMetrics.NOOP));
    }

    private JdbcSessionStore(
            Connections connections, SessionStatements sql, Duration timeout, int maxBatch, ReadMetrics metrics) {
        this.connections = connections;
        this.sql = sql;
        this.timeout = timeout;
        this.maxBatch = maxBatch;
        this.metrics = metrics;
        this.transactions = new Transactions(connections, timeout, new StoreFailure(sql.table()));
        this.schema = new Schema(sql, transactions);
        int straight = maxBatch == NO_BATCHES ? Integer.MAX_VALUE : STRAIGHT_READS;
        this.reads = new BatchedReads<>(new Reads(), straight, BATCHES_AT_ONCE, maxBatch, timeout);
    }

    /**
     * Returns a store on another table of the same database.
     *
     * @param tableName at most 48 letters, digits and underscores, optionally after a schema and a dot. The name is
     *     never quoted, so the database folds its case as it does for other names. The names of the other two tables
     *     are this name followed by {@code _schema} and {@code _locks}
     * @return a new store
     * @throws IllegalArgumentException if the name has another form
     */
    public JdbcSessionStore withTableName(String tableName) {
        SessionStatements named = new SessionStatements(requireNonNull(tableName, "tableName"));
        return new JdbcSessionStore(connections, named, timeout, maxBatch, metrics);
    }

    /**
     * Returns a store with another limit on how long a call waits for the database once it has a connection. When the
     * limit is reached, the store gives the connection up. On MariaDB and MySQL it cancels a statement that is still
     * running one second before the limit, and the connection survives. A shorter socket timeout of the pool or the
     * driver stays as it is.
     *
     * @param timeout 2 seconds to 1 hour; the default is 5 seconds
     * @return a new store on the same table
     * @throws IllegalArgumentException if the timeout is out of this range
     */
    public JdbcSessionStore withTimeout(Duration timeout) {
        if (requireNonNull(timeout, "timeout").compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout must be 2 seconds to 1 hour, was " + timeout);
        }
        return withTimeoutOfAnyLength(timeout);
    }

    /** Accepts a timeout of less than 2 seconds too, so that a test of an outage does not wait that long. */
    JdbcSessionStore withTimeoutOfAnyLength(Duration timeout) {
        return new JdbcSessionStore(connections, sql, timeout, maxBatch, metrics);
    }

    /**
     * Returns a store in which callers of {@link #find} that arrive at the same time share queries. With many callers
     * and few connections this multiplies the throughput. It is off by default.
     *
     * <p>Up to eight callers have a query each. Further callers share at most four queries at a time, and each query
     * answers up to {@code maxBatch} callers. A query starts after all its callers have asked, so revocation is as
     * final as without sharing. If a query fails or is slow, it does so for all its callers. A caller waits for its
     * turn for at most the timeout of this store. If the database refuses a query because of one of its rows, each of
     * its callers reads alone, which takes at most as long as one more call.
     *
     * <p><strong>Condition:</strong> the {@code DataSource} must not choose the database by the calling thread, for
     * instance by tenant. One thread reads for other threads, so it would look for their sessions in its own tenant's
     * database and find them ended.
     *
     * <p>Sharing slows reads down if the pool has many more than twelve connections and the database is milliseconds
     * away, because callers then wait for a turn while connections are free. Small numbers above 1 gain least.
     *
     * @param maxBatch 1 to 256; 64 is a good value, 1 switches sharing off
     * @return a new store on the same table
     * @throws IllegalArgumentException if the number is out of this range
     */
    public JdbcSessionStore withBatchedReads(int maxBatch) {
        if (maxBatch < 1 || maxBatch > MAX_BATCHED_READS) {
            throw new IllegalArgumentException("maxBatch must be 1 to " + MAX_BATCHED_READS + ", was " + maxBatch);
        }
        return new JdbcSessionStore(connections, sql, timeout, maxBatch, metrics);
    }

    /**
     * Returns a store that reports to the metrics how many callers its shared queries answered
     * ({@link SessionMetrics#readsShared}). The service reports everything else, so pass the same metrics to its
     * builder. Without {@link #withBatchedReads} there is nothing to report. Default: {@link SessionMetrics#NOOP}.
     *
     * @param metrics thread-safe. If it throws, no read is affected, and the store logs the first time
     * @return a new store on the same table
     */
    public JdbcSessionStore withMetrics(SessionMetrics metrics) {
        return new JdbcSessionStore(
                connections, sql, timeout, maxBatch, new ReadMetrics(requireNonNull(metrics, "metrics")));
    }

    /**
     * Returns a store that works inside a transaction of the application, so that for instance a new password and the
     * end of all other sessions are one commit:
     *
     * <pre>{@code
     * connection.setAutoCommit(false);
     * changePassword(connection, current.userId(), newPassword);
     * tokens.withSessionStore(store.joining(connection)).revokeOthers(current, EndCause.PASSWORD_CHANGED);
     * connection.commit();
     * }</pre>
     *
     * <p>The returned store never commits, rolls back, closes the connection or retries. After a
     * {@link SessionStoreException} roll the transaction back. The store records no activity, and one purge removes at
     * most 500 records. While a call runs, the timeout of this store is the network timeout of the connection.
     *
     * <p>Listeners of the service are notified at once. To notify them after the commit, pass a second argument to
     * {@code withSessionStore}.
     *
     * <p>Other nodes see the changes after the commit. Until then they wait for the revoked rows. After a login under a
     * session limit, one login in 64 of other users waits too.
     *
     * <p>Use the isolation level READ COMMITTED. In a higher level the transaction may not see sessions that were
     * created after it began, and so may not revoke them.
     *
     * @param transaction a connection with auto-commit off, such as that of a Jdbi handle after {@code begin()}
     * @return a store for the thread that has the connection, until the transaction ends
     * @throws IllegalArgumentException if the connection has auto-commit on
     * @throws SessionStoreException if the connection fails
     */
    public SessionStore joining(Connection transaction) {
        try {
            if (requireNonNull(transaction, "transaction").getAutoCommit()) {
                throw new IllegalArgumentException(
                        "transaction must have auto-commit off, but it is on: call setAutoCommit(false) first");
            }
        } catch (SQLException e) {
            throw new StoreFailure(sql.table()).of(e);
        }
        return new JoinedSessionStore(transactions, transaction, this::tableOn);
    }

    /**
     * Creates the tables and indexes that are missing, and checks that the tables have the version and the columns that
     * this store needs. Several nodes may call it at once. If nothing is missing, it changes nothing and locks nothing.
     * This method is for tests and small applications; larger ones copy the DDL into their migrations. It returns
     * within a few timeouts of this store, because it makes several calls.
     *
     * @throws SessionStoreException if the database cannot answer, if there is no DDL for its kind, or if it has a
     *     table of that name with another version or other columns; nothing is written to such a table
     */
    public void createTableIfMissing() {
        schema.createIfMissing();
    }

    /**
     * Checks the tables without writing, so that an application can refuse to start if its migrations have not created
     * them. The database user needs {@code select} on all three tables.
     *
     * @return what is wrong with the tables: missing, of another version, or without a column; empty if the store can
     *     use them
     * @throws SessionStoreException if the database cannot answer
     */
    public Optional<String> schemaProblem() {
        return schema.problem();
    }

    @Override
    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        return call(table -> table.create(session, admission));
    }

    @Override
    public Optional<SessionRecord> find(String userId, String sessionId) {
        return reads.read(new SessionKey(userId, sessionId));
    }

    @Override
    public List<SessionRecord> list(String userId) {
        return call(table -> table.list(userId));
    }

    @Override
    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
        return call(table -> table.touch(seen, lastActiveAt, expiresAt));
    }

    @Override
    public boolean replace(SessionRecord seen, SessionRecord next) {
        return call(table -> table.replace(seen, next));
    }

    @Override
    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        return Deletions.delete(userId, sessionIds, this::call);
    }

    @Override
    public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
        return Deletions.deleteAll(userId, keptSessionId, this::call);
    }

    /** Removes rows in batches, so that no transaction grows with the number of expired rows. */
    @Override
    public int purge(Instant expiredAtOrBefore) {
        int purged = 0;
        int batch;
        do {
            batch = call(table -> table.purge(expiredAtOrBefore));
            purged += batch;
        } while (batch == SessionTable.BATCH);
        return purged;
    }

    /** If one row or id makes the query fail, this returns nothing, and each key is queried separately. */
    Map<SessionKey, Optional<SessionRecord>> findAll(Set<SessionKey> keys) {
        try {
            return call(table -> table.findAll(keys));
        } catch (SessionStoreException e) {
            if (StoreFailure.isAboutData(e)) {
                return Map.of();
            }
            throw e;
        }
    }

    private <T> T call(Work<SessionTable, T> work) {
        return transactions.call(connection -> work.on(tableOn(connection)));
    }

    /** Refuses tables that the store cannot use. */
    private SessionTable tableOn(StoreConnection connection) throws SQLException {
        schema.require(connection);
        return new SessionTable(connection, sql, asynchronousCommit, unreadable, batchesHideCounts);
    }

    private final class Reads implements BatchedReads.Query<SessionKey, SessionRecord> {
        @Override
        public Optional<SessionRecord> one(SessionKey key) {
            return call(table -> table.find(key));
        }

        @Override
        public Map<SessionKey, Optional<SessionRecord>> all(Set<SessionKey> keys) {
            return findAll(keys);
        }

        @Override
        public void shared(int callers) {
            metrics.shared(callers);
        }
    }
}
