package io.github.sessionaware.jdbc;

import java.sql.SQLException;

/** Uses a connection, or a table on a connection. */
interface Work<S, T> {
    T on(S subject) throws SQLException;
}
