package io.github.sessionaware.jdbc;

/** Not part of the build, because PostgreSQL starts a process for each of thousands of connections. */
class PostgresFromTheDriver extends StoreContracts.Contract {
    @Override
    WatchedDataSource connect() {
        return new WatchedDataSource(
                PostgresServer.shared().newDatabase().driver(), connection -> connection.setAutoCommit(false));
    }
}
