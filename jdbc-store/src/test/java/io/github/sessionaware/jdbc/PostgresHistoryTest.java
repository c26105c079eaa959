package io.github.sessionaware.jdbc;

class PostgresHistoryTest extends StoreHistory {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
