package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.SessionModel;

class H2ModelTest extends SessionModel {
    private static final TestDatabase DATABASE = H2Database.inMemory();

    @Override
    protected SessionStore store() {
        JdbcSessionStore store = new JdbcSessionStore(DATABASE.driver());
        store.createTableIfMissing();
        DATABASE.execute("truncate table jwt_sessions");
        return store;
    }

    @Override
    protected SessionStore otherNode() {
        return new JdbcSessionStore(DATABASE.driver());
    }
}
