package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionMetrics;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports shared reads. Metrics that throw, or a log that cannot be written, affect no read. */
final class ReadMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcSessionStore.class);

    private final SessionMetrics metrics;
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    ReadMetrics(SessionMetrics metrics) {
        this.metrics = metrics;
    }

    void shared(int finds) {
        try {
            metrics.readsShared(finds);
        } catch (Throwable e) {
            warnOnce(e);
        }
    }

    private void warnOnce(Throwable thrown) {
        if (hasWarned.compareAndSet(false, true)) {
            try {
                LOG.warn(
                        "The session metrics failed, so figures of shared reads are missing; reads are not affected."
                                + " The store reports the first failure only: {}, {}",
                        metrics.getClass().getName(),
                        thrown.getClass().getName());
            } catch (Throwable e) {
                // The log itself has failed, so nothing can report it.
            }
        }
    }
}
