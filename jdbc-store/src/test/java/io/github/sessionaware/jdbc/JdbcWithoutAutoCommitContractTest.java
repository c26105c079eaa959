package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbcWithoutAutoCommitContractTest extends SessionStoreContract {
    @RegisterExtension
    private static final H2Database DATABASE = H2Database.withoutAutoCommit();

    @Override
    protected SessionStore store() {
        JdbcSessionStore store = new JdbcSessionStore(DATABASE.dataSource());
        store.createTableIfMissing();
        return store;
    }
}
