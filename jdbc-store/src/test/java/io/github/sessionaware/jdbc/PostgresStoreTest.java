package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStoreException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresStoreTest extends StoreOnDatabase {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    List<String> costOfTouch() {
        return List.of("update");
    }

    @Override
    List<String> foldUserIds() {
        return List.of(
                "create collation if not exists folding"
                        + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "alter table jwt_sessions alter column user_id type varchar(255) collate folding");
    }

    @Test
    void aRightThatIsMissingIsNamedAndNothingIsTriedInstead() {
        store.createTableIfMissing();
        database()
                .execute(
                        "create role limited",
                        "grant select, insert, update, delete on jwt_sessions to limited",
                        "grant create on schema public to limited");
        WatchedDataSource limited = new WatchedDataSource(
                database().driver(), connection -> connection.createStatement().execute("set role limited"));

        SessionStoreException failure = assertThrows(
                SessionStoreException.class, () -> new JdbcSessionStore(limited.dataSource()).createTableIfMissing());

        String cause = failure.getCause().getMessage();
        assertTrue(cause.contains("permission denied for table jwt_sessions_schema"), cause);
    }
}
