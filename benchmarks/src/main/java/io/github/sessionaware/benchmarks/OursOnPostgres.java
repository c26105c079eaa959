package io.github.sessionaware.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.benchmarks.Login.Client;
import java.util.List;
import java.util.function.BiFunction;

/** This library with its store on PostgreSQL. What activity is due is recorded. */
final class OursOnPostgres implements Way {
    private final SignedWith signedWith;
    private final int sessions;
    private final HikariDataSource pool;
    private final SessionAwareTokenService service;

    OursOnPostgres(
            SignedWith signedWith,
            int sessions,
            BiFunction<SessionStore, SignedWith, SessionAwareTokenServiceBuilder> settings) {
        this.signedWith = signedWith;
        this.sessions = sessions;
        this.pool = Postgres.pool(sessions);
        this.service = settings.apply(Services.storeOn(pool), signedWith).build();
    }

    @Override
    public List<Client> logIn(int clients) {
        return Login.clients(Login.spreadOver(sessions, Math.min(clients, Postgres.VISITED)), clients, signedWith);
    }

    @Override
    public String userOf(String token) {
        return service.validate(token).userId();
    }

    @Override
    public boolean logOut(String token) {
        return service.revokeAllSessions(userOf(token)) == 1;
    }

    @Override
    public void close() {
        pool.close();
    }
}
