package io.github.sessionaware.jdbc;

class MariaDbContractTest extends StoreContracts {
    private static final TestDatabase DATABASE = MariaDbServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
