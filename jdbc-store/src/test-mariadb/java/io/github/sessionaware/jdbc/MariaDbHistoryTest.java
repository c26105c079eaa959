package io.github.sessionaware.jdbc;

import org.junit.jupiter.api.Tag;

@Tag("thorough")
class MariaDbHistoryTest extends StoreHistory {
    private static final TestDatabase DATABASE = MariaDbServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
