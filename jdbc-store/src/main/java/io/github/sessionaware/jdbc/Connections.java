package io.github.sessionaware.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Where connections come from. A handle costs more than the connection in it, so it is opened only on a given Jdbi. */
interface Connections {
    /** Borrows one and gives it back. */
    <T> T borrow(Use<T> use) throws SQLException;

    static Connections of(DataSource dataSource) {
        return new Connections() {
            @Override
            public <T> T borrow(Use<T> use) throws SQLException {
                try (Connection connection = dataSource.getConnection()) {
                    return use.of(connection);
                }
            }
        };
    }

    static Connections of(Jdbi jdbi) {
        return new Connections() {
            @Override
            public <T> T borrow(Use<T> use) throws SQLException {
                try (Handle handle = jdbi.open()) {
                    return use.of(handle.getConnection());
                }
            }
        };
    }

    /** What to do with a connection. */
    interface Use<T> {
        T of(Connection connection) throws SQLException;
    }
}
