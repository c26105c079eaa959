package io.github.sessionaware.jdbc;

import java.util.List;

class PostgresStoreTest extends StoreOnDatabase {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    List<String> foldUserIds() {
        return List.of(
                "create collation if not exists folding"
                        + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "alter table jwt_sessions alter column user_id type varchar(255) collate folding");
    }
}
