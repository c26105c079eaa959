package io.github.sessionaware.jdbc;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Runs the statements on sessions, during one call on one connection.
 *
 * <p>To avoid deadlocks, statements find and lock rows by the primary key, and several rows of a user in the order of
 * that key. A purge finds rows by their deadline, and skips locked rows. A touch skips a locked row.
 *
 * <p>The results are compared with the arguments once more in Java, because a table that was converted to another
 * collation may return the rows of {@code Bob} for {@code bob}.
 */
final class SessionTable {
    /** The number of rows in the lock table. */
    static final int LOCKS = 64;

    /** The largest number of rows that one transaction of a revoke or a purge removes. */
    static final int BATCH = 500;

    /** No limit on the rows of a result. MySQL refuses large limits. */
    private static final int ALL = 0;

    /** The largest number of sessions that a limited login reads while others wait for its lock. */
    static final int MANY = 1000;

    private static final int FEWEST_IN_A_LIST = 4;

    /** A power of the shortest. Some databases accept no list longer than a thousand. */
    static final int LONGEST_LIST = 256;

    private static final String CONFLICT = "40001";

    private final StoreConnection connection;
    private final DatabaseFamily family;
    private final SessionStatements sql;
    private final AsynchronousCommit asynchronousCommit;
    private final UnreadableRows unreadable;

    /** Set for all calls of a store when its driver does not report the row counts of a batch. */
    private final AtomicBoolean batchesHideCounts;

