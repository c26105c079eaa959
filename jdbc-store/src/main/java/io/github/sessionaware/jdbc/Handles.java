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
 * Handles on connections that come from elsewhere. With a configuration of their own: whatever the application has set
 * on its Jdbi, these statements mean the same. To make a Jdbi costs more than a statement does, so each is used again.
 */
final class Handles {
    private final SqlParser parser = new ColonPrefixSqlParser();

    /** As many as calls there have been at once. */
    private final Queue<Lent> spare = new ConcurrentLinkedQueue<>();

    /** For one call, on its one thread. */
    Lent on(Connection connection) {
        Lent free = spare.poll();
        Lent lent = free == null ? new Lent() : free;
        lent.connection = connection;
        return lent;
    }

    /** Not closed itself: the connection is for others to close. */
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
