package io.github.sessionaware.jdbc;

import java.sql.SQLDataException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns once about rows that another program has made invalid. */
final class UnreadableRows {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcSessionStore.class);

    private final AtomicBoolean reported = new AtomicBoolean();

    /** The ids in the row stay out of the log, because another program wrote them. */
    void report(String table, SQLDataException reason) {
        if (reported.compareAndSet(false, true)) {
            Throwable rule = reason.getCause();
            LOG.warn(
                    "The session table {} has a row that is not a valid session: {}. The store treats such rows as ended"
                            + " sessions. It deletes them when the user's sessions are revoked, or by a purge when they"
                            + " have expired. Only this library may write to the table. The store reports the first such"
                            + " row only.",
                    table,
                    rule == null ? reason.getMessage() : rule.getMessage());
        }
    }
}
