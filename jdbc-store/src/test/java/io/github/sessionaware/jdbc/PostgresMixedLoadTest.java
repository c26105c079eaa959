package io.github.sessionaware.jdbc;

import java.util.List;

class PostgresMixedLoadTest extends MixedLoad {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    List<String> isolationLevels() {
        return List.of("read committed", "serializable");
    }
}
