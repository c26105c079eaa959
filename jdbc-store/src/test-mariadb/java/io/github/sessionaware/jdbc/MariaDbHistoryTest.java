package io.github.sessionaware.jdbc;

class MariaDbHistoryTest extends TwoNodesHistory {
    private static final TestDatabase DATABASE = MariaDbServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
