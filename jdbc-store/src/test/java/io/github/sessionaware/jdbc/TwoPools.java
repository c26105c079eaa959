package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.StoreFixture;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Two nodes on one database, each with a pool of its own. */
@TestInstance(Lifecycle.PER_CLASS)
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
        return new Nodes(reading(one), reading(storeOn(otherPool)));
    }

    /** The timeout is long, so that a busy machine does not look like a call that is blocked. */
    private static JdbcSessionStore storeOn(HikariDataSource pool) {
        return new JdbcSessionStore(pool).withTimeout(Duration.ofSeconds(30));
    }

    /** How the node reads. */
    SessionStore reading(JdbcSessionStore store) {
        return store;
    }

    @AfterEach
    void everyConnectionIsReturned() {
        assertEquals(0, onePool.getHikariPoolMXBean().getActiveConnections());
        assertEquals(0, otherPool.getHikariPoolMXBean().getActiveConnections());
    }

    @AfterAll
    void closePools() {
        onePool.close();
        otherPool.close();
    }
}
