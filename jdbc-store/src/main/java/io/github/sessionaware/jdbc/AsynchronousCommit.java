package io.github.sessionaware.jdbc;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers whether touches on PostgreSQL may ask for an asynchronous commit. They ask with {@code set_config}, which a
 * filter in the data source or a missing right may refuse. Touches then stop asking, because activity must be recorded
 * even if the request has to wait for the disk.
 */
final class AsynchronousCommit {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcSessionStore.class);
    private static final String FUNCTION = "set_config";

    private final AtomicBoolean refused = new AtomicBoolean();

    boolean isRefused() {
        return refused.get();
    }

    /** A transient failure does not name the function, and the next touch asks again. */
    static boolean isRefusal(SQLException failure) {
        return StoreFailure.isRefusalOf(FUNCTION, failure);
    }

    /** The refusal's message stays out of the log, because a filter may quote anything in it. */
    void remember(SQLException refusal) {
        if (refused.compareAndSet(false, true)) {
            LOG.warn(
                    "The database or a filter in the data source refused the function {} in the update that records"
                            + " activity ({}, SQL state {}). From now on this store records activity with a plain update:"
                            + " a request that records activity waits until its commit is on disk. To avoid the wait,"
                            + " allow {} in the filter or grant the database user the right to execute it, and restart.",
                    FUNCTION,
                    refusal.getClass().getName(),
                    refusal.getSQLState(),
                    FUNCTION);
        }
    }
}
