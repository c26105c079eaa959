package io.github.sessionaware.jdbc;

class MariaDbMillionRowsTest extends MillionRows {
    private static final TestDatabase DATABASE = MariaDbServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
