package io.github.sessionaware.jdbc;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The store inside one transaction of the application. It locks rows when it reads them for a delete. Otherwise the
 * transaction might read an older state of them, and a second read would show the same state.
 */
final class JoinedSessionStore implements SessionStore {
    private final Transactions transactions;
    private final Connection transaction;

    JoinedSessionStore(Transactions transactions, Connection transaction) {
        this.transactions = transactions;
        this.transaction = transaction;
    }

    @Override
    public void create(Session session) {
        join(table -> {
            table.insert(session);
            return session;
        });
    }

    @Override
    public Optional<List<Session>> createLimited(
            Session session, Function<List<Session>, Optional<List<Session>>> choice) {
        return join(table -> table.insertLimited(session, choice));
    }

    @Override
    public Optional<Session> find(String sessionId) {
        return join(table -> table.find(sessionId));
    }

    @Override
    public List<Session> list(String userId) {
        return join(table -> table.list(userId));
    }

    /**
     * Does nothing, because a request goes on after a failed touch, but the database may have rolled back the whole
     * transaction.
     */
    @Override
    public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
        return false;
    }

    @Override
    public boolean replace(Session seen, Session next) {
        return join(table -> table.replace(seen, next));
    }

    @Override
    public Optional<Session> delete(String userId, String sessionId) {
        return join(table -> table.deleteUnchanged(table.lock(userId, sessionId))).stream()
                .findFirst();
    }

    @Override
    public List<Session> deleteOthers(String userId, String keptSessionId) {
        return join(table -> table.deleteUnchanged(table.lockOthers(userId, keptSessionId)));
    }

    @Override
    public List<Session> deleteAll(String userId) {
        return deleteOthers(userId, SessionTable.NO_SESSION);
    }

    @Override
    public int purge(Instant expiredAtOrBefore) {
        return join(table -> table.purge(expiredAtOrBefore, JdbcSessionStore.BATCH));
    }

    private <T> T join(Transactions.Work<T> work) {
        return transactions.callJoining(transaction, work);
    }
}
