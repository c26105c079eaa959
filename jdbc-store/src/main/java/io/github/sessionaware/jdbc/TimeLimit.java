package io.github.sessionaware.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long one call may wait for the database. Where the server itself minds a query timeout, a statement that takes
 * too long is cancelled and the connection stays usable. But a server that has stopped, or a network that swallows
 * packets, hears no cancel: then reading from the connection ends, a second later, and with it the connection.
 */
final class TimeLimit implements AutoCloseable {
    private static final int GRACE_MILLIS = 1000;

    private final Connection connection;
    private final Duration limit;
    private final long end;
    private final int formerMillis;

    TimeLimit(Connection connection, Duration limit) throws SQLException {
        this.connection = connection;
        this.limit = limit;
        this.end = System.nanoTime() + limit.toNanos();
        this.formerMillis = networkTimeout(connection);
    }

    /**
     * To be called before each wait.
     *
     * @return the query timeout for the next statement, in seconds
     */
    int start() throws SQLException {
        long left = requireTimeLeft();
        // A limit that the pool or the URL has set is never raised.
        setNetworkTimeout((int) (formerMillis == 0 ? left : Math.min(left, formerMillis)));
        return (int) Math.max(1, (left - GRACE_MILLIS + 999) / 1000);
    }

    /** Returns how many milliseconds are left. */
    long requireTimeLeft() throws SQLTimeoutException {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
            throw new SQLTimeoutException("No answer within " + limit, "HYT00");
        }
        return left;
    }

    boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    /** Leaves the connection as it came. */
    @Override
    public void close() throws SQLException {
        if (!connection.isClosed()) {
            setNetworkTimeout(formerMillis);
        }
    }

    private void setNetworkTimeout(int millis) throws SQLException {
        try {
            connection.setNetworkTimeout(Runnable::run, millis);
        } catch (SQLFeatureNotSupportedException e) {
            // An embedded database has no network to wait for.
        }
    }

    private static int networkTimeout(Connection connection) throws SQLException {
        try {
            return connection.getNetworkTimeout();
        } catch (SQLFeatureNotSupportedException e) {
            return 0;
        }
    }
}
