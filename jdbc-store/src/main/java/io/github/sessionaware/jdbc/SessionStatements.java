package io.github.sessionaware.jdbc;

import java.util.regex.Pattern;

/** Every statement, for one table. Only the table's name, which is checked, is put into the text; values are bound. */
record SessionStatements(String table) {
    private static final Pattern TABLE =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_]{0,62}");

    private static final String COLUMNS =
            "session_id, user_id, device, user_agent, ip_address, location, created_at, last_active_at, expires_at";

    SessionStatements {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException(
                    "tableName must be letters, digits and underscores, with a schema before a dot if need be");
        }
    }

    String insert() {
        return """
                insert into %s (%s)
                values (:sessionId, :userId, :device, :userAgent, :ipAddress, :location,
                        :createdAt, :lastActiveAt, :expiresAt)
                """.formatted(table, COLUMNS);
    }

    /** With a positional parameter, because it runs on JDBC directly. */
    String find() {
        return """
                select %s
                from %s
                where session_id = ?
                """.formatted(COLUMNS, table);
    }

    String list() {
        return """
                select %s
                from %s
                where user_id = :userId
                """.formatted(COLUMNS, table);
    }

    /** The row count is the verdict: of several callers that saw the same activity, one finds it unchanged. */
    String touch() {
        return """
                update %s
                set last_active_at = :lastActiveAt, expires_at = :expiresAt
                where session_id = :sessionId and last_active_at = :seenLastActiveAt
                """.formatted(table);
    }

    String lockOne() {
        return """
                select %s
                from %s
                where session_id = :sessionId and user_id = :userId
                for update
                """.formatted(COLUMNS, table);
    }

    /** In one order for everybody, so that two callers do not wait for each other's rows. */
    String lockAll() {
        return """
                select %s
                from %s
                where user_id = :userId
                order by session_id
                for update
                """.formatted(COLUMNS, table);
    }

    String delete() {
        return """
                delete from %s
                where session_id = :sessionId
                """.formatted(table);
    }

    String purge() {
        return """
                delete from %s
                where expires_at <= :expiredAtOrBefore
                """.formatted(table);
    }
}
