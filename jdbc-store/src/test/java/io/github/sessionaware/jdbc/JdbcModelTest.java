package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.SessionModel;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

class JdbcModelTest extends SessionModel {
    private static final DataSource DATABASE = new H2Database().directly();

    @Override
    protected SessionStore store() {
        JdbcSessionStore store = new JdbcSessionStore(DATABASE);
        store.createTableIfMissing();
        Jdbi.create(DATABASE).useHandle(handle -> handle.execute("truncate table jwt_sessions"));
        return store;
    }

    @Override
    protected SessionStore otherNode() {
        return new JdbcSessionStore(DATABASE);
    }
}
