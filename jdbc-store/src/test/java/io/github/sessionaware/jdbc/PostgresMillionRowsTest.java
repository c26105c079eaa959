package io.github.sessionaware.jdbc;

import java.util.Map;

class PostgresMillionRowsTest extends MillionRows {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    DatabaseFamily family() {
        return DatabaseFamily.POSTGRESQL;
    }

    @Override
    Map<String, String> indexes() {
        return Map.of(
                "session_id", "Index Scan using jwt_sessions_pkey",
                "user_id", "Index Scan using jwt_sessions_user_id",
                "expires_at", "Index Scan using jwt_sessions_expires_at");
    }
}
