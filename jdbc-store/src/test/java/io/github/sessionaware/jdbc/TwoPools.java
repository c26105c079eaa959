package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.testing.StoreFixture;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** Two nodes on one database, each with a pool of its own. */
abstract class TwoPools implements StoreFixture {
    private static final int CONNECTIONS = 16;

    private final TestDatabase database;
    private final HikariDataSource onePool;
    private final HikariDataSource otherPool;

    TwoPools(TestDatabase database) {
        this.database = database;
        this.onePool = database.pool(CONNECTIONS);
        this.otherPool = database.pool(CONNECTIONS);
    }

    @Override
    public Nodes emptyStores() {
        database.execute("drop table if exists jwt_sessions", "drop table if exists jwt_sessions_schema");
        JdbcSessionStore one = storeOn(onePool);
        one.createTableIfMissing();
        return new Nodes(one, storeOn(otherPool));
    }

    /** The timeout is long, so that a busy machine does not look like a call that is blocked. */
    JdbcSessionStore storeOn(HikariDataSource pool) {
        return new JdbcSessionStore(pool).withTimeout(Duration.ofSeconds(30));
    }

    @AfterEach
    void closePools() {
        for (HikariDataSource pool : new HikariDataSource[] {onePool, otherPool}) {
            assertEquals(0, pool.getHikariPoolMXBean().getActiveConnections(), "connections left open");
            pool.close();
        }
    }
}
