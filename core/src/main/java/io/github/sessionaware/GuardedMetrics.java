package io.github.sessionaware;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards the service against metrics that throw. Allocates nothing while they work, because each validate comes here.
 */
final class GuardedMetrics implements SessionMetrics {
    private static final Logger log = LoggerFactory.getLogger(SessionMetrics.class);

    private static final long NANOS_BETWEEN_WARNINGS = 60_000_000_000L;

    private final SessionMetrics metrics;
    private final LongSupplier nanoTime;

    private boolean hasWarned;
    private long warnedAt;

    GuardedMetrics(SessionMetrics metrics, LongSupplier nanoTime) {
        this.metrics = metrics;
        this.nanoTime = nanoTime;
    }

    /** Returns {@link #NOOP} itself unguarded, so that it can be recognized. */
    static SessionMetrics of(SessionMetrics metrics) {
        return metrics == NOOP ? NOOP : new GuardedMetrics(metrics, System::nanoTime);
    }

    @Override
    public void validateAccepted() {
        report(SessionMetrics::validateAccepted);
    }

    @Override
    public void validateRefused(Reason reason) {
        report(SessionMetrics::validateRefused, reason);
    }

    @Override
    public void validateFailed() {
        report(SessionMetrics::validateFailed);
    }

    @Override
    public void tokenCacheHit() {
        report(SessionMetrics::tokenCacheHit);
    }

    @Override
    public void tokenCacheMiss() {
        report(SessionMetrics::tokenCacheMiss);
    }

    @Override
    public void recentReadHit(long ageNanoseconds) {
        try {
            metrics.recentReadHit(ageNanoseconds);
        } catch (Throwable e) {
            warn(e);
        }
    }

    @Override
    public void recentReadMiss(RecentReadMiss cause) {
        report(SessionMetrics::recentReadMiss, cause);
    }

    @Override
    public void loginAccepted() {
        report(SessionMetrics::loginAccepted);
    }

    @Override
    public void loginRefused(LoginRefusal refusal) {
        report(SessionMetrics::loginRefused, refusal);
    }

    @Override
    public void refreshAccepted() {
        report(SessionMetrics::refreshAccepted);
    }

    @Override
    public void refreshRefused(Reason reason) {
        report(SessionMetrics::refreshRefused, reason);
    }

    @Override
    public void storeAnswered(StoreOperation operation, long nanoseconds) {
        try {
            metrics.storeAnswered(operation, nanoseconds);
        } catch (Throwable e) {
            warn(e);
        }
    }

    @Override
    public void storeFailed(StoreOperation operation, long nanoseconds) {
        try {
            metrics.storeFailed(operation, nanoseconds);
        } catch (Throwable e) {
            warn(e);
        }
    }

    @Override
    public void sessionsPurged(int sessions) {
        try {
            metrics.sessionsPurged(sessions);
        } catch (Throwable e) {
            warn(e);
        }
    }

    private void report(Consumer<SessionMetrics> event) {
        try {
            event.accept(metrics);
        } catch (Throwable e) {
            warn(e);
        }
    }

    private <T> void report(BiConsumer<SessionMetrics, T> event, T detail) {
        try {
            event.accept(metrics, detail);
        } catch (Throwable e) {
            warn(e);
        }
    }

    /** Metrics that throw do so at every request, so most warnings are left out. */
    private void warn(Throwable thrown) {
        if (isTimeToWarn()) {
            Warnings.log(
                    log,
                    "The session metrics failed, so figures are missing; the call is not affected, and this is logged"
                            + " once a minute at most: {}, {}",
                    metrics.getClass().getName(),
                    thrown.getClass().getName());
        }
    }

    private synchronized boolean isTimeToWarn() {
        long now = nanoTime.getAsLong();
        if (hasWarned && now - warnedAt < NANOS_BETWEEN_WARNINGS) {
            return false;
        }
        hasWarned = true;
        warnedAt = now;
        return true;
    }
}
