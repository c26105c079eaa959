package io.github.sessionaware.jdbc;

class PostgresHistoryTest extends TwoNodesHistory {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
