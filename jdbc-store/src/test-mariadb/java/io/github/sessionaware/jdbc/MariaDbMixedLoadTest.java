package io.github.sessionaware.jdbc;

import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("thorough")
class MariaDbMixedLoadTest extends MixedLoad {
    private static final TestDatabase DATABASE = MariaDbServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    List<String> isolationLevels() {
        return List.of("repeatable read", "read committed");
    }
}
