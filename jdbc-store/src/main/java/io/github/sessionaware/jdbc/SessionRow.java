package io.github.sessionaware.jdbc;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.statement.SqlStatement;

/** A session as a row and back. */
final class SessionRow {
    private static final String INVALID_DATA = "22000";

    private SessionRow() {}

    /** By position, in the order in which {@link SessionStatements} names the columns. */
    static Session read(ResultSet row) throws SQLException {
        ClientInfo client = new ClientInfo(row.getString(3), row.getString(4), row.getString(5), row.getString(6));
        Instant createdAt = Instant.ofEpochMilli(row.getLong(7));
        Instant lastActiveAt = Instant.ofEpochMilli(row.getLong(8));
        Instant expiresAt = Instant.ofEpochMilli(row.getLong(9));
        try {
            return new Session(
                    row.getString(1), row.getString(2), client, createdAt, lastActiveAt, expiresAt, row.getString(10));
        } catch (IllegalArgumentException | NullPointerException e) {
            // For instance padded with spaces by a column of fixed length.
            throw new SQLDataException("A row of the session table holds no session", INVALID_DATA, e);
        }
    }

    static <S extends SqlStatement<S>> S bind(S statement, Session session) {
        return statement
                .bind("sessionId", session.id())
                .bind("userId", session.userId())
                .bind("device", session.client().device())
                .bind("userAgent", session.client().userAgent())
                .bind("ipAddress", session.client().ipAddress())
                .bind("location", session.client().location())
                .bind("createdAt", session.createdAt().toEpochMilli())
                .bind("lastActiveAt", session.lastActiveAt().toEpochMilli())
                .bind("expiresAt", session.expiresAt().toEpochMilli())
                .bind("refreshState", session.refreshState());
    }

    /** What a statement compares to find out that nobody has changed the row since it was read. */
    static <S extends SqlStatement<S>> S bindSeen(S statement, Session seen) {
        return statement
                .bind("sessionId", seen.id())
                .bind("userId", seen.userId())
                .bind("seenLastActiveAt", seen.lastActiveAt().toEpochMilli())
                .bind("seenRefreshState", seen.refreshState() == null ? "-" : seen.refreshState());
    }
}
