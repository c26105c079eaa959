package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.StoreOnDatabase.ID;
import static io.github.sessionaware.jdbc.StoreOnDatabase.SESSION;
import static io.github.sessionaware.jdbc.StoreOnDatabase.START;
import static io.github.sessionaware.jdbc.StoreOnDatabase.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStoreException;
import java.lang.reflect.Proxy;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.HashPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementCustomizers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not depend on the database: construction, settings, faults that only a fake can force. */
class JdbcSessionStoreTest {
    private final H2Database database = H2Database.inMemory();
    private final JdbcSessionStore store = new JdbcSessionStore(database.driver());

    @Test
    void aStoreCanBeMadeWhileTheDatabaseIsDownAndWorksWhenItIsUp() {
        AtomicBoolean down = new AtomicBoolean(true);
        JdbcSessionStore early = new JdbcSessionStore(Jdbi.create(() -> {
            if (down.get()) {
                throw new SQLException("connection refused", "08001");
            }
            return database.driver().getConnection();
        }));
        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> early.find(ID));
        assertEquals(
                "java.sql.SQLException [08001, 0]: connection refused",
                failure.getCause().getMessage());

        down.set(false);
        early.createTableIfMissing();

        assertEquals(Optional.empty(), early.find(ID));
    }

    @Test
    void aStoreAsksWhatKindOfDatabaseItIsOnce() {
        AtomicInteger connections = new AtomicInteger();
        JdbcSessionStore first = new JdbcSessionStore(Jdbi.create(() -> {
            connections.incrementAndGet();
            return database.driver().getConnection();
        }));

        first.withTableName("other").withTimeout(Duration.ofSeconds(2));

        assertEquals(1, connections.get());
    }

    @Test
    void aDatabaseWithoutTransactionsIsRefusedAtConstructionWithWhatIsSupported() {
        Jdbi withoutTransactions =
                databaseThatSays(Map.of("getDatabaseProductName", "Flat Files", "supportsTransactions", false));

        String message = assertThrows(IllegalArgumentException.class, () -> new JdbcSessionStore(withoutTransactions))
                .getMessage();

        assertTrue(message.contains("Flat Files"), message);
        assertTrue(message.contains("H2, PostgreSQL, MariaDB and MySQL"), message);
    }

    @Test
    void aDatabaseOfUnknownKindWorksByPlainSqlButHasNoDdl() {
        store.createTableIfMissing();
        AtomicInteger deletes = new AtomicInteger();
        JdbcSessionStore unknown = new JdbcSessionStore(Jdbi.create(() -> Interference.beforeEach(
                "delete",
                databaseThatSays(Map.of("getDatabaseProductName", "Other"))
                        .open()
                        .getConnection(),
                arguments -> deletes.incrementAndGet())));
        database.fill(9_000);

        unknown.create(SESSION);
        assertEquals(List.of(SESSION), unknown.deleteAll(USER));
        assertEquals(900, unknown.purge(START));
        assertEquals(2, deletes.get(), "one statement purges all");

        database.execute("drop table jwt_sessions_schema");
        String message = assertThrows(
                        SessionStoreException.class,
                        new JdbcSessionStore(databaseThatSays(Map.of("getDatabaseProductName", "Other")))
                                ::createTableIfMissing)
                .getMessage();
        assertTrue(message.contains("H2, PostgreSQL, MariaDB and MySQL"), message);
    }

    @Test
    void mariaDbIsKnownThroughTheDriverOfMySqlToo() throws Exception {
        assertEquals(DatabaseFamily.MARIADB, familyOf("MySQL", "11.4.5-MariaDB"));
        assertEquals(DatabaseFamily.MYSQL, familyOf("MySQL", "8.4.3"));
        assertEquals(DatabaseFamily.MARIADB, familyOf("MariaDB", "11.4.5-MariaDB"));
        assertEquals(DatabaseFamily.POSTGRESQL, familyOf("PostgreSQL", "17.7"));
    }

    @Test
    void theDdlOfMySqlIsThatOfMariaDbButForTheCollation() {
        assertEquals(
                body(DatabaseFamily.MARIADB).replace("utf8mb4_nopad_bin", "utf8mb4_0900_bin"),
                body(DatabaseFamily.MYSQL));
    }

    @Test
    void anExhaustedPoolIsAnOutageAndPasses() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.driver());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbcSessionStore pooled = new JdbcSessionStore(pool);
            pooled.createTableIfMissing();
            try (Connection taken = pool.getConnection()) {
                assertFalse(taken.isClosed());
                SessionStoreException failure = assertThrows(SessionStoreException.class, () -> pooled.find(ID));
                assertTrue(failure.getCause().getMessage().contains("total=1"), "the pool's figures are kept");
            }
            assertEquals(Optional.empty(), pooled.find(ID));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void whatTheDatabaseRolledBackIsTriedAgainAndReachesNobody(String state) {
        store.createTableIfMissing();
        store.create(SESSION);
        AtomicInteger deadlocks = new AtomicInteger(3);
        JdbcSessionStore contended = interfered("prepareStatement", arguments -> {
            if (deadlocks.getAndDecrement() > 0) {
                throw new SQLException("deadlock", state);
            }
        });

        assertEquals(List.of(SESSION), contended.deleteAll(USER));

        deadlocks.set(Integer.MAX_VALUE);
        JdbcSessionStore impatient = contended.withTimeout(Duration.ofSeconds(2));
        assertThrows(SessionStoreException.class, () -> impatient.find(ID));
    }

    @Test
    void aLostConnectionIsNotTriedAgainBecauseTheCallMayHaveTakenEffect() {
        store.createTableIfMissing();
        AtomicInteger attempts = new AtomicInteger();
        JdbcSessionStore cutOff = interfered("prepareStatement", arguments -> {
            attempts.incrementAndGet();
            throw new SQLException("connection reset", "08006");
        });

        assertThrows(SessionStoreException.class, () -> cutOff.create(SESSION));

        assertEquals(1, attempts.get());
    }

    @Test
    void aRevokeThatIsTriedAgainDoesNotCountWhatItHadRemovedBefore() {
        store.createTableIfMissing();
        Session first = StoreOnDatabase.session("a".repeat(22), USER, START.plusSeconds(60));
        Session second = StoreOnDatabase.session("b".repeat(22), USER, START.plusSeconds(60));
        store.create(first);
        store.create(second);
        AtomicInteger statements = new AtomicInteger();
        JdbcSessionStore contended = interfered("prepareStatement", arguments -> {
            switch (statements.incrementAndGet()) {
                // Before the deletes: the second session is left for another look.
                case 3 -> store.touch(second, START.plusMillis(1), START.plusSeconds(60));
                // That look is rolled back, and the session changes once more before the next delete.
                case 6 -> throw new SQLException("conflict", "40001");
                case 8 ->
                    store.touch(
                            second.touched(START.plusMillis(1), START.plusSeconds(60)),
                            START.plusMillis(2),
                            START.plusSeconds(60));
                default -> {}
            }
        });

        assertEquals(2, contended.deleteAll(USER).size());

        assertEquals(List.of(), store.list(USER));
        assertTrue(statements.get() > 8, "everything has happened");
    }

    @Test
    void whatFailedHalfwayIsRolledBackAndTheConnectionIsGivenBackAsItCame() throws Exception {
        store.createTableIfMissing();
        store.create(SESSION);
        store.create(StoreOnDatabase.session("another-session-of-the-user", USER, START));
        Connection single = database.driver().getConnection();
        AtomicInteger deletes = new AtomicInteger();
        Connection failing = Interference.beforeEach("delete", single, arguments -> {
            if (deletes.incrementAndGet() == 2) {
                throw new SQLException("out of memory", "53200");
            }
        });
        JdbcSessionStore interrupted = new JdbcSessionStore(Jdbi.create(() -> answering(failing, "close", null)));

        assertThrows(SessionStoreException.class, () -> interrupted.deleteAll(USER));

        assertTrue(single.getAutoCommit());
        assertEquals(2, store.list(USER).size());
        single.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"53200", "40001"})
    void whereEvenTheRollbackFailsTheConnectionIsGivenUpAndNothingTriedAgain(String state) throws Exception {
        store.createTableIfMissing();
        store.create(SESSION);
        store.create(StoreOnDatabase.session("another-session-of-the-user", USER, START));
        List<String> given = new ArrayList<>();
        JdbcSessionStore broken = new JdbcSessionStore(Jdbi.create(() -> {
            Connection failing =
                    Interference.beforeEach("delete", database.driver().getConnection(), arguments -> {
                        if (!given.isEmpty()) {
                            throw new SQLException("out of memory", state);
                        }
                        given.add("delete");
                    });
            Connection stuck = Interference.before("rollback", failing, arguments -> {
                throw new SQLException("out of memory", "53200");
            });
            return Interference.before("abort", stuck, arguments -> given.add("abort"));
        }));

        assertThrows(SessionStoreException.class, () -> broken.deleteAll(USER));

        assertEquals(List.of("delete", "abort"), given);
        assertEquals(2, store.list(USER).size(), "nothing of it is committed");
    }

    @Test
    void aCallWaitsForTheNetworkAsLongAsItsTimeoutAndLeavesTheConnectionAsItCame() {
        store.createTableIfMissing();
        List<Integer> millis = new ArrayList<>();
        JdbcSessionStore watched = interfered("setNetworkTimeout", arguments -> millis.add((Integer) arguments[1]));

        watched.withTimeout(Duration.ofHours(1)).find(ID);

        assertEquals(0, millis.remove(millis.size() - 1), "as it came");
        millis.forEach(limit -> assertTrue(limit > 3_000_000 && limit <= 3_600_000, "within the hour: " + limit));
        assertFalse(millis.isEmpty());
    }

    @Test
    void aShorterNetworkTimeoutOfThePoolStaysAsItIs() {
        store.createTableIfMissing();
        List<Integer> millis = new ArrayList<>();
        JdbcSessionStore watched = new JdbcSessionStore(Jdbi.create(() -> Interference.before(
                "setNetworkTimeout",
                answering(database.driver().getConnection(), "getNetworkTimeout", 1_234),
                arguments -> millis.add((Integer) arguments[1]))));

        watched.find(ID);

        assertEquals(Set.of(1_234), Set.copyOf(millis));
    }

    @Test
    void aCallInsideTheCallersTransactionOfTheSameJdbiNeitherJoinsNorCommitsIt() {
        Jdbi jdbi = Jdbi.create(database.driver());
        JdbcSessionStore sharing = new JdbcSessionStore(jdbi);
        sharing.createTableIfMissing();
        database.execute("create table theirs (id int)");

        jdbi.useTransaction(handle -> {
            handle.execute("insert into theirs values (1)");
            sharing.create(SESSION);
            handle.rollback();
        });

        assertEquals(0, database.count("theirs"));
        assertEquals(Optional.of(SESSION), store.find(ID));
    }

    @Test
    void theApplicationsOwnSettingsOfJdbiDoNotMatter() {
        Jdbi jdbi = Jdbi.create(database.driver());
        jdbi.getConfig(SqlStatements.class)
                .setSqlParser(new HashPrefixSqlParser())
                .setTemplateEngine((template, context) -> "syntax error")
                .addCustomizer(StatementCustomizers.maxRows(1));
        JdbcSessionStore configured = new JdbcSessionStore(jdbi);
        configured.createTableIfMissing();
        configured.create(SESSION);
        configured.create(StoreOnDatabase.session("another-session-of-the-user", USER, START));

        assertEquals(2, configured.deleteAll(USER).size());

        assertInstanceOf(
                HashPrefixSqlParser.class, jdbi.getConfig(SqlStatements.class).getSqlParser());
    }

    @Test
    void noExceptionInTheChainShowsValuesOrThePasswordOfAUrl() {
        SQLException inner = new SQLException("value-that-must-not-be-shown", "22001");
        SQLException outer = new SQLException("jdbc:x:y?password=must-not-be-shown", "08001", inner);
        outer.setNextException(new SQLException("next-that-must-not-be-shown"));
        outer.addSuppressed(new IllegalStateException("must-not-be-shown"));
        Exception circular = new IllegalStateException("must-not-be-shown");
        circular.initCause(new IllegalStateException("must-not-be-shown", circular));
        SQLException signal = new SQLTransientConnectionException("must-not-be-shown", "45000");
        SQLException status = new SQLException("deadlock\ninsert into x values ('must-not-be-shown')", "40001");
        Exception host = new IllegalStateException(new UnknownHostException("me:must-not-be-shown@127.0.0.1"));
        SQLException authority = new SQLException("(host=x,PASSWORD = must-not-be-shown", "08001");
        SessionStoreException refusal = new SessionStoreException("refused");
        refusal.addSuppressed(new SQLException("jdbc:x:y?password=must-not-be-shown", "08003"));
        for (Exception failure : List.of(
                outer,
                new IllegalStateException("must-not-be-shown", outer),
                circular,
                signal,
                status,
                host,
                authority,
                refusal)) {
            StoreOnDatabase.assertShowsNoValues(new StoreFailure("jwt_sessions").of(failure));
        }
    }

    @ParameterizedTest
    @CsvSource({"42501, 0", "42000, 1044", "42000, 1142", "42000, 1143", "42000, 1049", "3F000, 0", "42P01, 0"})
    void whatIsWrongWithRightsOrNamesIsShown(String state, int code) {
        SessionStoreException failure =
                new StoreFailure("jwt_sessions").of(new SQLException("no right on jwt_sessions_schema", state, code));

        assertTrue(failure.getMessage().contains("closed to this database user"), failure.getMessage());
        assertEquals(
                "java.sql.SQLException [" + state + ", " + code + "]: no right on jwt_sessions_schema",
                failure.getCause().getMessage());
    }

    @Test
    void aRowThatIsNoSessionIsAFailureOfTheTable() {
        store.createTableIfMissing();
        store.create(SESSION);
        database.execute("alter table jwt_sessions alter column user_id char(300)");
        database.execute("update jwt_sessions set user_id = ' '");

        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> store.find(ID));

        assertTrue(failure.getMessage().contains("another shape"), failure.getMessage());
    }

    @Test
    void timeoutsOutOfRangeAreRefused() {
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofMillis(1_999), Duration.ofMinutes(61))) {
            assertThrows(IllegalArgumentException.class, () -> store.withTimeout(timeout));
        }
        store.withTimeout(Duration.ofSeconds(2));
        store.withTimeout(Duration.ofHours(1));
    }

    @Test
    void aThreadStaysInterruptedWhosePoolTookTheInterruptionAway() {
        JdbcSessionStore interrupted = new JdbcSessionStore(Jdbi.create(() -> {
            throw new SQLException("interrupted while waiting for a connection", new InterruptedException());
        }));

        assertThrows(SessionStoreException.class, () -> interrupted.find(SESSION.id()));

        assertTrue(Thread.interrupted());
    }

    @Test
    void noIdIsRefusedBeforeItIsShared() {
        assertThrows(NullPointerException.class, () -> store.find(null));
    }

    @Test
    void batchSizesOutOfRangeAreRefused() {
        for (int maxBatch : List.of(Integer.MIN_VALUE, -1, 0, 257)) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> store.withBatchedReads(maxBatch));
            assertEquals("maxBatch must be 1 to 256, was " + maxBatch, refusal.getMessage());
        }
        store.withBatchedReads(1);
        store.withBatchedReads(256);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a;drop table x",
                "a--",
                "\"a\"",
                "a.b.c",
                ".a",
                "a.",
                "1a",
                "a\n",
                "tàble",
                "a'b",
                "a_name_of_forty_nine_characters_is_one_too_many_x"
            })
    void aTableNameOfAnotherFormIsRefused(String name) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> store.withTableName(name));

        assertTrue(refusal.getMessage().startsWith("tableName must be"), refusal.getMessage());
    }

    /** The database, but for what it says of itself. */
    private Jdbi databaseThatSays(Map<String, Object> answers) {
        return Jdbi.create(() -> answering(database.driver().getConnection(), "getMetaData", metaData(answers)));
    }

    /** The connection, but for what this method answers. */
    private static Connection answering(Connection connection, String method, @Nullable Object answer) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, called, arguments) ->
                        called.getName().equals(method) ? answer : called.invoke(connection, arguments));
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

    private static String body(DatabaseFamily family) {
        String ddl = family.ddl(JdbcSessionStore.DEFAULT_TABLE);
        return ddl.substring(ddl.indexOf("create table"));
    }

    private JdbcSessionStore interfered(String method, Interference interference) {
        return new JdbcSessionStore(
                Jdbi.create(() -> Interference.before(method, database.driver().getConnection(), interference)));
    }
}
