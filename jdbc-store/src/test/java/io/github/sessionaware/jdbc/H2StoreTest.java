package io.github.sessionaware.jdbc;

import java.util.List;

class H2StoreTest extends StoreOnDatabase {
    private static final H2Database DATABASE = H2Database.inMemory();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    List<String> foldUserIds() {
        return List.of("alter table jwt_sessions alter column user_id varchar_ignorecase(510)");
    }
}
