package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStoreException;
import java.sql.SQLException;
import java.util.Set;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what drivers, pools and Jdbi throw into {@link SessionStoreException}, without values. Jdbi's exceptions can
 * print bound arguments and are left out. A driver's message is kept where it is about the connection, the server or
 * the tables; elsewhere it may quote data, and only its state and code are kept.
 */
final class StoreFailure {
    private static final String TRANSACTION_ROLLBACK = "40";

    /** Syntax or access rule: what is wrong with a table. */
    private static final String ABOUT_A_TABLE = "42";

    /** MariaDB's drivers put values into the statement's text, and this state's message quotes the text. */
    private static final String SYNTAX_ERROR_OF_MYSQL = "42000";

    private static final Set<String> ABOUT_DATA = Set.of("21", "22", "23", "44");

    /**
     * Connection, transaction and authorization, a missing database, resources, the operator, the system, a timeout.
     */
    private static final Set<String> WITHOUT_VALUES =
            Set.of("", "08", "25", "28", "3D", TRANSACTION_ROLLBACK, ABOUT_A_TABLE, "53", "55", "57", "58", "70");

    private static final String TIMEOUT = "HYT";

    private final String table;

    StoreFailure(String table) {
        this.table = table;
    }

    SessionStoreException of(Throwable failure) {
        if (failure instanceof SessionStoreException e) {
            return e;
        }
        SQLException cause = sqlCause(failure);
        return cause == null
                ? new SessionStoreException(message(""), failure instanceof JdbiException ? null : failure)
                : new SessionStoreException(message(stateOf(cause)), withoutValues(cause));
    }

    /**
     * Whether the database undid the whole transaction, for a deadlock or a conflict, so that it can be tried again.
     */
    static boolean isRolledBack(Throwable failure) {
        SQLException cause = sqlCause(failure);
        return cause != null && sqlClass(stateOf(cause)).equals(TRANSACTION_ROLLBACK);
    }

    /** Whether the table or a column is missing, as opposed to the database not answering. */
    static boolean isAboutATable(Throwable failure) {
        SQLException cause = sqlCause(failure);
        return cause != null && sqlClass(stateOf(cause)).equals(ABOUT_A_TABLE);
    }

    private static @Nullable SQLException sqlCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return e;
            }
        }
        return null;
    }

    private String message(String state) {
        String sqlClass = sqlClass(state);
        if (sqlClass.equals(ABOUT_A_TABLE) || ABOUT_DATA.contains(sqlClass)) {
            return "The session table " + table + " is missing, has another shape, or refused the record: compare it"
                    + " with the DDL in the jdbc-store jar, or let createTableIfMissing() make it";
        }
        return "The database of the session table " + table + " could not answer";
    }

    private static SQLException withoutValues(SQLException original) {
        String state = stateOf(original);
        if (state.startsWith(TIMEOUT)
                || (WITHOUT_VALUES.contains(sqlClass(state)) && !state.equals(SYNTAX_ERROR_OF_MYSQL))) {
            return original;
        }
        SQLException harmless = new SQLException(
                original.getClass().getName() + " (message left out: it may quote values)",
                state,
                original.getErrorCode());
        harmless.setStackTrace(original.getStackTrace());
        return harmless;
    }

    private static String stateOf(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    private static String sqlClass(String state) {
        return state.length() < 2 ? "" : state.substring(0, 2);
    }
}
