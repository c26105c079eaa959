package io.github.sessionaware.jdbc;

import java.util.regex.Pattern;

/** Every statement, for one table. Only the table's name, which is checked, is put into the text; values are bound. */
final class SessionStatements {
    /** Short enough for the names that the DDL derives from it: PostgreSQL cuts at 63 without a word. */
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
     * Whatever changes a row, but for its label, changes one of these. An empty string stands for null, and is never
     * stored.
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
                    + " with a schema before a dot if need be");
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

    /** Of the one table or the other, with whatever columns there are. */
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
     * A write, so that in every isolation level whoever comes second sees what the first has done, or is rolled back.
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

    /** With a positional parameter, because it runs on JDBC directly, and made once, because it runs so often. */
    String find() {
        return find;
    }

    /** With one parameter for all ids, on PostgreSQL. */
    String findInArray() {
        return findInArray;
    }

    /** With a parameter for each id. */
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

    /** All but the one that is kept. */
    String listOthers() {
        return """
                select %s
                from %s
                where user_id = :userId and session_id <> :keptSessionId
                """.formatted(COLUMNS, table);
    }

    /**
     * Empty too while somebody else has the row locked: activity is not worth waiting for, with a connection in hand.
     * With positional parameters, as all that a touch takes, because it runs on JDBC directly.
     */
    String lockForTouch() {
        return """
                select session_id
                from %s
                where session_id = ? and last_active_at = ?
                for update skip locked
                """.formatted(table);
    }

    /** The row count is the verdict: of several callers that saw the same activity, one finds it unchanged. */
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

    /** The label as it is stored, which another hand may have written. */
    String label() {
        return """
                select label
                from %s
                where session_id = :sessionId
                """.formatted(table);
    }

    /** The row count is the verdict. Whatever its label is, a session can be ended. */
    String deleteUnchanged() {
        return """
                delete from %s
                where %s
                """.formatted(table, UNCHANGED);
    }

    /** Reads the newest row, whatever the transaction has seen before, and keeps it from changing until its end. */
    String lock() {
        return """
                select %s
                from %s
                where session_id = :sessionId and user_id = :userId
                for update
                """.formatted(COLUMNS, table);
    }

    /** Likewise, and the one that is kept stays free. */
    String lockOthers() {
        return listOthers() + """
                order by session_id
                for update
                """;
    }

    /**
     * The oldest rows first, by the index: without the order a planner may search the whole table for the first few.
     * Rows that somebody else has locked are left for the next turn, so that nobody waits for a purge's waiting.
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

    /** In plain SQL, for databases without {@code skip locked}. */
    String deleteExpired() {
        return """
                delete from %s
                where expires_at <= :expiredAtOrBefore
                """.formatted(table);
    }
}
