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
        String userId = verified.getSubject();
        String sessionId = verified.getClaim("sid").asString();
        long now = clock.now().toEpochMilli();
        try (Connection connection = pool.getConnection()) {
            if (isActivityDue(connection, userId, sessionId, now)) {
                recordActivity(connection, userId, sessionId, now);
            }
        }
        return userId;
    }

    private static boolean isActivityDue(Connection connection, String userId, String sessionId, long now)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                select expires_at, last_active_at
                from jwt_sessions
                where user_id = ? and session_id = ?
                """)) {
            select.setString(1, userId);
            select.setString(2, sessionId);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next() || rows.getLong(1) <= now) {
                    throw new Refused();
                }
                return now - rows.getLong(2) >= RequestClock.INTERVAL_MILLIS;
            }
        }
    }

    private static void recordActivity(Connection connection, String userId, String sessionId, long now)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                update jwt_sessions
                set last_active_at = ?, expires_at = ?, version = version + 1
                where user_id = ? and session_id = ?
                """)) {
            update.setLong(1, now);
            update.setLong(2, now + Login.LIFETIME.toMillis());
            update.setString(3, userId);
            update.setString(4, sessionId);
            update.executeUpdate();
        }
    }

    @Override
    public boolean logOut(String token) throws SQLException {
        DecodedJWT verified = javaJwt.verify(token);
        return Postgres.delete(
                pool, verified.getSubject(), verified.getClaim("sid").asString());
    }

    @Override
    public void close() {
        pool.close();
    }
}
