package io.github.sessionaware.jdbc;

class MariaDbStoreTest extends StoreOnDatabase {
    private static final TestDatabase DATABASE = MariaDbServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
