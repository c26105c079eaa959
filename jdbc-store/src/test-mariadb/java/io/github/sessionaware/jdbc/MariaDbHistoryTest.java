package io.github.sessionaware.jdbc;

class MariaDbHistoryTest extends StoreHistory {
    private static final TestDatabase DATABASE = MariaDbServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
