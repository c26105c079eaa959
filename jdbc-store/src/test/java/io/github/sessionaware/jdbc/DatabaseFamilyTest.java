package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.Interference.answering;
import static io.github.sessionaware.jdbc.JdbcSessionStore.DEFAULT_TABLE;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "H2, 2.2.220, H2",
        "H2, 2.5.252 (2026-09-23), H2",
        "PostgreSQL, 9.5, POSTGRESQL",
        "PostgreSQL, 10.23, POSTGRESQL",
        "PostgreSQL, 19devel, POSTGRESQL",
        "MariaDB, 10.6.21-MariaDB, MARIADB",
        "MySQL, 5.5.5-10.6.12-MariaDB-log, MARIADB",
        "MySQL, 8.0.17, MYSQL"
    })
    void aVersionThatCanSkipLockedRowsIsAccepted(String product, String version, DatabaseFamily family)
            throws Exception {
        assertEquals(family, familyOf(product, version));
    }

    @ParameterizedTest
    @CsvSource({
        "H2, 1.4.200 (2019-10-14), 2.2",
        "H2, 2.1.214, 2.2",
        "PostgreSQL, 9.4.26, 9.5",
        "MariaDB, 10.5.28-MariaDB, 10.6",
        "MySQL, 5.5.5-10.5.9-MariaDB, 10.6",
        "MySQL, 5.7.44, 8.0"
    })
    void aVersionThatCannotSkipLockedRowsIsRefusedAtConstruction(String product, String version, String first) {
        Jdbi old = Jdbi.create(
                () -> open(Map.of("getDatabaseProductName", product, "getDatabaseProductVersion", version)));

        String message = assertThrows(IllegalArgumentException.class, () -> new JdbcSessionStore(old))
                .getMessage();

        assertEquals(
                product + " " + version + " cannot skip locked rows, which this store needs: use version " + first
                        + " or later",
                message);
    }

    @Test
    void aDatabaseThatCannotWorkIsRefusedByTheFirstCallIfItWasDownAtConstruction() {
        AtomicBoolean down = new AtomicBoolean(true);
        JdbcSessionStore store = new JdbcSessionStore(Jdbi.create(() -> {
            if (down.getAndSet(false)) {
                throw new SQLException("connection refused", "08001");
            }
            return open(Map.of("getDatabaseProductName", "PostgreSQL", "getDatabaseProductVersion", "9.4.26"));
        }));

        String message = assertThrows(SessionStoreException.class, () -> store.find(USER, ID))
                .getMessage();

        assertTrue(message.startsWith("PostgreSQL 9.4.26 cannot skip locked rows"), message);
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

        unknown.create(SESSION, unconditional());
        assertEquals(List.of(SESSION), unknown.deleteAll(USER, null));
        assertEquals(900, unknown.purge(START));

        assertEquals(2, deletes.get(), "one statement purges all");
    }

    @Test
    void withoutRowLocksALimitedLoginDecidesAgainIfASessionHasChangedSinceItsDecision() {
        JdbcSessionStore known = new JdbcSessionStore(database.driver());
        known.createTableIfMissing();
        SessionRecord other = session('o');
        known.create(other, unconditional());
        AtomicInteger deletes = new AtomicInteger();
        JdbcSessionStore unknown =
                new JdbcSessionStore(Jdbi.create(() -> Interference.beforeEach("delete", openUnknown(), arguments -> {
                    if (deletes.incrementAndGet() == 1) {
                        assertTrue(known.touch(other, START.plusSeconds(1), START));
                    }
                })));

        assertEquals(
                Optional.of(List.of(other.touched(START.plusSeconds(1), START))),
                unknown.create(SESSION, decidedBy(Optional::of)));

        assertEquals(2, deletes.get());
        assertEquals(List.of(SESSION), known.list(USER));
    }

    @Test
    void withoutRowLocksAJoinedRevokeReadsAgainWhatHasChangedSinceItsRead() throws Exception {
        JdbcSessionStore known = new JdbcSessionStore(database.driver());
        known.createTableIfMissing();
        known.create(SESSION, unconditional());
        AtomicInteger deletes = new AtomicInteger();
        try (Connection transaction = Interference.beforeEach("delete", openUnknown(), arguments -> {
            if (deletes.incrementAndGet() == 1) {
                assertTrue(known.touch(SESSION, START.plusSeconds(1), START));
            }
        })) {
            transaction.setAutoCommit(false);
            JdbcSessionStore unknown = new JdbcSessionStore(Jdbi.create(this::openUnknown));

            assertEquals(
                    List.of(SESSION.touched(START.plusSeconds(1), START)),
                    unknown.joining(transaction).deleteAll(USER, null));

            transaction.commit();
        }
        assertEquals(List.of(), known.list(USER));
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
                (proxy, method, arguments) ->
                        answers.getOrDefault(method.getName(), method.getReturnType() == String.class ? "1.0" : true));
    }

    private static String tablesOf(DatabaseFamily family) {
        String ddl = family.ddl(DEFAULT_TABLE);
        return ddl.substring(ddl.indexOf("create table"));
    }
}
