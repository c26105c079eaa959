package io.github.sessionaware.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.benchmarks.Login.Client;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * This library on PostgreSQL with a clock that goes by requests, so that every session makes one each pause, however
 * fast the machine is: with a pause of 3 seconds one validate in 20 finds its activity interval of a minute over and
 * writes, and with none, the clock stands still and no validate writes.
 */
final class OursAtAPace implements Ours {
    static final Duration PAUSE = Duration.ofSeconds(3);

    private static final long INTERVAL_MILLIS = 60_000;

    private final SignedWith signedWith;
    private final int sessions;
    private final Duration pause;
    private final HikariDataSource pool;
    private final SessionAwareTokenService service;
    private final Instant start = Instant.now();
    private final AtomicLong requests = new AtomicLong();
    private int visited = 1;

    OursAtAPace(SignedWith signedWith, int sessions, Duration pause) {
        this.signedWith = signedWith;
        this.sessions = sessions;
        this.pause = pause;
        this.pool = Postgres.pool(sessions);
        this.service = Services.withDefaults(Services.storeOn(pool), signedWith)
                .clock(() -> start.plusNanos(pause.toNanos() / visited * requests.getAndIncrement()))
                .build();
    }

    /** Their last activity is spread over the interval before the start, as that of users is. */
    @Override
    public List<Client> logIn(int clients) throws SQLException {
        List<Login> logins = Login.spreadOver(sessions, clients);
        // A prime, so that neighbours are not due one after the other.
        Postgres.recordActivity(
                pool, logins, i -> start.toEpochMilli() - (pause.isZero() ? 0 : i * 7919L % INTERVAL_MILLIS));
        visited = clients;
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
