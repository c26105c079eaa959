package io.github.sessionaware.jdbc;

import java.util.Map;

class H2MillionRowsTest extends MillionRows {
    private static final TestDatabase DATABASE = H2Database.inMemory();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    DatabaseFamily family() {
        return DatabaseFamily.H2;
    }

    @Override
    Map<String, String> indexes() {
        return Map.of(
                "session_id", "PUBLIC.PRIMARY_KEY",
                "user_id", "PUBLIC.JWT_SESSIONS_USER_ID",
                "expires_at", "PUBLIC.JWT_SESSIONS_EXPIRES_AT");
    }
}
