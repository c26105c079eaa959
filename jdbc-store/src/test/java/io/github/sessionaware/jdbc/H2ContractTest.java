package io.github.sessionaware.jdbc;

class H2ContractTest extends StoreContracts {
    private static final H2Database DATABASE = H2Database.inMemory();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
