package io.github.sessionaware.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Limits how long one call may wait for the database. On MariaDB and MySQL the query timeout cancels a slow statement,
 * and the connection stays usable. A stopped server or a network that drops packets receives no cancel. Then the
 * network timeout ends the wait one second later, and the connection is lost. If the driver has no network timeout, the
 * call ends before its next statement.
 */
final class TimeLimit implements AutoCloseable {
    private static final int GRACE_MILLIS = 1000;

    private final Connection connection;
    private final boolean hasNetworkTimeout;
    private final Duration limit;
    private final long end;
    private final int formerMillis;

    TimeLimit(Connection connection, boolean hasNetworkTimeout, Duration limit) throws SQLException {
        this.connection = connection;
        this.hasNetworkTimeout = hasNetworkTimeout;
        this.limit = limit;
        this.end = System.nanoTime() + limit.toNanos();
        this.formerMillis = hasNetworkTimeout ? connection.getNetworkTimeout() : 0;
    }

    /**
     * Sets the network timeout to the time that is left. Call this before each wait.
     *
     * @return the query timeout for the next statement, in seconds
     */
    int start() throws SQLException {
        long left = requireTimeLeft();
        // Never raises a limit that the pool or the URL has set.
        setNetworkTimeout((int) (formerMillis == 0 ? left : Math.min(left, formerMillis)));
        return (int) Math.max(1, (left - GRACE_MILLIS + 999) / 1000);
    }

    /** Returns the milliseconds that are left, and fails if there are none. */
    long requireTimeLeft() throws SQLTimeoutException {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
            throw new SQLTimeoutException("The database did not answer within " + limit, "HYT00");
        }
        return left;
    }

    boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    /** Restores the former network timeout. */
    @Override
    public void close() throws SQLException {
        if (!connection.isClosed()) {
            setNetworkTimeout(formerMillis);
        }
    }

    private void setNetworkTimeout(int millis) throws SQLException {
        if (hasNetworkTimeout) {
            connection.setNetworkTimeout(Runnable::run, millis);
        }
    }
}
