package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbcSessionStoreContractTest extends SessionStoreContract {
    @RegisterExtension
    private static final H2Database DATABASE = new H2Database();

    @Override
    protected SessionStore store() {
        JdbcSessionStore store = new JdbcSessionStore(DATABASE.dataSource());
        store.createTableIfMissing();
        return store;
    }
}
