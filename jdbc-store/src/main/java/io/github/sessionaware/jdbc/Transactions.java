package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on a connection within the time limit, and turns every failure into a {@link SessionStoreException}.
 *
 * <p>If the database rolls a transaction back because of contention, this retries it until the time is over. A number
 * of attempts would not do: if the default isolation level is SERIALIZABLE, a call may lose dozens of times in
 * milliseconds, until the conflicting calls have ended. This never retries after a lost connection, because the call
 * may have taken effect.
 */
final class Transactions {
    private final Connections connections;
    private final SessionStatements sql;
    private final Duration timeout;
    private final StoreFailure failure;
    private final Handles handles = new Handles();
    private final AsynchronousCommit asynchronousCommit = new AsynchronousCommit();

    /** Null until there was a connection, because the database may be down while the application starts. */
    private volatile @Nullable DatabaseFamily family;

    /** Whether the version was checked. That happens before the first statement, and costs one select per store. */
    private volatile boolean hasOurVersion;

    Transactions(Connections connections, SessionStatements sql, Duration timeout, @Nullable DatabaseFamily family) {
        this.connections = connections;
        this.sql = sql;
        this.timeout = timeout;
        this.failure = new StoreFailure(sql.table());
        this.family = family;
    }

    /** Refuses a database that cannot work. Returns null if the database cannot be reached. */
    static @Nullable DatabaseFamily familyIfReachable(Connections connections) {
        try {
            return connections.borrow(connection -> DatabaseFamily.of(connection.getMetaData()));
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (SQLException | RuntimeException e) {
            // The first call tries again.
            return null;
        }
    }

    @Nullable
    DatabaseFamily family() {
        return family;
    }

    /** Runs one statement, or several that need no common transaction. */
    <T> T call(Work<T> work) {
        return callWhateverTheVersion(table -> {
            requireOurVersion(table);
            return work.on(table);
        });
    }

    /** Runs statements in one transaction. */
    <T> T callInTransaction(Work<T> work) {
        return callWhateverTheVersion(table -> {
            requireOurVersion(table);
            table.begin();
            return work.on(table);
        });
    }

    /** Borrows a connection, so that this neither joins nor commits a transaction of the caller. */
    <T> T callWhateverTheVersion(Work<T> work) {
        try {
            return connections.borrow(connection -> callOn(connection, work));
        } catch (SQLException | RuntimeException e) {
            StoreFailure.keepInterruption(e);
            throw failure.of(e);
        }
    }

    private <T> T callOn(Connection connection, Work<T> work) throws SQLException {
        try (TimeLimit limit = new TimeLimit(connection, timeout);
                SessionTable table = tableOn(connection, limit)) {
            while (true) {
                try {
                    T result = work.on(table);
                    table.commit();
                    return result;
                } catch (SQLException | RuntimeException | Error e) {
                    boolean isUndone = table.rollback(e);
                    if (!isUndone || limit.isOver() || !StoreFailure.isRolledBack(e)) {
                        throw e;
                    }
                }
            }
        }
    }

    /** Runs work on a connection of the application, and leaves its transaction open even after a failure. */
    <T> T callJoining(Connection transaction, Work<T> work) {
        try (TimeLimit limit = new TimeLimit(transaction, timeout);
                SessionTable table = tableOn(transaction, limit)) {
            if (transaction.getAutoCommit()) {
                throw new SessionStoreException("The transaction that this store had joined is over, because the"
                        + " connection has auto-commit on: call joining(connection) again in a new transaction");
            }
            requireOurVersion(table);
            return work.on(table);
        } catch (SQLException | RuntimeException e) {
            throw failure.of(e);
        }
    }

    private SessionTable tableOn(Connection connection, TimeLimit limit) throws SQLException {
        return new SessionTable(connection, sql, familyOf(connection), limit, handles, asynchronousCommit);
    }

    private void requireOurVersion(SessionTable table) throws SQLException {
        if (!hasOurVersion) {
            if (!table.hasVersion()) {
                throw new SessionStoreException("The table " + sql.schemaTable() + " has no row, but should hold the"
                        + " schema version: call createTableIfMissing(), or run the DDL in the jdbc-store jar");
            }
            hasOurVersion = true;
        }
    }

    private DatabaseFamily familyOf(Connection connection) throws SQLException {
        DatabaseFamily known = family;
        if (known == null) {
            try {
                known = DatabaseFamily.of(connection.getMetaData());
            } catch (IllegalArgumentException e) {
                throw new SessionStoreException(String.valueOf(e.getMessage()), e);
            }
            family = known;
        }
        return known;
    }

    /** Uses the table. */
    interface Work<T> {
        T on(SessionTable table) throws SQLException;
    }
}
