package io.github.sessionaware.jdbc;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Runs the statements on one connection. The caller decides about transactions, except for a touch of two statements,
 * which begins its own.
 *
 * <p>To avoid deadlocks, statements lock rows by primary key, and several rows in the order of their ids:
 *
 * <ul>
 *   <li>{@link #lockOthers} finds rows by their user. It runs in a limited login, where a lock keeps other limited
 *       logins of the user out, or in a transaction of the application. InnoDB then locks the index before the row. It
 *       may roll back such a login, or a call that deletes one of these rows. The store retries both.
 *   <li>{@link #purge} finds rows by their deadline and skips locked rows.
 *   <li>A touch skips a locked row.
 * </ul>
 *
 * <p>The results are compared with the arguments once more in Java, because a table that was converted to another
 * collation may return the rows of {@code Bob} for {@code bob}.
 */
final class SessionTable implements AutoCloseable {
    /** No session has this id. */
    static final String NO_SESSION = "";

    private static final int LOCKS = 64;
    private static final int FEWEST_IN_A_LIST = 4;

    private final Connection connection;
    private final SessionStatements sql;
    private final DatabaseFamily family;
    private final TimeLimit limit;
    private final Handles handles;
    private final AsynchronousCommit asynchronousCommit;
    private Handles.@Nullable Lent lent;
    private @Nullable Handle handle;
    private boolean begun;

    SessionTable(
            Connection connection,
            SessionStatements sql,
            DatabaseFamily family,
            TimeLimit limit,
            Handles handles,
            AsynchronousCommit asynchronousCommit) {
        this.connection = connection;
        this.sql = sql;
        this.family = family;
        this.limit = limit;
        this.handles = handles;
        this.asynchronousCommit = asynchronousCommit;
    }

    void begin() throws SQLException {
        if (connection.getAutoCommit()) {
            // MariaDB's driver sends this to the server at once and waits for the answer.
            limit.start();
            begun = true;
            connection.setAutoCommit(false);
        }
    }

    /** Commits the open transaction, whether {@link #begin} began it or the connection has auto-commit off. */
    void commit() throws SQLException {
        if (!connection.getAutoCommit()) {
            limit.start();
            connection.commit();
            restoreAutoCommit();
        }
    }

    /**
     * Rolls back and returns true if that succeeded. If it failed, this gives the connection up, because the pool might
     * commit the rest.
     */
    boolean rollback(Throwable failure) {
        try {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.rollback();
                restoreAutoCommit();
            }
            return true;
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
            abort(failure);
            return false;
        }
    }

    /** Closes the connection too, because H2 ignores an abort. */
    private void abort(Throwable failure) {
        try {
            connection.abort(Runnable::run);
            connection.close();
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void restoreAutoCommit() throws SQLException {
        if (begun) {
            connection.setAutoCommit(true);
            begun = false;
        }
    }

    void createIfMissing() throws SQLException {
        limit.start();
        handle().createScript(family.ddl(sql.table())).execute();
    }

    /** Returns true if there is a table of that name, with any columns. Fails if there is none. */
    boolean exists(String name) throws SQLException {
        query(SessionStatements.noRow(name)).mapToMap().list();
        return true;
    }

    /**
     * Returns whether the tables were created completely, because the version is written last. Refuses tables of
     * another version before anything is written to them.
     */
    boolean hasVersion() throws SQLException {
        Optional<Integer> version =
                query(sql.schemaVersion()).mapTo(Integer.class).findFirst();
        if (version.isPresent() && version.get() != JdbcSessionStore.SCHEMA_VERSION) {
            throw new SessionStoreException("The session table " + sql.table() + " has schema version " + version.get()
                    + ", but this release of session-aware-jwt works with version " + JdbcSessionStore.SCHEMA_VERSION
                    + ": use the release that created the table, or another table (withTableName)");
        }
        return version.isPresent();
    }

    boolean hasLocks() throws SQLException {
        return query(sql.countLocks()).mapTo(Integer.class).one() >= LOCKS;
    }

    /**
     * Inserts a session and deletes those that the choice returns. Logins of one user wait for each other at one of a
     * few rows, which other users share, because a row per user would outlive the user's sessions. The user's sessions
     * are locked, so that they cannot change between the choice and the delete.
     */
    Optional<List<Session>> insertLimited(Session session, Function<List<Session>, Optional<List<Session>>> choice)
            throws SQLException {
        int bucket = Math.floorMod(session.userId().hashCode(), LOCKS);
        if (update(sql.takeLock()).bind("bucket", bucket).execute() != 1) {
            throw new SessionStoreException("The table " + sql.lockTable() + " has no row for bucket " + bucket
                    + ", but needs rows for 0 to " + (LOCKS - 1)
                    + ": call createTableIfMissing(), or run the DDL in the jdbc-store jar");
        }
        Optional<List<Session>> leaving = choice.apply(lockOthers(session.userId(), NO_SESSION));
        if (leaving.isEmpty()) {
            return leaving;
        }
        List<Session> removed = deleteUnchanged(leaving.get());
        insert(session);
        return Optional.of(removed);
    }

    void insert(Session session) throws SQLException {
        SessionRow.bind(update(sql.insert()), session).execute();
    }

    /** Runs on plain JDBC, because every request needs it and Jdbi's statements cost more. */
    Optional<Session> find(String sessionId) throws SQLException {
        try (PreparedStatement statement = prepare(sql.find())) {
            statement.setString(1, sessionId);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(SessionRow.read(rows))
                                .filter(session -> session.id().equals(sessionId))
                        : Optional.empty();
            }
        }
    }

    /** Finds several sessions with one query. The result has an entry for every id. */
    Map<String, Optional<Session>> findAll(Set<String> sessionIds) throws SQLException {
        Map<String, Optional<Session>> found = new HashMap<>();
        sessionIds.forEach(id -> found.put(id, Optional.empty()));
        List<String> ids = List.copyOf(sessionIds);
        int length = lengthOfList(ids.size());
        try (PreparedStatement statement = prepare(family.hasArrays() ? sql.findInArray() : sql.findInList(length))) {
            bind(statement, ids, length);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    limit.requireTimeLeft();
                    Session session = SessionRow.read(rows);
                    found.replace(session.id(), Optional.of(session));
                }
            }
        }
        return found;
    }

    /** Returns one of a few lengths, so that there are few statements to prepare. */
    private static int lengthOfList(int ids) {
        int length = FEWEST_IN_A_LIST;
        while (length < ids) {
            length *= FEWEST_IN_A_LIST;
        }
        return length;
    }

    /** Pads a list with the last id. */
    private void bind(PreparedStatement statement, List<String> ids, int length) throws SQLException {
        if (family.hasArrays()) {
            statement.setArray(1, connection.createArrayOf("varchar", ids.toArray()));
            return;
        }
        for (int i = 0; i < length; i++) {
            statement.setString(i + 1, ids.get(Math.min(i, ids.size() - 1)));
        }
    }

    List<Session> list(String userId) throws SQLException {
        return sessionsOf(userId, query(sql.list()));
    }

    /**
     * Lists at most one batch of the user's sessions. If a full batch contains rows of other users, rows of this user
     * may be missing from it. Such a table is refused, because its collation is wrong.
     */
    List<Session> listOthers(String userId, String keptSessionId, int atMost) throws SQLException {
        List<Session> rows = rowsOf(
                userId,
                query(sql.listOthers()).bind("keptSessionId", keptSessionId).setMaxRows(atMost));
        List<Session> own = ofUser(userId, rows);
        if (rows.size() == atMost && own.size() < atMost) {
            throw new SessionStoreException("The column user_id of " + sql.table()
                    + " treats different user ids as equal: give it the binary collation of the DDL in the jdbc-store"
                    + " jar");
        }
        return own;
    }

    List<Session> lock(String userId, String sessionId) throws SQLException {
        return sessionsOf(userId, query(sql.lock()).bind("sessionId", sessionId)).stream()
                .filter(session -> session.id().equals(sessionId))
                .toList();
    }

    /** Repeats the query until it finds the same rows, because a session may get another id while this waits. */
    List<Session> lockOthers(String userId, String keptSessionId) throws SQLException {
        List<Session> locked = lockOthersOnce(userId, keptSessionId);
        while (true) {
            List<Session> again = lockOthersOnce(userId, keptSessionId);
            if (again.equals(locked)) {
                return locked;
            }
            locked = again;
        }
    }

    private List<Session> lockOthersOnce(String userId, String keptSessionId) throws SQLException {
        return sessionsOf(userId, query(sql.lockOthers()).bind("keptSessionId", keptSessionId));
    }

    /** Runs on plain JDBC, because it is part of a request. */
    boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) throws SQLException {
        if (family.locksInSubqueries()) {
            return touchUnlessLocked(seen, lastActiveAt, expiresAt);
        }
        if (family.skipsLocked()) {
            begin();
            if (!lockForTouch(seen)) {
                return false;
            }
        }
        return touch(sql.touch(), seen, lastActiveAt, expiresAt);
    }

    /** A refused statement aborts its transaction, so the plain update runs in a new one. */
    private boolean touchUnlessLocked(Session seen, Instant lastActiveAt, Instant expiresAt) throws SQLException {
        if (asynchronousCommit.isRefused()) {
            return touch(sql.touchUnlessLocked(), seen, lastActiveAt, expiresAt);
        }
        try {
            return touch(sql.touchUnlessLockedWithAsynchronousCommit(), seen, lastActiveAt, expiresAt);
        } catch (SQLException e) {
            if (!AsynchronousCommit.isRefusal(e) || !rollback(e)) {
                throw e;
            }
            boolean touched = touch(sql.touchUnlessLocked(), seen, lastActiveAt, expiresAt);
            // Only now is it certain that the function was the reason.
            asynchronousCommit.remember(e);
            return touched;
        }
    }

    private boolean lockForTouch(Session seen) throws SQLException {
        try (PreparedStatement select = prepare(sql.lockForTouch())) {
            select.setString(1, seen.id());
            select.setLong(2, seen.lastActiveAt().toEpochMilli());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    private boolean touch(String statement, Session seen, Instant lastActiveAt, Instant expiresAt) throws SQLException {
        try (PreparedStatement update = prepare(statement)) {
            update.setLong(1, lastActiveAt.toEpochMilli());
            update.setLong(2, expiresAt.toEpochMilli());
            update.setString(3, seen.id());
            update.setLong(4, seen.lastActiveAt().toEpochMilli());
            return update.executeUpdate() == 1;
        }
    }

    /**
     * Replaces the session if it is still as it was seen. The stored label may differ from the label that was seen,
     * because this release or this Java cleans more characters than the one that wrote it. If the session still reads
     * the same, the label is compared as it is stored.
     */
    boolean replace(Session seen, Session next) throws SQLException {
        if (replace(seen, seen.label(), next)) {
            return true;
        }
        Optional<String> stored = query(sql.label())
                .bind("sessionId", seen.id())
                .mapTo(String.class)
                .findFirst();
        return stored.isPresent()
                && !stored.get().equals(seen.label())
                && find(seen.id())
                        .filter(found -> Objects.equals(found.label(), seen.label()))
                        .isPresent()
                && replace(seen, stored.get(), next);
    }

    private boolean replace(Session seen, @Nullable String storedLabel, Session next) throws SQLException {
        return SessionRow.bindSeen(SessionRow.bind(update(sql.replace()), next), seen)
                        .bind("seenLabel", storedLabel == null ? "" : storedLabel)
                        .execute()
                == 1;
    }

    /** Deletes the sessions that are still as they were seen, in the order of their ids, and returns them. */
    List<Session> deleteUnchanged(List<Session> seen) throws SQLException {
        List<Session> removed = new ArrayList<>();
        List<Session> inOrder =
                seen.stream().sorted(Comparator.comparing(Session::id)).toList();
        for (Session session : inOrder) {
            if (SessionRow.bindSeen(update(sql.deleteUnchanged()), session).execute() == 1) {
                removed.add(session);
            }
        }
        return removed;
    }

    /** Removes at most {@code atMost} expired rows. On a database of another kind it removes all of them. */
    int purge(Instant expiredAtOrBefore, int atMost) throws SQLException {
        if (!family.skipsLocked()) {
            return update(sql.deleteExpired())
                    .bind("expiredAtOrBefore", expiredAtOrBefore.toEpochMilli())
                    .execute();
        }
        List<String> locked = query(sql.lockExpired(family))
                .bind("expiredAtOrBefore", expiredAtOrBefore.toEpochMilli())
                .bind("limit", atMost)
                .mapTo(String.class)
                .list();
        if (!locked.isEmpty()) {
            PreparedBatch delete = handle().prepareBatch(sql.deleteLocked());
            setTimeout(delete);
            locked.forEach(id -> delete.bind("sessionId", id).add());
            delete.execute();
        }
        return locked.size();
    }

    private List<Session> sessionsOf(String userId, Query query) {
        return ofUser(userId, rowsOf(userId, query));
    }

    /** Removes rows of other users, which a table with a folding collation may return. */
    private static List<Session> ofUser(String userId, List<Session> rows) {
        return rows.stream().filter(session -> session.userId().equals(userId)).toList();
    }

    private List<Session> rowsOf(String userId, Query query) {
        return query.bind("userId", userId)
                .map((row, context) -> {
                    // The network timeout limits each read, but not the number of reads.
                    limit.requireTimeLeft();
                    return SessionRow.read(row);
                })
                .list();
    }

    private Handle handle() {
        if (handle == null) {
            lent = handles.on(connection);
            handle = lent.handle();
        }
        return handle;
    }

    /** Leaves the connection open. */
    @Override
    public void close() {
        if (lent != null) {
            lent.close();
        }
    }

    private PreparedStatement prepare(String statement) throws SQLException {
        int seconds = limit.start();
        PreparedStatement prepared = connection.prepareStatement(statement);
        if (family.cancelsStatements()) {
            prepared.setQueryTimeout(seconds);
        }
        return prepared;
    }

    private Query query(String statement) throws SQLException {
        return setTimeout(handle().createQuery(statement));
    }

    private Update update(String statement) throws SQLException {
        return setTimeout(handle().createUpdate(statement));
    }

    private <S extends SqlStatement<S>> S setTimeout(S statement) throws SQLException {
        int seconds = limit.start();
        return family.cancelsStatements() ? statement.setQueryTimeout(seconds) : statement;
    }
}
