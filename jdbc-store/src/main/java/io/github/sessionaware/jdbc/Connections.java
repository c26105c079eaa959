package io.github.sessionaware.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Provides connections. A handle costs more than its connection, so one is opened only if a Jdbi was given. */
interface Connections {
    /** Borrows a connection, uses it and returns it. */
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

    /** Uses a connection. */
    interface Use<T> {
        T of(Connection connection) throws SQLException;
    }
}
