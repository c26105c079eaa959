package io.github.sessionaware.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

class H2ContractTest extends StoreContracts {
    private static final TestDatabase DATABASE = H2Database.inMemory();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Nested
    @Tag("thorough")
    class EveryReadSharedWithoutAutoCommit extends EveryReadSharedContract {}
}
