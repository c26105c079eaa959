package io.github.sessionaware.jdbc;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The store inside one transaction of the application. */
final class JoinedSessionStore implements SessionStore {
    private final Transactions transactions;
    private final Connection transaction;
    private final Work<StoreConnection, SessionTable> tables;

    JoinedSessionStore(Transactions transactions, Connection transaction, Work<StoreConnection, SessionTable> tables) {
        this.transactions = transactions;
        this.transaction = transaction;
        this.tables = tables;
    }

    @Override
    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        return join(table -> table.create(session, admission));
    }

    @Override
    public Optional<SessionRecord> find(String userId, String sessionId) {
        SessionKey key = new SessionKey(userId, sessionId);
        return join(table -> table.find(key));
    }

    @Override
    public List<SessionRecord> list(String userId) {
        return join(table -> table.list(userId));
    }

    /**
     * Does nothing, because a request goes on after a failed touch, but the database may have rolled back the whole
     * transaction.
     */
    @Override
    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
        return false;
    }

    @Override
    public boolean replace(SessionRecord seen, SessionRecord next) {
        return join(table -> table.replace(seen, next));
    }

    @Override
    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        return Deletions.delete(userId, sessionIds, this::join);
    }

    @Override
    public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
        return Deletions.deleteAll(userId, keptSessionId, this::join);
    }

    @Override
    public int purge(Instant expiredAtOrBefore) {
        return join(table -> table.purge(expiredAtOrBefore));
    }

    private <T> T join(Work<SessionTable, T> work) {
        return transactions.callJoining(transaction, connection -> work.on(tables.on(connection)));
    }
}
