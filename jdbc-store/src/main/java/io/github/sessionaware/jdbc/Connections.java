package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Provides connections, and remembers to which database they lead. A handle costs more than its connection, so one is
 * opened only if a Jdbi was given.
 */
abstract class Connections {
    /** Null until there was a connection, because the database may be down while the application starts. */
    private volatile @Nullable Database database;

    static Connections of(DataSource dataSource) {
        return new Connections() {
            @Override
            <T> T borrow(Work<Connection, T> work) throws SQLException {
                try (Connection connection = dataSource.getConnection()) {
                    return work.on(connection);
                }
            }
        };
    }

    static Connections of(Jdbi jdbi) {
        return new Connections() {
            @Override
            <T> T borrow(Work<Connection, T> work) throws SQLException {
                try (Handle handle = jdbi.open()) {
                    return work.on(handle.getConnection());
                }
            }
        };
    }

    /** Borrows a connection, uses it and returns it. */
    abstract <T> T borrow(Work<Connection, T> work) throws SQLException;

    /** Asks once, on a connection of its own. */
    Database database() throws SQLException {
        Database known = database;
        if (known == null) {
            known = borrow(Database::of);
            database = known;
        }
        return known;
    }

    /**
     * Asks for the database unless it cannot be reached. Then the first call asks.
     *
     * @throws IllegalArgumentException if the database cannot work
     */
    Connections asked() {
        try {
            database();
        } catch (SessionStoreException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (SQLException | RuntimeException e) {
            // The database may be up when it is needed.
        }
        return this;
    }
}
