package io.github.sessionaware.jdbc;

class PostgresMillionRowsTest extends MillionRows {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
