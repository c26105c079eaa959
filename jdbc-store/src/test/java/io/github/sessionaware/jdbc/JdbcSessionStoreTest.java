package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStoreException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.HashPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcSessionStoreTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final String USER = "user-that-must-not-be-shown";
    private static final String ID = "id-that-must-not-be-shown";
    private static final Session SESSION = new Session(
            ID,
            USER,
            ClientInfo.builder().device("device-that-must-not-be-shown").build(),
            START,
            START,
            START.plus(Duration.ofDays(1)));

    @RegisterExtension
    private final H2Database database = new H2Database();

    @RegisterExtension
    private final H2Database withoutAutoCommit = H2Database.withoutAutoCommit();

    private final JdbcSessionStore store = new JdbcSessionStore(database.dataSource());

    @Test
    void constructionAsksNothingOfTheDatabase() {
        new JdbcSessionStore(unreachable());
    }

    @Test
    void creatingTheTableTwiceKeepsTheSessions() {
        store.createTableIfMissing();
        store.create(SESSION);

        store.createTableIfMissing();

        assertEquals(Optional.of(SESSION), store.find(ID));
    }

    @Test
    void aMissingTableIsNamedWithTheRemedy() {
        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> store.find(ID));

        assertTrue(failure.getMessage().contains("jwt_sessions"), failure.getMessage());
        assertTrue(failure.getMessage().contains("createTableIfMissing"), failure.getMessage());
        assertInstanceOf(SQLException.class, failure.getCause());
    }

    @Test
    void aTableOfAnotherShapeIsNamedWhenTheStoreChecksIt() {
        execute(
                "create table jwt_sessions (session_id varchar(64) primary key, user_id varchar(10), expires_at bigint)");

        SessionStoreException failure = assertThrows(SessionStoreException.class, store::createTableIfMissing);

        assertTrue(failure.getMessage().contains("jwt_sessions"), failure.getMessage());
        assertTrue(failure.getMessage().contains("another shape"), failure.getMessage());
    }

    @Test
    void aColumnThatIsTooNarrowIsAFailureOfTheTableNotOfTheLogin() {
        store.createTableIfMissing();
        execute("alter table jwt_sessions alter column user_id varchar(3)");

        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> store.create(SESSION));

        assertTrue(failure.getMessage().contains("another shape"), failure.getMessage());
        assertShowsNoValues(failure);
    }

    @Test
    void aDuplicateIsRefusedWithoutShowingIt() {
        store.createTableIfMissing();
        store.create(SESSION);

        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> store.create(SESSION));

        assertShowsNoValues(failure);
    }

    @Test
    void noCallShowsItsValuesWhenItFails() {
        List<Runnable> calls = List.of(
                () -> store.create(SESSION),
                () -> store.find(ID),
                () -> store.list(USER),
                () -> store.touch(SESSION, START.plusSeconds(60), START.plusSeconds(3600)),
                () -> store.delete(USER, ID),
                () -> store.deleteOthers(USER, ID),
                () -> store.deleteAll(USER),
                () -> store.purge(START));
        for (Runnable call : calls) {
            assertShowsNoValues(assertThrows(SessionStoreException.class, call::run));
        }
    }

    @Test
    void aDriverThatFailsIsTheCause() {
        JdbcSessionStore unreachable = new JdbcSessionStore(unreachable());

        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> unreachable.find(ID));

        assertEquals("connection refused", failure.getCause().getMessage());
    }

    @Test
    void anExhaustedPoolIsAnOutageAndPasses() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.directly());
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

    @Test
    void aDeadlockIsTriedAgainAndReachesNobody() throws Exception {
        store.createTableIfMissing();
        store.create(SESSION);
        AtomicInteger deadlocks = new AtomicInteger(3);
        JdbcSessionStore contended = new JdbcSessionStore(Jdbi.create(() -> {
            if (deadlocks.getAndDecrement() > 0) {
                throw new SQLException("deadlock", "40001");
            }
            return database.dataSource().getConnection();
        }));

        assertEquals(List.of(SESSION), contended.deleteAll(USER));

        deadlocks.set(Integer.MAX_VALUE);
        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> contended.find(ID));
        assertEquals("deadlock", failure.getCause().getMessage());
    }

    @Test
    void purgeAndDeleteAllOfTheSameRecordsBothSucceed() throws Exception {
        store.createTableIfMissing();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 20; i++) {
                // Deadlines fall while ids rise, so that the two lock the records in opposite order.
                store.create(new Session(
                        "session-%016d".formatted(i), USER, ClientInfo.unknown(), START, START, START.minusMillis(i)));
            }
            CyclicBarrier together = new CyclicBarrier(2);
            Future<Integer> purged = threads.submit(() -> {
                together.await();
                return store.purge(START);
            });
            Future<Integer> deleted = threads.submit(() -> {
                together.await();
                return store.deleteAll(USER).size();
            });

            assertEquals(20, purged.get() + deleted.get());
        }
        threads.shutdown();
    }

    @Test
    void whatACallDidIsCommittedWhenItReturnsWithoutAutoCommitToo() {
        JdbcSessionStore writer = new JdbcSessionStore(withoutAutoCommit.dataSource());
        JdbcSessionStore reader = new JdbcSessionStore(withoutAutoCommit.directly());
        writer.createTableIfMissing();
        writer.create(SESSION);
        assertEquals(Optional.of(SESSION), reader.find(ID));

        writer.touch(SESSION, START.plusSeconds(60), START.plusSeconds(3600));
        Session touched = SESSION.touched(START.plusSeconds(60), START.plusSeconds(3600));
        assertEquals(Optional.of(touched), reader.find(ID));

        assertEquals(Optional.of(touched), writer.delete(USER, ID));
        assertEquals(Optional.empty(), reader.find(ID));
    }

    @Test
    void aCallInsideTheCallersTransactionNeitherJoinsNorCommitsIt() {
        Jdbi jdbi = Jdbi.create(database.dataSource());
        JdbcSessionStore sharing = new JdbcSessionStore(jdbi);
        sharing.createTableIfMissing();
        execute("create table theirs (id int)");

        jdbi.useTransaction(handle -> {
            handle.execute("insert into theirs values (1)");
            sharing.create(SESSION);
            handle.rollback();
        });

        assertEquals(0, count("theirs"));
        assertEquals(Optional.of(SESSION), store.find(ID));
    }

    @Test
    void theApplicationsOwnSettingsOfJdbiDoNotMatter() {
        Jdbi jdbi = Jdbi.create(database.dataSource());
        jdbi.getConfig(SqlStatements.class)
                .setSqlParser(new HashPrefixSqlParser())
                .setTemplateEngine((template, context) -> "syntax error");
        JdbcSessionStore configured = new JdbcSessionStore(jdbi);

        configured.createTableIfMissing();
        configured.create(SESSION);

        assertEquals(List.of(SESSION), configured.deleteAll(USER));
        assertInstanceOf(
                HashPrefixSqlParser.class, jdbi.getConfig(SqlStatements.class).getSqlParser());
    }

    @Test
    void aValidateCostsOneSelect() {
        store.createTableIfMissing();
        database.forgetStatements();

        store.find(ID);

        assertEquals(1, database.statements().size());
        assertTrue(database.statements().get(0).startsWith("select"));
    }

    @Test
    void tablesOfOtherNamesAreSeparate() {
        execute("create schema auth");
        JdbcSessionStore other = store.withTableName("auth.Login_Sessions2");
        store.createTableIfMissing();
        other.createTableIfMissing();

        other.create(SESSION);

        assertEquals(Optional.of(SESSION), other.find(ID));
        assertEquals(Optional.empty(), store.find(ID));
        assertEquals(1, count("auth.login_sessions2"));
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
                "a'b"
            })
    void aTableNameOfAnotherFormIsRefused(String name) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> store.withTableName(name));

        assertTrue(refusal.getMessage().startsWith("tableName must be"), refusal.getMessage());
    }

    @Test
    void anUnknownKindOfDatabaseIsNamed() {
        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> DatabaseFamily.of("Oracle"));

        assertTrue(failure.getMessage().contains("Oracle"), failure.getMessage());
    }

    private static void assertShowsNoValues(Throwable failure) {
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        assertFalse(printed.toString().contains("must-not-be-shown"), printed.toString());
    }

    private static Jdbi unreachable() {
        return Jdbi.create(() -> {
            throw new SQLException("connection refused", "08001");
        });
    }

    private void execute(String sql) {
        Jdbi.create(database.directly()).useHandle(handle -> handle.execute(sql));
    }

    private int count(String table) {
        return Jdbi.create(database.directly())
                .withHandle(handle -> handle.createQuery("select count(*) from " + table)
                        .mapTo(Integer.class)
                        .one());
    }
}
