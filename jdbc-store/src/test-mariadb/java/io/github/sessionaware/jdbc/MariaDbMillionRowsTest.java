package io.github.sessionaware.jdbc;

import java.util.Map;

class MariaDbMillionRowsTest extends MillionRows {
    private static final TestDatabase DATABASE = MariaDbServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    DatabaseFamily family() {
        return DatabaseFamily.MARIADB;
    }

    @Override
    Map<String, String> indexes() {
        return Map.of(
                "session_id", "const PRIMARY",
                "user_id", "ref by_user_id",
                "expires_at", "range by_expires_at");
    }
}
