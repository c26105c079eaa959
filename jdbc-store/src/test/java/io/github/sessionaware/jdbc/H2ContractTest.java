package io.github.sessionaware.jdbc;

class H2ContractTest extends StoreContractsWithDriver {
    private static final H2Database DATABASE = H2Database.inMemory();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
