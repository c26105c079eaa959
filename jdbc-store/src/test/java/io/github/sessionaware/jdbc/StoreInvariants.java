package io.github.sessionaware.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.Invariants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Isolated;

/** The invariants with two nodes on one database, each with a pool of its own. */
@Isolated("counts the threads of the virtual machine")
abstract class StoreInvariants extends Invariants {
    private final HikariDataSource onePool = database().pool(16);
    private final HikariDataSource otherPool = database().pool(16);

    abstract TestDatabase database();

    @AfterEach
    void closePools() {
        onePool.close();
        otherPool.close();
    }

    @Override
    protected SessionStore store() {
        database().execute("drop table if exists jwt_sessions", "drop table if exists jwt_sessions_schema");
        JdbcSessionStore store = reading(new JdbcSessionStore(onePool));
        store.createTableIfMissing();
        return store;
    }

    @Override
    protected SessionStore otherNode() {
        return reading(new JdbcSessionStore(otherPool));
    }

    JdbcSessionStore reading(JdbcSessionStore store) {
        return store;
    }
}
