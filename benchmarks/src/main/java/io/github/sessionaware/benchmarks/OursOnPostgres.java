package io.github.sessionaware.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.benchmarks.Login.Client;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BiFunction;

/** This library on PostgreSQL. It records activity when that is due. */
final class OursOnPostgres implements Ours {
    private final SignedWith signedWith;
    private final int sessions;
    private final HikariDataSource pool;
    private final SessionAwareTokenService service;

    OursOnPostgres(
            SignedWith signedWith,
            int sessions,
            BiFunction<JdbcSessionStore, SignedWith, SessionAwareTokenServiceBuilder> settings) {
        this.signedWith = signedWith;
        this.sessions = sessions;
        this.pool = Postgres.pool(sessions);
        this.service = settings.apply(Services.storeOn(pool), signedWith).build();
    }

    /** Sets the last activity of all sessions to now. Otherwise the first validate of each session would write. */
    @Override
    public List<Client> logIn(int clients) throws SQLException {
        List<Login> logins = Login.spreadOver(sessions, Math.min(clients, Login.USED_SESSIONS));
        long now = System.currentTimeMillis();
        Postgres.recordActivity(pool, logins, i -> now);
        return Login.clients(logins, clients, signedWith);
    }

    @Override
    public SessionAwareTokenService service() {
        return service;
    }

    @Override
    public void close() {
        pool.close();
    }
}
