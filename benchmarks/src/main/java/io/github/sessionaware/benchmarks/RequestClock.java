package io.github.sessionaware.benchmarks;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * A clock that advances with each request, so that the share of requests with recorded activity does not depend on the
 * speed of the machine. Each session makes one request per pause. With a pause of 3 seconds, activity is due at one
 * request in 20, because the activity interval is one minute. With a pause of 0 the clock stands still, and activity is
 * never due.
 */
final class RequestClock {
    static final long INTERVAL_MILLIS = 60_000;

    private final Duration pause;
    private final Instant start = Instant.now();
    private final AtomicLong requests = new AtomicLong();
    private int sessionsInUse = 1;

    private RequestClock(Duration pause) {
        this.pause = pause;
    }

    static RequestClock oneInTwentyDue() {
        return new RequestClock(Duration.ofMillis(INTERVAL_MILLIS / 20));
    }

    static RequestClock noneDue() {
        return new RequestClock(Duration.ZERO);
    }

    /** Returns the time of the next request. Each request must call this once. */
    Instant now() {
        return start.plusNanos(pause.toNanos() / sessionsInUse * requests.getAndIncrement());
    }

    /** Spreads the last activity of the sessions over the interval before the start, as real users do. */
    List<Login> logIn(DataSource dataSource, int sessions, int clients) throws SQLException {
        List<Login> logins = Login.spreadOver(sessions, clients);
        // A prime step, so that neighbouring rows do not become due one after the other.
        Postgres.recordActivity(
                dataSource, logins, i -> start.toEpochMilli() - (pause.isZero() ? 0 : i * 7919L % INTERVAL_MILLIS));
        sessionsInUse = clients;
        return logins;
    }
}
