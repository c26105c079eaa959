package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.CapturedLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Activity is recorded even if the database or a filter in the data source refuses {@code set_config}. */
@Tag("thorough")
@Isolated("reads the log of the virtual machine")
class PostgresRefusedSetConfigTest {
    private static final String REFUSAL_OF_A_FILTER = "sql injection violation, deny function : set_config : update";

    private final TestDatabase database = PostgresServer.shared().newDatabase();
    private final List<String> updates = new ArrayList<>();

    @BeforeEach
    void logIn() {
        JdbcSessionStore store = new JdbcSessionStore(database.driver());
        store.createTableIfMissing();
        store.create(SESSION, unconditional());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutTheRightToSetConfigActivityIsRecordedByAPlainUpdate(boolean autoCommit) {
        String role = "limited_" + Long.toString(System.nanoTime(), 36);
        database.execute(
                "create role " + role,
                "grant select, update on jwt_sessions to " + role,
                "grant select on jwt_sessions_schema to " + role,
                "revoke execute on function pg_catalog.set_config(text, text, boolean) from public");
        JdbcSessionStore store = storeOn(connection -> {
            connection.createStatement().execute("set role " + role);
            connection.setAutoCommit(autoCommit);
            return connection;
        });

        assertRecordsActivityAndWarnsOnce(store, "PSQLException, SQL state 42501");
    }

    @Test
    void behindAFilterThatRefusesSetConfigActivityIsRecordedByAPlainUpdate() {
        JdbcSessionStore store = storeOn(connection -> Interference.beforeEach("update", connection, arguments -> {
            if (((String) arguments[0]).contains("set_config")) {
                throw new SQLException(REFUSAL_OF_A_FILTER);
            }
        }));

        assertRecordsActivityAndWarnsOnce(store, "java.sql.SQLException, SQL state null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "53300", "55P03", "57014", "57P01"})
    void aTransientFailureLeavesTheAsynchronousCommitOn(String state) {
        assertAsksAgainAfter(new SQLException("set_config", state));
    }

    @Test
    void aFailureThatDoesNotNameTheFunctionLeavesTheAsynchronousCommitOn() {
        assertAsksAgainAfter(new SQLException("Connection is closed"));
    }

    @Test
    void aFilterThatRefusesThePlainUpdateTooLeavesTheAsynchronousCommitOn() {
        AtomicBoolean refuses = new AtomicBoolean(true);
        JdbcSessionStore store = storeOn(connection -> Interference.beforeEach("update", connection, arguments -> {
            if (refuses.get()) {
                throw new SQLException(REFUSAL_OF_A_FILTER);
            }
        }));
        assertThrows(SessionStoreException.class, () -> touch(store, SESSION));
        assertEquals(List.of("set_config", "plain"), updates);
        updates.clear();

        refuses.set(false);

        assertTrue(touch(store, SESSION));
        assertEquals(List.of("set_config"), updates);
    }

    private void assertAsksAgainAfter(SQLException failure) {
        AtomicBoolean fails = new AtomicBoolean(true);
        JdbcSessionStore store = storeOn(connection -> Interference.beforeEach("update", connection, arguments -> {
            if (fails.getAndSet(false)) {
                throw failure;
            }
        }));
        assertThrows(SessionStoreException.class, () -> touch(store, SESSION));

        assertTrue(touch(store, SESSION));

        assertEquals(List.of("set_config", "set_config"), updates);
    }

    private void assertRecordsActivityAndWarnsOnce(JdbcSessionStore store, String reason) {
        SessionRecord touched = SESSION.touched(START.plusSeconds(60), SESSION.expiresAt());
        List<String> warnings = warningsOf(() -> {
            assertTrue(touch(store, SESSION));
            assertTrue(touch(store, touched));
            assertFalse(touch(store, touched), "another touch came first");
        });

        assertEquals(
                touched.touched(START.plusSeconds(120), SESSION.expiresAt()),
                store.find(USER, ID).orElseThrow());
        assertEquals(List.of("set_config", "plain", "plain", "plain"), updates);
        assertEquals(1, warnings.size(), warnings::toString);
        String warning = warnings.get(0);
        assertTrue(warning.contains(reason), warning);
        assertTrue(warning.contains("waits until its commit is on disk"), warning);
        assertTrue(warning.contains("allow set_config in the filter or grant"), warning);
    }

    /** One minute later. */
    private static boolean touch(JdbcSessionStore store, SessionRecord seen) {
        Instant next = seen.lastActiveAt().plusSeconds(60);
        return store.touch(seen, next, seen.expiresAt());
    }

    private JdbcSessionStore storeOn(Wrapper wrapper) {
        return new JdbcSessionStore(Jdbi.create(() -> Interference.beforeEach(
                "update",
                wrapper.of(database.driver().getConnection()),
                arguments -> updates.add(((String) arguments[0]).contains("set_config") ? "set_config" : "plain"))));
    }

    private static List<String> warningsOf(Runnable action) {
        try (CapturedLog log = new CapturedLog()) {
            action.run();
            return log.linesOf("WARN");
        }
    }

    private interface Wrapper {
        Connection of(Connection connection) throws SQLException;
    }
}
