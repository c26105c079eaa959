package io.github.sessionaware.jdbc;

import java.sql.Connection;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jspecify.annotations.Nullable;

/**
 * Opens Jdbi handles on connections that the store has borrowed. They have a configuration of their own, so that the
 * settings of the application's Jdbi cannot change the store's statements.
 */
final class Handles {
    /** One for all connections, because a Jdbi costs more than a statement. It opens the connection at hand. */
    private final Jdbi jdbi = Jdbi.create(() -> Objects.requireNonNull(this.connection))
            .configure(StatementExceptions.class, config -> config.setMessageRendering(MessageRendering.NONE));

    private @Nullable Connection connection;

    /** Nobody closes the handle, because that would close the connection, which belongs to its borrower. */
    synchronized Handle on(Connection borrowed) {
        connection = borrowed;
        try {
            return jdbi.open();
        } finally {
            connection = null;
        }
    }
}
