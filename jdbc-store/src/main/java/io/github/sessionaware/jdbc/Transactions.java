package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on a connection, within the time limit, and turns every failure into the store's own. What the database has
 * rolled back because of contention is tried again until the time is over, since nothing of it has happened. To count
 * the attempts would not do: where the database's default is SERIALIZABLE, a call may lose dozens of times in
 * milliseconds, until those that it conflicts with have ended. What a lost connection has done is unknown, so that is
 * never tried again.
 */
final class Transactions {
    private final Connections connections;
    private final SessionStatements sql;
    private final Duration timeout;
    private final StoreFailure failure;
    private final Handles handles = new Handles();
    private final AsynchronousCommit asynchronousCommit = new AsynchronousCommit();

    /** Null until a connection could be asked: the database may be down while the application starts. */
    private volatile @Nullable DatabaseFamily family;

    /** The version is read before the first statement and then taken for granted: it costs a select per store. */
    private volatile boolean hasOurVersion;

    Transactions(Connections connections, SessionStatements sql, Duration timeout, @Nullable DatabaseFamily family) {
        this.connections = connections;
        this.sql = sql;
        this.timeout = timeout;
        this.failure = new StoreFailure(sql.table());
        this.family = family;
    }

    /** Refuses a kind of database that cannot work. One that cannot be reached may still be such a kind. */
    static @Nullable DatabaseFamily familyIfReachable(Connections connections) {
        try {
            return connections.borrow(connection -> DatabaseFamily.of(connection.getMetaData()));
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (SQLException | RuntimeException e) {
            // The first call asks again.
            return null;
        }
    }

    @Nullable
    DatabaseFamily family() {
        return family;
    }

    /** One statement, or several that need not happen together. */
    <T> T call(Work<T> work) {
        return callWhateverTheVersion(table -> {
            requireOurVersion(table);
            return work.on(table);
        });
    }

    /** Statements that happen together or not at all. */
    <T> T callInTransaction(Work<T> work) {
        return callWhateverTheVersion(table -> {
            requireOurVersion(table);
            table.begin();
            return work.on(table);
        });
    }

    /** On a connection of its own, so that it neither joins nor commits what the caller has under way. */
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

    /** On a connection of the application's, whose transaction it leaves open, whatever happens. */
    <T> T callJoining(Connection transaction, Work<T> work) {
        try (TimeLimit limit = new TimeLimit(transaction, timeout);
                SessionTable table = tableOn(transaction, limit)) {
            if (transaction.getAutoCommit()) {
                throw new SessionStoreException("The transaction that this store had joined is over");
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
                throw new SessionStoreException("The session table " + sql.table()
                        + " has no schema version: let createTableIfMissing() finish making it");
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

    /** What to do with the table. */
    interface Work<T> {
        T on(SessionTable table) throws SQLException;
    }
}
