package io.github.sessionaware.jdbc;

import java.sql.Connection;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jspecify.annotations.Nullable;

/**
 * Opens Jdbi handles on connections that the store has borrowed. They have a configuration of their own, so that the
 * settings of the application's Jdbi cannot change the store's statements. A Jdbi costs more than a statement, so each
 * is reused.
 */
final class Handles {
    private final SqlParser parser = new ColonPrefixSqlParser();

    /** Grows to the largest number of calls that ran at the same time. */
    private final Queue<Lent> spare = new ConcurrentLinkedQueue<>();

    /** Lends a handle to one call, on one thread. */
    Lent on(Connection connection) {
        Lent free = spare.poll();
        Lent lent = free == null ? new Lent() : free;
        lent.connection = connection;
        return lent;
    }

    /** Leaves the handle and its connection open, because the borrower of the connection closes it. */
    final class Lent implements AutoCloseable, ConnectionFactory {
        private final Jdbi jdbi = Jdbi.create(this)
                .setSqlParser(parser)
                .configure(StatementExceptions.class, config -> config.setMessageRendering(MessageRendering.NONE));

        private @Nullable Connection connection;

        Handle handle() {
            return jdbi.open();
        }

        @Override
        public Connection openConnection() {
            return Objects.requireNonNull(connection);
        }

        @Override
        public void close() {
            connection = null;
            spare.add(this);
        }
    }
}
