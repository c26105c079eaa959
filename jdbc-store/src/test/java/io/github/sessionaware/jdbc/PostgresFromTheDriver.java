package io.github.sessionaware.jdbc;

/** Not of the ordinary build, for its length: PostgreSQL starts a process for each of thousands of connections. */
class PostgresFromTheDriver extends StoreContractsWithDriver {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
