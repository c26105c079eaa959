package io.github.sessionaware.springboot;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ReflectionUtils;

/**
 * Joins the transaction of the calling thread, if Spring has begun one on the same data source and it may write. So a
 * new password and the end of the user's other sessions are one commit. Every call joins, reads too, because they must
 * see what the transaction has written.
 *
 * <p>Calls outside of a transaction, in a read-only one, or in one of another data source commit at once.
 */
final class TransactionalSessionStore implements SessionStore {
    /** Not public in Spring. Null if a later version of Spring has no such method. */
    static final @Nullable Method IS_TRANSACTION_ACTIVE =
            ReflectionUtils.findMethod(ConnectionHolder.class, "isTransactionActive");

    static {
        if (IS_TRANSACTION_ACTIVE != null) {
            ReflectionUtils.makeAccessible(IS_TRANSACTION_ACTIVE);
        }
    }

    private final JdbcSessionStore store;
    private final DataSource dataSource;

    TransactionalSessionStore(JdbcSessionStore store, DataSource dataSource) {
        this.store = store;
        this.dataSource = dataSource;
    }

    /** Notifies after the commit of the transaction that the store has joined, or else now. */
    void afterCommit(Runnable notification) {
        JoinedTransaction joined = mayJoin() ? JoinedTransaction.find(dataSource) : null;
        if (joined == null || joined.isCommitted()) {
            notification.run();
        } else {
            joined.afterCommit(notification);
        }
    }

    @Override
    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        return call(joined -> joined.create(session, admission));
    }

    @Override
    public Optional<SessionRecord> find(String userId, String sessionId) {
        return call(joined -> joined.find(userId, sessionId));
    }

    @Override
    public List<SessionRecord> list(String userId) {
        return call(joined -> joined.list(userId));
    }

    @Override
    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
        return call(joined -> joined.touch(seen, lastActiveAt, expiresAt));
    }

    @Override
    public boolean replace(SessionRecord seen, SessionRecord next) {
        return call(joined -> joined.replace(seen, next));
    }

    @Override
    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        return call(joined -> joined.delete(userId, sessionIds));
    }

    @Override
    public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
        return call(joined -> joined.deleteAll(userId, keptSessionId));
    }

    @Override
    public int purge(Instant expiredAtOrBefore) {
        return call(joined -> joined.purge(expiredAtOrBefore));
    }

    private <T> T call(Function<SessionStore, T> operation) {
        boolean mayJoin = mayJoin();
        JoinedTransaction joined = mayJoin ? JoinedTransaction.find(dataSource) : null;
        if (!mayJoin || (joined != null && joined.isCommitted())) {
            return operation.apply(store);
        }
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            if (!isOver(connection)) {
                return join(connection, operation);
            }
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
        return operation.apply(store);
    }

    private <T> T join(Connection connection, Function<SessionStore, T> operation) {
        JoinedTransaction transaction = JoinedTransaction.join(dataSource);
        try {
            return operation.apply(store.joining(connection));
        } catch (SessionStoreException e) {
            transaction.failed(e);
            throw e;
        }
    }

    /** A listener of the commit still sees a transaction, but Hibernate has switched auto-commit on again. */
    private static boolean isOver(Connection connection) {
        try {
            return connection.getAutoCommit();
        } catch (SQLException e) {
            // The call that joins reports why the connection is broken.
            return false;
        }
    }

    private boolean mayJoin() {
        return TransactionSynchronizationManager.isSynchronizationActive()
                && TransactionSynchronizationManager.isActualTransactionActive()
                && !TransactionSynchronizationManager.isCurrentTransactionReadOnly()
                && TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder
                && hasTransaction(holder);
    }

    /**
     * Tells the connection of a transaction from one that {@link DataSourceUtils} has bound inside a transaction of
     * another data source. Nobody commits the latter. It is synchronized with that transaction and has none of its own.
     * The connection of a JPA transaction is not synchronized.
     */
    private static boolean hasTransaction(ConnectionHolder holder) {
        return !holder.isSynchronizedWithTransaction()
                || (IS_TRANSACTION_ACTIVE != null
                        && Objects.equals(true, ReflectionUtils.invokeMethod(IS_TRANSACTION_ACTIVE, holder)));
    }
}
