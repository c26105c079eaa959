package io.github.sessionaware.jdbc;

class PostgresContractTest extends StoreContracts {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
