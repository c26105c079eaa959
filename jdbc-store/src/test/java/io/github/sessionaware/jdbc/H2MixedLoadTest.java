package io.github.sessionaware.jdbc;

import java.util.List;

class H2MixedLoadTest extends MixedLoad {
    private static final TestDatabase DATABASE = H2Database.inMemory();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    List<String> isolationLevels() {
        return List.of("read committed");
    }
}
