package io.github.sessionaware.jdbc;

import java.util.regex.Pattern;

/** Holds every statement for one table. Only the checked table name becomes part of the text; values are bound. */
final class SessionStatements {
    /** At most 48 characters, because the DDL appends to the name and PostgreSQL silently cuts names at 63. */
    private static final Pattern TABLE =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_]{0,47}");

    private static final String COLUMNS =
            "session_id, user_id, device, user_agent, ip_address, location, label, created_at, last_active_at,"
                    + " expires_at, authenticated_at, authentication_methods, idle_timeout, absolute_timeout,"
                    + " refresh_state";

    private static final String VALUES =
            ":sessionId, :userId, :device, :userAgent, :ipAddress, :location, :label, :createdAt, :lastActiveAt,"
                    + " :expiresAt, :authenticatedAt, :authenticationMethods, :idleTimeout, :absoluteTimeout,"
                    + " :refreshState";

    /**
     * Every change of a row changes one of these columns, except a change of its label. An empty string stands for
     * null, because an empty string is never stored.
     */
    private static final String UNCHANGED =
            "session_id = :seenSessionId and user_id = :userId and last_active_at = :seenLastActiveAt"
                    + " and coalesce(refresh_state, '') = :seenRefreshState";

    private final String table;
    private final String find;
    private final String findInArray;

    SessionStatements(String table) {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException("tableName must be at most 48 letters, digits and underscores,"
                    + " optionally after a schema and a dot, was '" + table + "'");
        }
        this.table = table;
        this.find = findWhere("session_id = ?");
        this.findInArray = findWhere("session_id = any(?)");
    }

    String table() {
        return table;
    }

    String schemaTable() {
        return table + "_schema";
    }

    String schemaVersion() {
        return """
                select version
                from %s
                order by version desc
                """.formatted(schemaTable());
    }

    /** Fails if the table does not exist. Reads any columns, but no row. */
    static String noRow(String name) {
        return """
                select *
                from %s
                where 1 = 0
                """.formatted(name);
    }

    String lockTable() {
        return table + "_locks";
    }

    /**
     * Writes to the lock row. So in every isolation level the second of two transactions sees what the first has done,
     * or is rolled back.
     */
    String takeLock() {
        return """
                update %s
                set turns = turns + 1
                where bucket = :bucket
                """.formatted(lockTable());
    }

    String countLocks() {
        return """
                select count(*)
                from %s
                """.formatted(lockTable());
    }

    String insert() {
        return """
                insert into %s (%s)
                values (%s)
                """.formatted(table, COLUMNS, VALUES);
    }

    /** Has a positional parameter, because it runs on plain JDBC. The text is built once, because it runs often. */
    String find() {
        return find;
    }

    /** Has one parameter for all ids, which PostgreSQL understands. */
    String findInArray() {
        return findInArray;
    }

    /** Has a parameter for each id. */
    String findInList(int ids) {
        return findWhere("session_id in (?" + ", ?".repeat(ids - 1) + ")");
    }

    private String findWhere(String condition) {
        return """
                select %s
                from %s
                where %s
                """.formatted(COLUMNS, table, condition);
    }

    String list() {
        return """
                select %s
                from %s
                where user_id = :userId
                """.formatted(COLUMNS, table);
    }

    /** Lists all sessions of the user except one. */
    String listOthers() {
        return """
                select %s
                from %s
                where user_id = :userId and session_id <> :keptSessionId
                """.formatted(COLUMNS, table);
    }

    /**
     * Returns nothing while another transaction has locked the row. A touch skips a locked row, so that one locked row
     * cannot exhaust the pool. Touches have positional parameters, because they run on plain JDBC.
     */
    String lockForTouch() {
        return """
                select session_id
                from %s
                where session_id = ? and last_active_at = ?
                for update skip locked
                """.formatted(table);
    }

    /** The row count is the verdict: when several callers saw the same activity, one of them updates the row. */
    String touch() {
        return """
                update %s
                set last_active_at = ?, expires_at = ?
                where session_id = ? and last_active_at = ?
                """.formatted(table);
    }

    /**
     * Locks and updates in one statement, which saves a trip to the server and never holds a lock between two trips.
     * The row count is the verdict, as for {@link #touch}.
     */
    String touchUnlessLocked() {
        return touchUnlessLocked("");
    }

    /**
     * Commits without waiting for the disk or a standby, because no request should wait for activity. PostgreSQL writes
     * commits in their order, so a crash loses only the last touches. Whatever is acknowledged after a touch, such as
     * the end of the session, reaches the disk together with it. The setting comes before the lock, because a lock
     * alone makes the transaction write a commit, even if another touch came first and nothing is updated.
     */
    String touchUnlessLockedWithAsynchronousCommit() {
        return touchUnlessLocked("""

                        and pg_catalog.set_config('synchronous_commit', 'off', true) = 'off'""");
    }

    private String touchUnlessLocked(String setting) {
        return """
                update %1$s
                set last_active_at = ?, expires_at = ?
                where session_id = (
                    select session_id
                    from %1$s
                    where session_id = ? and last_active_at = ?%2$s
                    for update skip locked)
                """.formatted(table, setting);
    }

    /** The row count is the verdict, as for a touch. */
    String replace() {
        return """
                update %s
                set session_id = :sessionId, device = :device, user_agent = :userAgent, ip_address = :ipAddress,
                    location = :location, label = :label, last_active_at = :lastActiveAt, expires_at = :expiresAt,
                    authenticated_at = :authenticatedAt, authentication_methods = :authenticationMethods,
                    idle_timeout = :idleTimeout, absolute_timeout = :absoluteTimeout, refresh_state = :refreshState
                where %s and coalesce(label, '') = :seenLabel
                """.formatted(table, UNCHANGED);
    }

    /** Reads the label as it is stored, without cleaning it. */
    String label() {
        return """
                select label
                from %s
                where session_id = :sessionId
                """.formatted(table);
    }

    /** The row count is the verdict. It ignores the label, so that a renamed session can be ended. */
    String deleteUnchanged() {
        return """
                delete from %s
                where %s
                """.formatted(table, UNCHANGED);
    }

    /**
     * Locks the row until the end of the transaction. It reads the newest row, even if the transaction has seen an
     * older one.
     */
    String lock() {
        return """
                select %s
                from %s
                where session_id = :sessionId and user_id = :userId
                for update
                """.formatted(COLUMNS, table);
    }

    /** Locks all sessions of the user except one, which stays unlocked. */
    String lockOthers() {
        return listOthers() + """
                order by session_id
                for update
                """;
    }

    /**
     * Takes the oldest rows first, by the index. Without the order a planner may scan the whole table for a few rows. A
     * purge skips locked rows, because other calls would wait for the rows that a waiting purge has locked.
     */
    String lockExpired(DatabaseFamily family) {
        return """
                select session_id
                from %s
                where expires_at <= :expiredAtOrBefore
                %s
                limit :limit
                for update skip locked
                """.formatted(table, family.orderOfExpired());
    }

    String deleteLocked() {
        return """
                delete from %s
                where session_id = :sessionId
                """.formatted(table);
    }

    /** Is plain SQL, for databases without {@code skip locked}. */
    String deleteExpired() {
        return """
                delete from %s
                where expires_at <= :expiredAtOrBefore
                """.formatted(table);
    }
}
