package io.github.sessionaware.benchmarks;

import com.auth0.jwt.interfaces.DecodedJWT;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.benchmarks.Login.Client;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** One select per request and one update per activity interval, on the time of a {@link RequestClock}. */
final class JavaJwtWithActivity implements Authenticator {
    private final SignedWith signedWith;
    private final JavaJwt javaJwt;
    private final int sessions;
    private final RequestClock clock;
    private final HikariDataSource pool;

    JavaJwtWithActivity(SignedWith signedWith, int sessions, RequestClock clock) {
        this.signedWith = signedWith;
        this.javaJwt = new JavaJwt(signedWith);
        this.sessions = sessions;
        this.clock = clock;
        this.pool = Postgres.pool(sessions);
    }

    @Override
    public List<Client> logIn(int clients) throws SQLException {
        return Login.clients(clock.logIn(pool, sessions, clients), clients, signedWith);
    }

    @Override
    public String userOf(String token) throws SQLException {
        DecodedJWT verified = javaJwt.verify(token);
        String sessionId = verified.getClaim("sid").asString();
        long now = clock.now().toEpochMilli();
        try (Connection connection = pool.getConnection()) {
            if (isActivityDue(connection, sessionId, verified.getSubject(), now)) {
                recordActivity(connection, sessionId, now);
            }
        }
        return verified.getSubject();
    }

    private static boolean isActivityDue(Connection connection, String sessionId, String userId, long now)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                select user_id, expires_at, last_active_at
                from jwt_sessions
                where session_id = ?
                """)) {
            select.setString(1, sessionId);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next() || !rows.getString(1).equals(userId) || rows.getLong(2) <= now) {
                    throw new Refused();
                }
                return now - rows.getLong(3) >= RequestClock.INTERVAL_MILLIS;
            }
        }
    }

    private static void recordActivity(Connection connection, String sessionId, long now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                update jwt_sessions
                set last_active_at = ?, expires_at = ?
                where session_id = ?
                """)) {
            update.setLong(1, now);
            update.setLong(2, now + Login.LIFETIME.toMillis());
            update.setString(3, sessionId);
            update.executeUpdate();
        }
    }

    @Override
    public boolean logOut(String token) throws SQLException {
        return Postgres.delete(pool, javaJwt.verify(token).getClaim("sid").asString());
    }

    @Override
    public void close() {
        pool.close();
    }
}
