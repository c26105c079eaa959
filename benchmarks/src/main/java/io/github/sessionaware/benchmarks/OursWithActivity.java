package io.github.sessionaware.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.benchmarks.Login.Client;
import java.sql.SQLException;
import java.util.List;

/** This library on PostgreSQL, by the clock of a {@link Pace}. */
final class OursAtAPace implements Ours {
    private final SignedWith signedWith;
    private final int sessions;
    private final Pace pace;
    private final HikariDataSource pool;
    private final SessionAwareTokenService service;

    OursAtAPace(SignedWith signedWith, int sessions, Pace pace) {
        this.signedWith = signedWith;
        this.sessions = sessions;
        this.pace = pace;
        this.pool = Postgres.pool(sessions);
        this.service = Services.withDefaults(Services.storeOn(pool), signedWith)
                .clock(pace::now)
                .build();
    }

    @Override
    public List<Client> logIn(int clients) throws SQLException {
        return Login.clients(pace.logIn(pool, sessions, clients), clients, signedWith);
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
