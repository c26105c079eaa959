package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.SampleSessions.assertShowsNoValues;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStoreException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failure shows of the exception that caused it. */
class StoreFailureTest {
    private final StoreFailure failures = new StoreFailure("jwt_sessions");

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
            assertShowsNoValues(failures.of(failure));
        }
    }

    @ParameterizedTest
    @CsvSource({"42501, 0", "42000, 1044", "42000, 1142", "42000, 1143", "42000, 1049", "3F000, 0", "42P01, 0"})
    void aMessageAboutRightsOrNamesIsShown(String state, int code) {
        SessionStoreException failure = failures.of(new SQLException("no right on jwt_sessions_schema", state, code));

        assertTrue(failure.getMessage().contains("closed to this database user"), failure.getMessage());
        assertEquals(
                "java.sql.SQLException [" + state + ", " + code + "]: no right on jwt_sessions_schema",
                failure.getCause().getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "42501, permission denied for function set_config",
        "0A000, set_config is not supported",
        "XX000, unsupported function: set_config",
        ", 'sql injection violation, deny function : set_config : UPDATE jwt_sessions set x = set_config(1)'"
    })
    void aRefusalThatNamesTheFunctionIsRecognizedAlsoInsideAnotherException(String state, String message) {
        SQLException refusal = new SQLException(message, state);

        assertTrue(StoreFailure.isRefusalOf("set_config", refusal));
        assertTrue(StoreFailure.isRefusalOf(
                "set_config", new SQLException("wrapped", "HY000", new IllegalStateException(refusal))));
    }

    @ParameterizedTest
    @CsvSource({
        "08006, set_config",
        "57014, set_config",
        ", 'Connection reset: update jwt_sessions set x where pg_catalog.set_config(1)'",
        "XX000, 'Connection reset: UPDATE\tjwt_sessions set x where pg_catalog.set_config(1)'",
        "42501, permission denied for table jwt_sessions",
        ", "
    })
    void aFailureThatQuotesTheUpdateIsNoRefusalOfItsFunction(String state, String message) {
        SQLException failure = new SQLException(message, state);
        failure.initCause(new SQLException(message, state));

        assertFalse(StoreFailure.isRefusalOf("set_config", failure));
    }

    @Test
    void aCircularChainIsNoRefusal() {
        SQLException circular = new SQLException("outer");
        circular.initCause(new SQLException("inner", circular));

        assertFalse(StoreFailure.isRefusalOf("set_config", circular));
    }
}
