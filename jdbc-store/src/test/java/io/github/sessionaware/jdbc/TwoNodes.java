package io.github.sessionaware.jdbc;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Two nodes of an application on one database, each with a pool, a store and services of its own. */
final class TwoNodes implements AutoCloseable {
    static final Duration IDLE_TIMEOUT = Duration.ofHours(1);
    static final Duration ABSOLUTE_TIMEOUT = Duration.ofHours(3);

    /** Of the users who have one. */
    static final Map<String, SessionLimit> LIMITS = Map.of(
            "eve", new SessionLimit(3, AtLimit.REFUSE_LOGIN),
            "fay", new SessionLimit(3, AtLimit.END_OLDEST),
            "gil", new SessionLimit(3, AtLimit.END_LEAST_RECENTLY_ACTIVE));

    private static final int CONNECTIONS = 8;

    private final List<HikariDataSource> pools;
    private final FakeClock clock = new FakeClock(START);
    private final History history = new History(clock);
    private final List<RecordedService> services;

    TwoNodes(TestDatabase database, String initSql, Duration activityInterval, UnaryOperator<SessionStore> wrapper) {
        pools = Stream.generate(() -> database.pool(CONNECTIONS, true, initSql))
                .limit(2)
                .toList();
        services = pools.stream()
                .map(pool -> recorded(wrapper.apply(store(pool)), activityInterval))
                .toList();
    }

    static TwoNodes on(TestDatabase database, Duration activityInterval) {
        return new TwoNodes(database, "", activityInterval, UnaryOperator.identity());
    }

    private RecordedService recorded(SessionStore store, Duration activityInterval) {
        return new RecordedService(
                builder(store, activityInterval).build(),
                builder(store, activityInterval).sessionLimit(LIMITS::get).build(),
                history);
    }

    private static JdbcSessionStore store(HikariDataSource pool) {
        // Long, so that a machine that is busy with other work does not look like a call that found no way through.
        JdbcSessionStore store = new JdbcSessionStore(pool).withTimeout(Duration.ofSeconds(30));
        store.createTableIfMissing();
        return store;
    }

    private SessionAwareTokenServiceBuilder builder(SessionStore store, Duration activityInterval) {
        return aServiceOn(store)
                .clock(clock)
                .activityInterval(activityInterval)
                .idleTimeout(IDLE_TIMEOUT)
                .absoluteTimeout(ABSOLUTE_TIMEOUT)
                .accessTokenLifetime(ABSOLUTE_TIMEOUT)
                .refreshTokens(TestService.secret());
    }

    List<RecordedService> services() {
        return services;
    }

    FakeClock clock() {
        return clock;
    }

    History history() {
        return history;
    }

    void assertNoConnectionIsInUse() {
        for (HikariDataSource pool : pools) {
            assertEquals(0, pool.getHikariPoolMXBean().getActiveConnections(), "connections left open");
        }
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
    }
}
