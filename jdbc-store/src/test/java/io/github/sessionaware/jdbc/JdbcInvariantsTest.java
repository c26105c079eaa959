package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.Invariants;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbcInvariantsTest extends Invariants {
    @RegisterExtension
    private final H2Database database = new H2Database();

    @Override
    protected SessionStore store() {
        JdbcSessionStore store = new JdbcSessionStore(database.dataSource());
        store.createTableIfMissing();
        return store;
    }

    @Override
    protected SessionStore otherNode() {
        return new JdbcSessionStore(database.dataSource());
    }
}
