package io.github.sessionaware.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.testing.model.SessionModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

@Tag("thorough")
class H2ModelTest implements SessionModel {
    private final TestDatabase database = H2Database.inMemory();
    private final HikariDataSource onePool = database.pool(1);
    private final HikariDataSource otherPool = database.pool(1);

    @AfterEach
    void closePools() {
        onePool.close();
        otherPool.close();
    }

    @Override
    public Nodes emptyStores() {
        JdbcSessionStore store = new JdbcSessionStore(onePool);
        store.createTableIfMissing();
        database.execute("truncate table jwt_sessions");
        return new Nodes(store, new JdbcSessionStore(otherPool));
    }
}
