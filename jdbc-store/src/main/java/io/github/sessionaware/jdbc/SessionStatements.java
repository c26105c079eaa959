package io.github.sessionaware.jdbc;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Holds every statement for one table. Only the checked table name becomes part of the text; values are bound.
 * Statements on plain JDBC have positional parameters, statements on Jdbi have named ones.
 */
final class SessionStatements {
    /** Every column, in the order of the DDL. */
    static final List<String> COLUMNS = List.of(("user_id session_id version generation category device user_agent"
                    + " ip_address location label attributes created_at last_active_at expires_at authenticated_at"
                    + " authentication_methods idle_timeout absolute_timeout refresh_state device_key login_device"
                    + " login_network")
            .split(" "));

    /** What a replacement leaves as it is. */
    private static final Set<String> FIXED = Set.of("user_id", "session_id", "created_at");

    /** At most 48 characters, because the DDL appends to the name and PostgreSQL silently cuts names at 63. */
    private static final Pattern TABLE =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_]{0,47}");

    private static final String COLUMN_LIST = String.join(", ", COLUMNS);

    private final String table;
    private final String find;
    private final String findInArrays;

    SessionStatements(String table) {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException("tableName must be at most 48 letters, digits and underscores,"
                    + " optionally after a schema and a dot, was '" + table + "'");
        }
        this.table = table;
        this.find = findWhere("user_id = ? and session_id = ?");
        this.findInArrays = """
                select %s
                from unnest(cast(? as varchar array), cast(? as varchar array)) wanted (wanted_user, wanted_session)
                join %s on user_id = wanted_user and session_id = wanted_session
                """.formatted(COLUMN_LIST, table);
    }

    String table() {
        return table;
    }

    String schemaTable() {
        return table + "_schema";
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

    String insert() {
        return """
                insert into %s (%s)
                values (:%s)
                """.formatted(table, COLUMN_LIST, String.join(", :", COLUMNS));
    }

    /** The text is built once, because it runs often. */
    String find() {
        return find;
    }

    /** Has a parameter for the user ids and one for the session ids of all keys. */
    String findInArrays() {
        return findInArrays;
    }

    /** Has two parameters for each key. MariaDB and MySQL look up each key in the primary key. */
    String findInList(int keys) {
        return findWhere("(user_id = ? and session_id = ?)" + " or (user_id = ? and session_id = ?)".repeat(keys - 1));
    }

    /** Has a parameter for the user id and one for each session id. */
    String findOfUser(int sessionIds) {
        return findWhere("user_id = ? and session_id in (?" + ", ?".repeat(sessionIds - 1) + ")");
    }

    private String findWhere(String condition) {
        return """
                select %s
                from %s
                where %s
                """.formatted(COLUMN_LIST, table, condition);
    }

    String list() {
        return findWhere("user_id = :user_id");
    }

    /** Lists all sessions of the user except one. */
    String listOthers() {
        return findWhere("user_id = :user_id and session_id <> :kept");
    }

    /**
     * Returns nothing while another transaction has locked the row. A touch skips a locked row, so that one locked row
     * cannot exhaust the pool.
     */
    String lockForTouch() {
        return """
                select session_id
                from %s
                where user_id = ? and session_id = ? and version = ?
                for update skip locked
                """.formatted(table);
    }

    /** The row count is the verdict: when several callers saw the same version, one of them updates the row. */
    String touch() {
        return """
                update %s
                set last_active_at = ?, expires_at = ?, version = version + 1
                where user_id = ? and session_id = ? and version = ?
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
                set last_active_at = ?, expires_at = ?, version = version + 1
                where (user_id, session_id) = (
                    select user_id, session_id
                    from %1$s
                    where user_id = ? and session_id = ? and version = ?%2$s
                    for update skip locked)
                """.formatted(table, setting);
    }

    /** The row count is the verdict, as for a touch. */
    String replace() {
        return """
                update %s
                set %s
                where user_id = :user_id and session_id = :session_id and version = :seen_version
                """.formatted(
                        table,
                        COLUMNS.stream()
                                .filter(column -> !FIXED.contains(column))
                                .map(column -> column + " = :" + column)
                                .collect(Collectors.joining(", ")));
    }

    /** The row count is the verdict, as for a touch. */
    String deleteUnchanged() {
        return """
                delete from %s
                where user_id = :user_id and session_id = :session_id and version = :seen_version
                """.formatted(table);
    }

    /**
     * Takes the oldest rows first, by the index. Without the order a planner may scan the whole table for a few rows. A
     * purge skips locked rows, because other calls would wait for the rows that a waiting purge has locked.
     */
    String lockExpired(DatabaseFamily family) {
        return """
                select user_id, session_id
                from %s
                where expires_at <= :expired_at_or_before
                %s
                for update skip locked
                """.formatted(table, family.firstExpired());
    }

    String deleteLocked() {
        return """
                delete from %s
                where user_id = :user_id and session_id = :session_id
                """.formatted(table);
    }

    /** Is plain SQL, for databases without {@code skip locked}. */
    String deleteExpired() {
        return """
                delete from %s
                where expires_at <= :expired_at_or_before
                """.formatted(table);
    }
}
