package io.github.sessionaware.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.benchmarks.Login.Client;
import java.sql.SQLException;
import java.util.List;

/** This library on PostgreSQL, on the time of a {@link RequestClock}. */
final class OursWithActivity implements Ours {
    private final SignedWith signedWith;
    private final int sessions;
    private final RequestClock clock;
    private final HikariDataSource pool;
    private final SessionAwareTokenService service;

    OursWithActivity(SignedWith signedWith, int sessions, RequestClock clock) {
        this.signedWith = signedWith;
        this.sessions = sessions;
        this.clock = clock;
        this.pool = Postgres.pool(sessions);
        this.service = Services.withDefaults(Services.storeOn(pool), signedWith)
                .clock(clock::now)
                .build();
    }

    @Override
    public List<Client> logIn(int clients) throws SQLException {
        return Login.clients(clock.logIn(pool, sessions, clients), clients, signedWith);
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
