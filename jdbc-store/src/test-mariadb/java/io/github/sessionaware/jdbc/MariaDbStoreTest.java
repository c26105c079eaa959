package io.github.sessionaware.jdbc;

import java.util.List;

class MariaDbStoreTest extends StoreOnDatabase {
    private static final TestDatabase DATABASE = MariaDbServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    List<String> foldUserIds() {
        return List.of("alter table jwt_sessions convert to character set utf8mb4 collate utf8mb4_general_ci");
    }
}
