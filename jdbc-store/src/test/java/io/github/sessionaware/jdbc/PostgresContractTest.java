package io.github.sessionaware.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

class PostgresContractTest extends StoreContracts {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Nested
    @Tag("thorough")
    class EveryReadSharedWithoutAutoCommit extends EveryReadSharedContract {}
}
