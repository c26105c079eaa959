package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.history.TwoNodes;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The stores of two nodes on one database, each with a pool of its own. */
final class TwoStores implements AutoCloseable {
    private static final int CONNECTIONS = 8;

    private final List<HikariDataSource> pools;

    TwoStores(TestDatabase database, String initSql) {
        pools = Stream.generate(() -> database.pool(CONNECTIONS, true, initSql))
                .limit(2)
                .toList();
    }

    TwoNodes nodes(Duration activityInterval, UnaryOperator<SessionStore> wrapper) {
        return new TwoNodes(wrapper.apply(store(pools.get(0))), wrapper.apply(store(pools.get(1))), activityInterval);
    }

    private JdbcSessionStore store(HikariDataSource pool) {
        // Long, so that a busy machine does not look like a call that is blocked.
        JdbcSessionStore store = new JdbcSessionStore(pool).withTimeout(Duration.ofSeconds(30));
        store.createTableIfMissing();
        return store;
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
