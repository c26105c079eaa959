package io.github.sessionaware.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/**
 * What a store finds out about its database once, from the first connection.
 *
 * @param family the kind of database
 * @param hasNetworkTimeout whether the driver can limit how long it waits for the database
 */
record Database(DatabaseFamily family, boolean hasNetworkTimeout) {

    /**
     * Asks the driver.
     *
     * @throws SessionStoreException if the database cannot work
     */
    static Database of(Connection connection) throws SQLException {
        return new Database(DatabaseFamily.of(connection.getMetaData()), hasNetworkTimeout(connection));
    }

    /**
     * Asks the driver's own connection. HikariCP closes a connection whose driver refuses a feature, and the call that
     * runs on it fails because of that.
     */
    private static boolean hasNetworkTimeout(Connection connection) throws SQLException {
        Connection own = connection.isWrapperFor(Connection.class) ? connection.unwrap(Connection.class) : connection;
        try {
            own.setNetworkTimeout(Runnable::run, own.getNetworkTimeout());
            return true;
        } catch (SQLFeatureNotSupportedException e) {
            return false;
        }
    }
}