    SessionTable(
            StoreConnection connection,
            SessionStatements sql,
            AsynchronousCommit asynchronousCommit,
            UnreadableRows unreadable,
            AtomicBoolean batchesHideCounts) {
        this.connection = connection;
        this.family = connection.family();
        this.sql = sql;
        this.asynchronousCommit = asynchronousCommit;
        this.unreadable = unreadable;
        this.batchesHideCounts = batchesHideCounts;
    }

    Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) throws SQLException {
        Optional<List<SessionRecord>> removed =
                admission.isUnconditional() ? Optional.of(List.of()) : makeRoom(session, admission);
        if (removed.isPresent()) {
            SessionRow.bind(connection.update(sql.insert()), session).execute();
        }
        return removed;
    }

    /**
     * Deletes the sessions that must leave, in a transaction that the insert ends. Logins of one user wait for each
     * other at one of a few rows, which other users share, because a row per user would outlive the user's sessions.
     * The user's sessions are locked, so that they cannot change between the decision and the delete.
     *
     * <p>If there are many sessions, the admission decides first about a list that is read without a lock, because the
     * read takes seconds. The service refuses the session then, to end the others first. If the admission accepts it,
     * it decides once more, with the lock.
     */
    private Optional<List<SessionRecord>> makeRoom(SessionRecord session, Admission admission) throws SQLException {
        takeLock(session);
        List<Row> present = lockedRows(session, MANY + 1);
        if (present.size() > MANY) {
            connection.commit();
            List<Row> own =
                    ofUser(session.userId(), read(connection.query(sql.list()).bind("user_id", session.userId())));
            if (decide(session, own, admission).isEmpty()) {
                return Optional.empty();
            }
            takeLock(session);
            present = lockedRows(session, ALL);
        }
        Optional<List<SessionRecord>> leaving = decide(session, ofUser(session.userId(), present), admission);
        if (leaving.isEmpty()) {
            return leaving;
        }
        List<Row> removed = deleteUnchanged(leaving.get().stream().map(Row::of).toList());
        if (removed.size() < leaving.get().size()) {
            // On a database without row locks, another caller may have changed one of the sessions.
            throw new SQLTransactionRollbackException("A session changed during a login", CONFLICT);
        }
        return Optional.of(sessions(removed));
    }

    private void takeLock(SessionRecord session) throws SQLException {
        connection.begin();
        int bucket = Math.floorMod(session.userId().hashCode(), LOCKS);
        if (connection.update(sql.takeLock()).bind("bucket", bucket).execute() != 1) {
            throw new SessionStoreException("The table " + sql.lockTable() + " has no row for bucket " + bucket
                    + ", but needs rows for 0 to " + (LOCKS - 1)
                    + ": call createTableIfMissing(), or run the DDL in the jdbc-store jar");
        }
    }

    private List<Row> lockedRows(SessionRecord session, int max) throws SQLException {
        return read(connection
                .query(sql.list() + family.forUpdate())
                .bind("user_id", session.userId())
                .setMaxRows(max));
    }

    private static Optional<List<SessionRecord>> decide(SessionRecord session, List<Row> own, Admission admission) {
        if (own.stream().anyMatch(row -> row.key().equals(keyOf(session)))) {
            throw new SessionStoreException("The user has a session with this id already");
        }
        return admission.decide(sessions(own));
    }

    Optional<SessionRecord> find(SessionKey key) throws SQLException {
        return sessions(rowsOf(key, sql.find())).stream().findFirst();
    }

    /** Returns at most one row. */
    private List<Row> rowsOf(SessionKey key, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepare(query)) {
            statement.setString(1, key.userId());
            statement.setString(2, key.sessionId());
            return read(statement).stream().filter(row -> row.key().equals(key)).toList();
        }
    }

    /** Finds several sessions with one query. The result has an entry for every key. */
    Map<SessionKey, Optional<SessionRecord>> findAll(Set<SessionKey> keys) throws SQLException {
        Map<SessionKey, Optional<SessionRecord>> found = new HashMap<>();
        keys.forEach(key -> found.put(key, Optional.empty()));
        int length = lengthOfList(keys.size());
        try (PreparedStatement statement =
                connection.prepare(family.hasArrays() ? sql.findInArrays() : sql.findInList(length))) {
            if (family.hasArrays()) {
                connection.setArray(statement, 1, keys.stream().map(SessionKey::userId));
                connection.setArray(statement, 2, keys.stream().map(SessionKey::sessionId));
            } else {
                setList(statement, List.copyOf(keys), length);
            }
            read(statement).forEach(row -> found.replace(row.key(), row.session()));
        }
        return found;
    }

    /** Returns one of a few lengths, so that there are few statements to prepare. */
    private static int lengthOfList(int keys) {
        int length = FEWEST_IN_A_LIST;
        while (length < keys) {
            length *= FEWEST_IN_A_LIST;
        }
        return length;
    }

    /** Pads the list with the last key. */
    private static void setList(PreparedStatement statement, List<SessionKey> keys, int length) throws SQLException {
        for (int i = 0; i < length; i++) {
            SessionKey key = keys.get(Math.min(i, keys.size() - 1));
            statement.setString(2 * i + 1, key.userId());
            statement.setString(2 * i + 2, key.sessionId());
        }
    }

    List<SessionRecord> list(String userId) throws SQLException {
        return sessions(ofUser(userId, read(connection.query(sql.list()).bind("user_id", userId))));
    }

    boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) throws SQLException {
        if (family.locksInSubqueries()) {
            return touchUnlessLocked(seen, lastActiveAt, expiresAt);
        }
        if (family.locksRows()) {
            connection.begin();
            if (!lockForTouch(seen)) {
                return false;
            }
        }
        return touch(sql.touch(), seen, lastActiveAt, expiresAt);
    }

    /** A refused statement aborts its transaction, so the plain update runs in a new one. */
    private boolean touchUnlessLocked(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) throws SQLException {
        if (asynchronousCommit.isRefused()) {
            return touch(sql.touchUnlessLocked(), seen, lastActiveAt, expiresAt);
        }
        try {
            return touch(sql.touchUnlessLockedWithAsynchronousCommit(), seen, lastActiveAt, expiresAt);
        } catch (SQLException e) {
            if (!AsynchronousCommit.isRefusal(e) || !connection.rollback(e)) {
                throw e;
            }
            boolean touched = touch(sql.touchUnlessLocked(), seen, lastActiveAt, expiresAt);
            // Only now is it certain that the function was the reason.
            asynchronousCommit.remember(e);
            return touched;
        }
    }

    private boolean lockForTouch(SessionRecord seen) throws SQLException {
        try (PreparedStatement select = connection.prepare(sql.lockForTouch())) {
            setSeen(select, 1, seen);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    private boolean touch(String statement, SessionRecord seen, Instant lastActiveAt, Instant expiresAt)
            throws SQLException {
        try (PreparedStatement update = connection.prepare(statement)) {
            update.setLong(1, lastActiveAt.toEpochMilli());
            update.setLong(2, expiresAt.toEpochMilli());
            setSeen(update, 3, seen);
            return update.executeUpdate() == 1;
        }
    }

    private static void setSeen(PreparedStatement statement, int position, SessionRecord seen) throws SQLException {
        statement.setString(position, seen.userId());
        statement.setString(position + 1, seen.id());
        statement.setLong(position + 2, seen.version());
    }

    boolean replace(SessionRecord seen, SessionRecord next) throws SQLException {
        return SessionRow.bindSeen(SessionRow.bind(connection.update(sql.replace()), next), keyOf(seen), seen.version())
                        .execute()
                == 1;
    }

    /**
     * Deletes sessions by their ids, and adds what it deleted to {@code removed}.
     *
     * @param sessionIds 1 to {@link #LONGEST_LIST}
     * @return whether none is left; if not, call it again
     */
    boolean delete(String userId, List<String> sessionIds, List<SessionRecord> removed) throws SQLException {
        return deleteBatch(table -> table.rowsOf(userId, sessionIds), removed);
    }

    /**
     * Deletes a batch of the user's sessions, and adds what it deleted to {@code removed}.
     *
     * @return whether none is left; if not, call it again
     */
    boolean deleteAll(String userId, @Nullable String keptSessionId, List<SessionRecord> removed) throws SQLException {
        return deleteBatch(table -> table.batchOf(userId, keptSessionId), removed);
    }

    /**
     * Reads sessions, and deletes those that have not changed since. If every one has changed, this tries again, so
     * that each call deletes something or runs out of time. The caller repeats the call until none is left. So
     * {@code removed} is exactly what was removed, also if the call is retried.
     *
     * <p>Reading and deleting are separate transactions. A read locks nothing, so it holds up no other call, and each
     * read sees fresh rows in every isolation level. Nothing is left when a read returned less than a batch and all of
     * it was deleted. Sessions that are created meanwhile may be removed too.
     */
    private boolean deleteBatch(Work<SessionTable, List<Row>> read, List<SessionRecord> removed) throws SQLException {
        List<Row> seen;
        List<Row> deleted;
        do {
            seen = read.on(this);
            connection.commit();
            if (seen.size() > 1) {
                connection.begin();
            }
            deleted = deleteUnchanged(seen);
            connection.commit();
            removed.addAll(sessions(deleted));
        } while (deleted.isEmpty() && !seen.isEmpty());
        return seen.size() < BATCH && deleted.size() == seen.size();
    }

    private List<Row> rowsOf(String userId, List<String> sessionIds) throws SQLException {
        int length = sessionIds.size() == 1 ? 1 : lengthOfList(sessionIds.size());
        try (PreparedStatement statement =
                connection.prepare((length == 1 ? sql.find() : sql.findOfUser(length)) + lock())) {
            statement.setString(1, userId);
            for (int i = 0; i < length; i++) {
                statement.setString(2 + i, sessionIds.get(Math.min(i, sessionIds.size() - 1)));
            }
            return ofUser(userId, read(statement)).stream()
                    .filter(row -> sessionIds.contains(row.key().sessionId()))
                    .toList();
        }
    }

    /**
     * Reads at most one batch of the user's sessions. If a full batch contains rows of other users, rows of this user
     * may be missing from it. Such a table is refused, because its collation is wrong.
     */
    private List<Row> batchOf(String userId, @Nullable String keptSessionId) throws SQLException {
        Query query = keptSessionId == null
                ? connection.query(sql.list() + lock())
                : connection.query(sql.listOthers() + lock()).bind("kept", keptSessionId);
        List<Row> rows = read(query.bind("user_id", userId).setMaxRows(BATCH));
        List<Row> own = ofUser(userId, rows);
        if (rows.size() == BATCH && own.size() < BATCH) {
            throw new SessionStoreException("The column user_id of " + sql.table()
                    + " treats different user ids as equal: give it the binary collation of the DDL in the jdbc-store"
                    + " jar");
        }
        return own;
    }

    /** A transaction of the application may read an older state of a row, and again the same state, unless it locks. */
    private String lock() {
        return connection.isJoined() ? family.forUpdate() : "";
    }

    /** Deletes the rows that still have the version that was seen, in the order of the primary key. Returns those. */
    private List<Row> deleteUnchanged(List<Row> seen) throws SQLException {
        List<Row> inOrder = seen.stream()
                .sorted(Comparator.comparing(row -> row.key().sessionId()))
                .toList();
        return inOrder.size() < 2 || batchesHideCounts.get() ? deleteEach(inOrder) : deleteTogether(inOrder);
    }

    /** Deletes the rows without a trip to the server for each, if the driver can. */
    private List<Row> deleteTogether(List<Row> inOrder) throws SQLException {
        PreparedBatch delete = connection.batch(sql.deleteUnchanged());
        inOrder.forEach(
                row -> SessionRow.bindSeen(delete, row.key(), row.version()).add());
        int[] counts = delete.execute();
        if (Arrays.stream(counts).anyMatch(count -> count < 0)) {
            // For instance MariaDB's driver with useBulkStmts. The retry deletes each row by itself.
            batchesHideCounts.set(true);
            throw new SQLTransactionRollbackException("The driver did not report the row counts of a batch", CONFLICT);
        }
        return IntStream.range(0, inOrder.size())
                .filter(i -> counts[i] == 1)
                .mapToObj(inOrder::get)
                .toList();
    }

    private List<Row> deleteEach(List<Row> inOrder) throws SQLException {
        List<Row> removed = new ArrayList<>();
        for (Row row : inOrder) {
            if (SessionRow.bindSeen(connection.update(sql.deleteUnchanged()), row.key(), row.version())
                            .execute()
                    == 1) {
                removed.add(row);
            }
        }
        return removed;
    }

    /** Removes at most one batch of expired rows. On a database without row locks it removes all of them. */
    int purge(Instant expiredAtOrBefore) throws SQLException {
        connection.begin();
        long millis = expiredAtOrBefore.toEpochMilli();
        if (!family.locksRows()) {
            return connection
                    .update(sql.deleteExpired())
                    .bind("expired_at_or_before", millis)
                    .execute();
        }
        List<SessionKey> locked = connection
                .query(sql.lockExpired(family))
                .bind("expired_at_or_before", millis)
                .bind("limit", BATCH)
                .map((row, context) -> new SessionKey(row.getString(1), row.getString(2)))
                .list();
        if (!locked.isEmpty()) {
            PreparedBatch delete = connection.batch(sql.deleteLocked());
            locked.forEach(key -> delete.bind("user_id", key.userId())
                    .bind("session_id", key.sessionId())
                    .add());
            delete.execute();
        }
        return locked.size();
    }

    private static SessionKey keyOf(SessionRecord session) {
        return new SessionKey(session.userId(), session.id());
    }

    /** Removes rows of other users, which a table with a folding collation may return. */
    private static List<Row> ofUser(String userId, List<Row> rows) {
        return rows.stream().filter(row -> row.key().userId().equals(userId)).toList();
    }

    private static List<SessionRecord> sessions(List<Row> rows) {
        return rows.stream().flatMap(row -> row.session().stream()).toList();
    }

    private List<Row> read(PreparedStatement query) throws SQLException {
        List<Row> found = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                found.add(read(rows));
            }
        }
        return found;
    }

    private List<Row> read(Query query) {
        return query.map((row, context) -> read(row)).list();
    }

    /** The network timeout limits each read of a row, but not the number of reads. */
    private Row read(ResultSet row) throws SQLException {
        connection.limit().requireTimeLeft();
        try {
            return Row.of(SessionRow.read(row));
        } catch (SQLDataException e) {
            unreadable.report(sql.table(), e);
            return new Row(new SessionKey(row.getString(1), row.getString(2)), row.getLong(3), Optional.empty());
        }
    }

    /**
     * What one row holds.
     *
     * @param session empty if another program has made the row invalid. Then it counts as no session, but a delete
     *     removes it
     */
    private record Row(SessionKey key, long version, Optional<SessionRecord> session) {
        static Row of(SessionRecord session) {
            return new Row(keyOf(session), session.version(), Optional.of(session));
        }
    }
}
