package io.github.sessionaware.jdbc;

class H2StoreTest extends StoreOnDatabase {
    private static final TestDatabase DATABASE = H2Database.inMemory();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
