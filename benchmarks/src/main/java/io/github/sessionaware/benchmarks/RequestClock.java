package io.github.sessionaware.benchmarks;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * A clock that goes by requests, so that every session makes one each pause, however fast the machine is: with a pause
 * of 3 seconds one request in 20 finds its activity interval of a minute over, and with none, the clock stands still
 * and none does.
 */
final class Pace {
    static final long INTERVAL_MILLIS = 60_000;

    private final Duration pause;
    private final Instant start = Instant.now();
    private final AtomicLong requests = new AtomicLong();
    private int visited = 1;

    private Pace(Duration pause) {
        this.pause = pause;
    }

    static Pace ofOneInTwenty() {
        return new Pace(Duration.ofMillis(INTERVAL_MILLIS / 20));
    }

    static Pace ofNone() {
        return new Pace(Duration.ZERO);
    }

    /** Asked once for each request. */
    Instant now() {
        return start.plusNanos(pause.toNanos() / visited * requests.getAndIncrement());
    }

    /** Their last activity is spread over the interval before the start, as that of users is. */
    List<Login> logIn(DataSource dataSource, int sessions, int clients) throws SQLException {
        List<Login> logins = Login.spreadOver(sessions, clients);
        // A prime, so that neighbours are not due one after the other.
        Postgres.recordActivity(
                dataSource, logins, i -> start.toEpochMilli() - (pause.isZero() ? 0 : i * 7919L % INTERVAL_MILLIS));
        visited = clients;
        return logins;
    }
}
