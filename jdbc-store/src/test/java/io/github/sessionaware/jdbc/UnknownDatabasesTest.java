package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.JdbcSessionStore.DEFAULT_TABLE;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.hsqldb.jdbc.JDBCDataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Databases that the store does not know. Their drivers have no network timeout, and HikariCP takes that badly. */
@Tag("thorough")
class UnknownDatabasesTest {

    @ParameterizedTest
    @EnumSource
    void everythingWorksWithoutAPool(Unknown kind) {
        assertEverythingWorks(new JdbcSessionStore(kind.withTables()));
    }

    @ParameterizedTest
    @EnumSource
    void aDriverWithoutNetworkTimeoutCostsThePoolNoConnection(Unknown kind) {
        AtomicInteger opened = new AtomicInteger();
        try (HikariDataSource pool = pool(kind.withTables(), opened)) {
            JdbcSessionStore store = new JdbcSessionStore(pool);
            store.createTableIfMissing();

            assertEverythingWorks(store);
        }

        assertEquals(1, opened.get());
    }

    /** The pool closes the connection on which the driver was asked. No call of the store runs on that one. */
    @ParameterizedTest
    @EnumSource
    void aPoolThatHidesItsDriverLosesOneConnectionAndEveryCallWorks(Unknown kind) {
        AtomicInteger opened = new AtomicInteger();
        try (HikariDataSource pool = pool(kind.withTables(), opened)) {
            assertEverythingWorks(new JdbcSessionStore(Jdbi.create(() -> hidingTheDriver(pool))));
        }

        assertEquals(2, opened.get());
    }

    @ParameterizedTest
    @EnumSource
    void aStoreThatWasBuiltWhileTheDatabaseWasDownWorksThroughAPool(Unknown kind) {
        AtomicBoolean down = new AtomicBoolean(true);
        try (HikariDataSource pool = pool(kind.withTables(), new AtomicInteger())) {
            JdbcSessionStore store = new JdbcSessionStore(Jdbi.create(() -> {
                if (down.get()) {
                    throw new SQLException("connection refused", "08001");
                }
                return hidingTheDriver(pool);
            }));
            assertThrows(SessionStoreException.class, () -> store.find(USER, ID));

            down.set(false);

            assertEverythingWorks(store);
        }
    }

    @ParameterizedTest
    @EnumSource
    void missingTablesAreRefusedWithTheDatabasesThatHaveADdl(Unknown kind) {
        JdbcSessionStore store = new JdbcSessionStore(kind.driver());

        String message = assertThrows(SessionStoreException.class, store::createTableIfMissing)
                .getMessage();

        assertTrue(message.contains("only for H2, PostgreSQL, MariaDB and MySQL"), message);
    }

    private static Connection hidingTheDriver(DataSource pool) throws SQLException {
        return Interference.answering(pool.getConnection(), "isWrapperFor", false);
    }

    private static void assertEverythingWorks(JdbcSessionStore store) {
        store.create(SESSION, unconditional());
        assertEquals(Optional.of(SESSION), store.find(USER, ID));
        SessionRecord touched = SESSION.touched(START.plusSeconds(1), SESSION.expiresAt());
        assertTrue(store.touch(SESSION, touched.lastActiveAt(), touched.expiresAt()));
        assertEquals(Optional.of(List.of()), store.create(session('b'), decidedBy(all -> Optional.of(List.of()))));
        assertEquals(2, store.deleteAll(USER, null).size());
        assertEquals(0, store.purge(START));
    }

    /** Counts the connections that the pool opens. */
    private static HikariDataSource pool(DataSource driver, AtomicInteger opened) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(new WatchedDataSource(driver, connection -> opened.incrementAndGet()).dataSource());
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(0);
        // Otherwise the pool opens a connection when it is made, and closes it at once.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private enum Unknown {
        HSQLDB {
            @Override
            DataSource driver() {
                JDBCDataSource driver = new JDBCDataSource();
                driver.setUrl("jdbc:hsqldb:mem:" + UUID.randomUUID());
                driver.setUser("sa");
                return driver;
            }
        },
        DERBY {
            @Override
            DataSource driver() {
                EmbeddedDataSource driver = new EmbeddedDataSource();
                driver.setDatabaseName("memory:" + UUID.randomUUID());
                driver.setCreateDatabase("create");
                return driver;
            }
        };

        /** A database of its own, without tables. */
        abstract DataSource driver();

        /** Creates the tables after the model of {@code h2.sql}, with the SQL that both databases understand. */
        DataSource withTables() {
            DataSource driver = driver();
            String ddl = DatabaseFamily.H2
                    .ddl(DEFAULT_TABLE)
                    .replace("if not exists ", "")
                    .replace(
                            "merge into jwt_sessions_locks (bucket) key (bucket)",
                            "insert into jwt_sessions_locks (bucket)")
                    .replaceFirst("select 1 where .*;", "values (1);");
            Jdbi.create(driver).useHandle(handle -> handle.createScript(ddl).execute());
            return driver;
        }
    }

    @Nested
    class HsqldbContract extends Contract {
        HsqldbContract() {
            super(Unknown.HSQLDB);
        }
    }

    @Nested
    class DerbyContract extends Contract {
        DerbyContract() {
            super(Unknown.DERBY);
        }
    }

    private abstract static class Contract extends StoreContracts.ContractOnPool {
        private final Unknown kind;

        Contract(Unknown kind) {
            this.kind = kind;
        }

        @Override
        HikariDataSource openPool() {
            return pool(kind.withTables(), new AtomicInteger());
        }
    }
}
