package io.github.sessionaware.jdbc;

class H2ContractTest extends StoreContracts {
    private static final TestDatabase DATABASE = H2Database.inMemory();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
