package io.github.sessionaware.jdbc;

import io.github.sessionaware.Authentication;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionTimeouts;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Converts a row to a session and back. */
final class SessionRow {
    private static final String INVALID_DATA = "22000";

    private SessionRow() {}

    /** Reads the columns by position, in the order in which {@link SessionStatements} lists them. */
    static Session read(ResultSet row) throws SQLException {
        ClientInfo client = new ClientInfo(row.getString(3), row.getString(4), row.getString(5), row.getString(6));
        try {
            return new Session(
                    row.getString(1),
                    row.getString(2),
                    client,
                    row.getString(7),
                    Instant.ofEpochMilli(row.getLong(8)),
                    Instant.ofEpochMilli(row.getLong(9)),
                    Instant.ofEpochMilli(row.getLong(10)),
                    authentication(row.getLong(11), row.getString(12)),
                    timeouts(row.getLong(13), row.getLong(14)),
                    row.getString(15));
        } catch (IllegalArgumentException | NullPointerException e) {
            // For instance a column of fixed length has padded a value with spaces.
            throw new SQLDataException("A row of the session table is not a valid session", INVALID_DATA, e);
        }
    }

    private static Authentication authentication(long millis, @Nullable String methods) {
        return new Authentication(
                Instant.ofEpochMilli(millis), methods == null ? List.of() : List.of(methods.split(" ", -1)));
    }

    /** A timeout is never zero, so zero means that the column is null. */
    private static @Nullable SessionTimeouts timeouts(long idle, long absolute) {
        return idle == 0 || absolute == 0
                ? null
                : new SessionTimeouts(Duration.ofMillis(idle), Duration.ofMillis(absolute));
    }

    static <S extends SqlStatement<S>> S bind(S statement, Session session) {
        List<String> methods = session.authentication().methods();
        SessionTimeouts timeouts = session.timeouts();
        return statement
                .bind("sessionId", session.id())
                .bind("userId", session.userId())
                .bind("device", session.client().device())
                .bind("userAgent", session.client().userAgent())
                .bind("ipAddress", session.client().ipAddress())
                .bind("location", session.client().location())
                .bind("label", session.label())
                .bind("createdAt", session.createdAt().toEpochMilli())
                .bind("lastActiveAt", session.lastActiveAt().toEpochMilli())
                .bind("expiresAt", session.expiresAt().toEpochMilli())
                .bind("authenticatedAt", session.authentication().time().toEpochMilli())
                .bind("authenticationMethods", methods.isEmpty() ? null : String.join(" ", methods))
                .bind("idleTimeout", timeouts == null ? null : timeouts.idle().toMillis())
                .bind(
                        "absoluteTimeout",
                        timeouts == null ? null : timeouts.absolute().toMillis())
                .bind("refreshState", session.refreshState());
    }

    /** Binds the values that show whether the row has changed since it was read. They do not include the label. */
    static <S extends SqlStatement<S>> S bindSeen(S statement, Session seen) {
        return statement
                .bind("seenSessionId", seen.id())
                .bind("userId", seen.userId())
                .bind("seenLastActiveAt", seen.lastActiveAt().toEpochMilli())
                .bind("seenRefreshState", seen.refreshState() == null ? "" : seen.refreshState());
    }
}
