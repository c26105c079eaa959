package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.Interference.answering;
import static io.github.sessionaware.jdbc.JdbcSessionStore.DEFAULT_TABLE;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStoreException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** What the store makes of the kind of database that a connection leads to. */
class DatabaseFamilyTest {
    private final H2Database database = H2Database.inMemory();

    @Test
    void mariaDbIsRecognizedThroughTheDriverOfMySqlToo() throws Exception {
        assertEquals(DatabaseFamily.MARIADB, familyOf("MySQL", "11.4.5-MariaDB"));
        assertEquals(DatabaseFamily.MYSQL, familyOf("MySQL", "8.4.3"));
        assertEquals(DatabaseFamily.MARIADB, familyOf("MariaDB", "11.4.5-MariaDB"));
        assertEquals(DatabaseFamily.POSTGRESQL, familyOf("PostgreSQL", "17.7"));
    }

    @Test
    void theTablesOfMySqlAndMariaDbDifferOnlyInTheCollation() {
        assertEquals(
                tablesOf(DatabaseFamily.MARIADB).replace("utf8mb4_nopad_bin", "utf8mb4_0900_bin"),
                tablesOf(DatabaseFamily.MYSQL));
    }

    @Test
    void aDatabaseWithoutTransactionsIsRefusedAtConstructionWithTheSupportedOnes() {
        Jdbi withoutTransactions =
                Jdbi.create(() -> open(Map.of("getDatabaseProductName", "Flat Files", "supportsTransactions", false)));

        String message = assertThrows(IllegalArgumentException.class, () -> new JdbcSessionStore(withoutTransactions))
                .getMessage();

        assertTrue(message.contains("Flat Files"), message);
        assertTrue(message.contains("H2, PostgreSQL, MariaDB and MySQL"), message);
    }

    @Test
    void aDatabaseOfUnknownKindIsUsedWithPlainSql() {
        new JdbcSessionStore(database.driver()).createTableIfMissing();
        AtomicInteger deletes = new AtomicInteger();
        JdbcSessionStore unknown = new JdbcSessionStore(Jdbi.create(
                () -> Interference.beforeEach("delete", openUnknown(), arguments -> deletes.incrementAndGet())));
        database.fill(9_000);

        unknown.create(SESSION);
        assertEquals(List.of(SESSION), unknown.deleteAll(USER));
        assertEquals(900, unknown.purge(START));

        assertEquals(2, deletes.get(), "one statement purges all");
    }

    @Test
    void aDatabaseOfUnknownKindHasNoDdl() {
        JdbcSessionStore unknown = new JdbcSessionStore(Jdbi.create(this::openUnknown));

        String message = assertThrows(SessionStoreException.class, unknown::createTableIfMissing)
                .getMessage();

        assertTrue(message.contains("H2, PostgreSQL, MariaDB and MySQL"), message);
    }

    private Connection openUnknown() throws SQLException {
        return open(Map.of("getDatabaseProductName", "Other"));
    }

    /** A connection to H2 that describes its database like this. */
    private Connection open(Map<String, Object> description) throws SQLException {
        return answering(database.driver().getConnection(), "getMetaData", metaData(description));
    }

    private static DatabaseFamily familyOf(String product, String version) throws SQLException {
        return DatabaseFamily.of(
                metaData(Map.of("getDatabaseProductName", product, "getDatabaseProductVersion", version)));
    }

    private static DatabaseMetaData metaData(Map<String, Object> answers) {
        return (DatabaseMetaData) Proxy.newProxyInstance(
                DatabaseMetaData.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                (proxy, method, arguments) -> answers.getOrDefault(method.getName(), true));
    }

    private static String tablesOf(DatabaseFamily family) {
        String ddl = family.ddl(DEFAULT_TABLE);
        return ddl.substring(ddl.indexOf("create table"));
    }
}
