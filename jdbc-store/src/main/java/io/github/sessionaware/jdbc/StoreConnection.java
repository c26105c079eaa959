package io.github.sessionaware.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * A connection during one call of the store: its transaction, its time limit, and statements that keep to the limit.
 * Closing it leaves the connection open, as it was before the call.
 */
final class StoreConnection implements AutoCloseable {
    private final Connection connection;
    private final boolean joined;
    private final Database database;
    private final TimeLimit limit;
    private final Handles handles;
    private @Nullable Handle handle;
    private boolean begun;

    /** @param joined whether the application ends the transaction, and this does not */
    StoreConnection(Connection connection, boolean joined, Database database, Duration timeout, Handles handles)
            throws SQLException {
        this.connection = connection;
        this.joined = joined;
        this.database = database;
        this.limit = new TimeLimit(connection, database.hasNetworkTimeout(), timeout);
        this.handles = handles;
    }

    DatabaseFamily family() {
        return database.family();
    }

    TimeLimit limit() {
        return limit;
    }

    boolean isJoined() {
        return joined;
    }

    void begin() throws SQLException {
        if (!joined && connection.getAutoCommit()) {
            // MariaDB's driver sends this to the server at once and waits for the answer.
            limit.start();
            begun = true;
            connection.setAutoCommit(false);
        }
    }

    /** Commits the open transaction, whether {@link #begin} began it or the connection has auto-commit off. */
    void commit() throws SQLException {
        if (!joined && !connection.getAutoCommit()) {
            limit.start();
            connection.commit();
            restoreAutoCommit();
        }
    }

    /**
     * Rolls back and returns true if that succeeded. If it failed, this gives the connection up, because the pool might
     * commit the rest.
     */
    boolean rollback(Throwable failure) {
        try {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.rollback();
                restoreAutoCommit();
            }
            return true;
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
            abort(failure);
            return false;
        }
    }

    /** Closes the connection too, because H2 ignores an abort. */
    private void abort(Throwable failure) {
        try {
            connection.abort(Runnable::run);
            connection.close();
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void restoreAutoCommit() throws SQLException {
        if (begun) {
            connection.setAutoCommit(true);
            begun = false;
        }
    }

    PreparedStatement prepare(String statement) throws SQLException {
        int seconds = limit.start();
        PreparedStatement prepared = connection.prepareStatement(statement);
        if (family().cancelsStatements()) {
            prepared.setQueryTimeout(seconds);
        }
        return prepared;
    }

    void setArray(PreparedStatement statement, int position, Stream<String> texts) throws SQLException {
        statement.setArray(position, connection.createArrayOf("varchar", texts.toArray()));
    }

    Query query(String statement) throws SQLException {
        return limited(handle().createQuery(statement));
    }

    Update update(String statement) throws SQLException {
        return limited(handle().createUpdate(statement));
    }

    PreparedBatch batch(String statement) throws SQLException {
        return limited(handle().prepareBatch(statement));
    }

    void runScript(String script) throws SQLException {
        limit.start();
        handle().createScript(script).execute();
    }

    private <S extends SqlStatement<S>> S limited(S statement) throws SQLException {
        int seconds = limit.start();
        return family().cancelsStatements() ? statement.setQueryTimeout(seconds) : statement;
    }

    private Handle handle() {
        if (handle == null) {
            handle = handles.on(connection);
        }
        return handle;
    }

    @Override
    public void close() throws SQLException {
        limit.close();
    }
}
