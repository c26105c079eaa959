package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

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
    private final Duration timeout;
    private final StoreFailure failure;
    private final Handles handles = new Handles();

    Transactions(Connections connections, Duration timeout, StoreFailure failure) {
        this.connections = connections;
        this.timeout = timeout;
        this.failure = failure;
    }

    /**
     * Runs one statement, several that need no common transaction, or a transaction that the work begins. Commits it.
     * Borrows a connection, so that this neither joins nor commits a transaction of the caller.
     */
    <T> T call(Work<StoreConnection, T> work) {
        try {
            Database database = connections.database();
            return connections.borrow(connection -> callOn(connection, database, work));
        } catch (SQLException | RuntimeException e) {
            StoreFailure.keepInterruption(e);
            throw failure.of(e);
        }
    }

    private <T> T callOn(Connection connection, Database database, Work<StoreConnection, T> work) throws SQLException {
        try (StoreConnection own = new StoreConnection(connection, false, database, timeout, handles)) {
            while (true) {
                try {
                    T result = work.on(own);
                    own.commit();
                    return result;
                } catch (SQLException | RuntimeException | Error e) {
                    boolean isUndone = own.rollback(e);
                    if (!isUndone || own.limit().isOver() || !StoreFailure.isRolledBack(e)) {
                        throw e;
                    }
                }
            }
        }
    }

    /** Runs work on a connection of the application, and leaves its transaction open even after a failure. */
    <T> T callJoining(Connection transaction, Work<StoreConnection, T> work) {
        try (StoreConnection joined =
                new StoreConnection(transaction, true, connections.database(), timeout, handles)) {
            if (transaction.getAutoCommit()) {
                throw new SessionStoreException("The transaction that this store had joined is over, because the"
                        + " connection has auto-commit on: call joining(connection) again in a new transaction");
            }
            return work.on(joined);
        } catch (SQLException | RuntimeException e) {
            throw failure.of(e);
        }
    }
}
