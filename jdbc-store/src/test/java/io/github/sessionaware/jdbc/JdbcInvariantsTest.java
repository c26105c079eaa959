package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.Invariants;
import javax.sql.DataSource;

class JdbcInvariantsTest extends Invariants {
    private final DataSource database = H2Database.inMemory();

    @Override
    protected SessionStore store() {
        JdbcSessionStore store = new JdbcSessionStore(database);
        store.createTableIfMissing();
        return store;
    }

    @Override
    protected SessionStore otherNode() {
        return new JdbcSessionStore(database);
    }
}
