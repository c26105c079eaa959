package io.github.sessionaware.benchmarks;

import io.github.sessionaware.benchmarks.Login.Client;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The least that JDBC costs: one prepared statement on one open connection. Only for one thread. */
final class SelectOnly implements Authenticator {
    static final String USER_OF_SESSION = """
            select user_id, expires_at
            from jwt_sessions
            where user_id = ? and session_id = ?
            """;

    /** Between the user id and the session id, which are the credentials here. */
    private static final char SEPARATOR = ' ';

    private final int sessions;
    private final Connection connection;
    private final PreparedStatement select;

    SelectOnly(int sessions) throws SQLException {
        this.sessions = sessions;
        this.connection = Postgres.driver(sessions).getConnection();
        this.select = connection.prepareStatement(USER_OF_SESSION);
    }

    static String userOf(PreparedStatement select, String userId, String sessionId) throws SQLException {
        select.setString(1, userId);
        select.setString(2, sessionId);
        try (ResultSet rows = select.executeQuery()) {
            if (!rows.next() || rows.getLong(2) <= System.currentTimeMillis()) {
                throw new Refused();
            }
            return rows.getString(1);
        }
    }

    @Override
    public List<Client> logIn(int clients) {
        return Login.spreadOver(sessions, clients).stream()
                .map(login -> new Client(login.userId(), login.userId() + SEPARATOR + login.sessionId()))
                .toList();
    }

    @Override
    public String userOf(String key) throws SQLException {
        int end = key.indexOf(SEPARATOR);
        return userOf(select, key.substring(0, end), key.substring(end + 1));
    }

    @Override
    public boolean logOut(String key) throws SQLException {
        int end = key.indexOf(SEPARATOR);
        return Postgres.delete(Postgres.driver(sessions), key.substring(0, end), key.substring(end + 1));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
