package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionStoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A transaction of Spring that the session store has joined. It keeps the notifications of the listeners until the
 * commit, and drops them at a rollback. If a call of the store failed, it refuses the commit, because the database may
 * have done a part of the call.
 */
final class JoinedTransaction implements TransactionSynchronization {
    private static final Logger log = LoggerFactory.getLogger(JoinedTransaction.class);

    private final DataSource dataSource;
    private final List<Runnable> notifications = new ArrayList<>();
    private final Map<Object, Saved> savepoints = new HashMap<>();
    private @Nullable SessionStoreException failure;
    private boolean isCompleting;
    private boolean isCommitted;

    private JoinedTransaction(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Returns the current transaction if the store has joined it, or null. */
    static @Nullable JoinedTransaction find(DataSource dataSource) {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            for (TransactionSynchronization each : TransactionSynchronizationManager.getSynchronizations()) {
                if (each instanceof JoinedTransaction joined && joined.dataSource == dataSource) {
                    return joined;
                }
            }
        }
        return null;
    }

    /** Registers the current transaction, unless it is registered. */
    static JoinedTransaction join(DataSource dataSource) {
        JoinedTransaction joined = find(dataSource);
        if (joined == null) {
            joined = new JoinedTransaction(dataSource);
            TransactionSynchronizationManager.registerSynchronization(joined);
        }
        return joined;
    }

    /** Whether the transaction is over, although it is still bound to the thread: its listeners are running. */
    boolean isCommitted() {
        return isCommitted;
    }

    void afterCommit(Runnable notification) {
        notifications.add(notification);
    }

    void failed(SessionStoreException e) {
        failure = e;
    }

    /** Before the synchronizations of the application, which may call the store after the commit. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void savepoint(Object savepoint) {
        savepoints.put(savepoint, new Saved(notifications.size(), failure));
    }

    /**
     * Forgets what the database has undone. A savepoint that is not known is older than the first call of the store.
     */
    @Override
    public void savepointRollback(Object savepoint) {
        Saved saved = savepoints.getOrDefault(savepoint, new Saved(0, null));
        notifications.subList(saved.notifications(), notifications.size()).clear();
        failure = saved.failure();
    }

    @Override
    public void beforeCommit(boolean readOnly) {
        if (failure != null) {
            throw new SessionStoreException(
                    "A call of the session store failed in this transaction, so it is rolled back", failure);
        }
    }

    @Override
    public void beforeCompletion() {
        isCompleting = true;
    }

    @Override
    public void afterCommit() {
        isCommitted = true;
    }

    @Override
    public void afterCompletion(int status) {
        if (status != STATUS_COMMITTED || (!isCompleting && !commitLate())) {
            return;
        }
        notifications.forEach(Runnable::run);
    }

    /**
     * Commits what was done after the commit, but before Spring has unbound the connection, as a listener of the phase
     * {@code AFTER_COMMIT} does. Nobody else would commit that.
     */
    private boolean commitLate() {
        try {
            if (TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder) {
                holder.getConnection().commit();
                return true;
            }
        } catch (SQLException | RuntimeException e) {
            log.error("A change of a session after a commit was lost", e);
        }
        return false;
    }

    /** What had happened before a savepoint. */
    private record Saved(int notifications, @Nullable SessionStoreException failure) {}
}
