package io.github.sessionaware.jdbc;

class H2HistoryTest extends StoreHistory {
    private static final TestDatabase DATABASE = H2Database.inMemory();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
