package io.github.sessionaware.jdbc;

import io.github.sessionaware.Authentication;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionTimeouts;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Converts a row to a record and back. */
final class SessionRow {
    private static final String INVALID_DATA = "22000";

    private SessionRow() {}

    /** Reads the columns by position, in the order of {@link SessionStatements#COLUMNS}. */
    static SessionRecord read(ResultSet row) throws SQLException {
        try {
            return SessionRecord.builder(row.getString(1), row.getString(2))
                    .version(row.getLong(3))
                    .generation(row.getInt(4))
                    .category(row.getString(5))
                    .client(new ClientInfo(row.getString(6), row.getString(7), row.getString(8), row.getString(9)))
                    .label(row.getString(10))
                    .attributes(StoredAttributes.read(row.getString(11)))
                    .createdAt(Instant.ofEpochMilli(row.getLong(12)))
                    .lastActiveAt(Instant.ofEpochMilli(row.getLong(13)))
                    .expiresAt(Instant.ofEpochMilli(row.getLong(14)))
                    .authentication(authentication(row.getLong(15), row.getString(16)))
                    .timeouts(timeouts(row.getLong(17), row.getLong(18)))
                    .refreshState(row.getString(19))
                    .deviceKey(row.getString(20))
                    .loginDevice(row.getString(21))
                    .loginNetwork(row.getString(22))
                    .build();
        } catch (IllegalArgumentException | NullPointerException e) {
            // For instance a column of fixed length has padded a value with spaces.
            throw invalid("A row of the session table is not a valid session", e);
        }
    }

    static SQLDataException invalid(String message, @Nullable Throwable cause) {
        return new SQLDataException(message, INVALID_DATA, cause);
    }

    private static Authentication authentication(long millis, @Nullable String methods) {
        return new Authentication(
                Instant.ofEpochMilli(millis), methods == null ? List.of() : List.of(methods.split(" ", -1)));
    }

    /** A timeout is never zero, so zero means that the column is null. One without the other is invalid. */
    private static @Nullable SessionTimeouts timeouts(long idle, long absolute) {
        return idle == 0 && absolute == 0
                ? null
                : new SessionTimeouts(Duration.ofMillis(idle), Duration.ofMillis(absolute));
    }

    /** Binds every column to the parameter that {@link SessionStatements} names after it. */
    static <S extends SqlStatement<S>> S bind(S statement, SessionRecord session) {
        ClientInfo client = session.client();
        Authentication authentication = session.authentication();
        List<String> methods = authentication.methods();
        SessionTimeouts timeouts = session.timeouts();
        return statement
                .bind("user_id", session.userId())
                .bind("session_id", session.id())
                .bind("version", session.version())
                .bind("generation", session.generation())
                .bind("category", session.category())
                .bind("device", client.device())
                .bind("user_agent", client.userAgent())
                .bind("ip_address", client.ipAddress())
                .bind("location", client.location())
                .bind("label", session.label())
                .bind("attributes", StoredAttributes.write(session.attributes()))
                .bind("created_at", session.createdAt().toEpochMilli())
                .bind("last_active_at", session.lastActiveAt().toEpochMilli())
                .bind("expires_at", session.expiresAt().toEpochMilli())
                .bind("authenticated_at", authentication.time().toEpochMilli())
                .bind("authentication_methods", methods.isEmpty() ? null : String.join(" ", methods))
                .bind("idle_timeout", timeouts == null ? null : timeouts.idle().toMillis())
                .bind(
                        "absolute_timeout",
                        timeouts == null ? null : timeouts.absolute().toMillis())
                .bind("refresh_state", session.refreshState())
                .bind("device_key", session.deviceKey())
                .bind("login_device", session.loginDevice())
                .bind("login_network", session.loginNetwork());
    }

    /** Binds the row and the version that the caller has seen. */
    static <S extends SqlStatement<S>> S bindSeen(S statement, SessionKey key, long version) {
        return statement
                .bind("user_id", key.userId())
                .bind("session_id", key.sessionId())
                .bind("seen_version", version);
    }
}
