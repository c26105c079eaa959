package io.github.sessionaware.jdbc;

class PostgresInvariantsTest extends StoreInvariants {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
