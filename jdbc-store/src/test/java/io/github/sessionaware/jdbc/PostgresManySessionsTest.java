package io.github.sessionaware.jdbc;

class PostgresManySessionsTest extends ManySessions {
    PostgresManySessionsTest() {
        super(PostgresServer.shared().newDatabase(), 100_000);
    }
}
