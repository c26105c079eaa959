package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStoreException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns what drivers, pools and Jdbi throw into a {@link SessionStoreException} without values. The cause is a copy of
 * the original chain: class, SQL state, error code and stack trace of each exception. The copy has the original message
 * only if that is about the connection, the server or the tables. Other messages may quote data, and a message with a
 * URL may quote a password.
 */
final class StoreFailure {
    /** Deadlock and serialization conflict: the database has rolled back the whole transaction. */
    private static final Set<String> ROLLED_BACK = Set.of("40001", "40P01");

    /** Invalid schema name; syntax error or access rule violation. */
    private static final Set<String> ABOUT_A_TABLE = Set.of("3F", "42");

    /** No state, feature not supported, syntax error or access rule violation, internal error. */
    private static final Set<String> REFUSED_STATEMENT = Set.of("", "0A", "42", "XX");

    private static final Pattern QUOTED_UPDATE = Pattern.compile("\\bupdate\\s", Pattern.CASE_INSENSITIVE);

    private static final String NO_RIGHT_OF_POSTGRESQL = "42501";

    /** Missing right on a database, on a table, on a column. */
    private static final Set<Integer> NO_RIGHT_OF_MYSQL = Set.of(1044, 1142, 1143);

    /** The message may quote the statement, in which MariaDB's drivers put the values. */
    private static final String SYNTAX_ERROR_OF_MYSQL = "42000";

    private static final int UNKNOWN_DATABASE_OF_MYSQL = 1049;

    private static final Set<String> ABOUT_DATA = Set.of("21", "22", "23", "44");

    /**
     * Connection, transaction state, authorization, missing database or schema, rollback, tables, resources, state of
     * an object, operator, system, interruption, timeouts.
     */
    private static final Set<String> WITHOUT_VALUES =
            Set.of("08", "25", "28", "3D", "3F", "40", "42", "53", "55", "57", "58", "70", "HY");

    /** Connection, resources, operator, system, interruption. */
    private static final Set<String> WITHOUT_ANSWER = Set.of("", "08", "53", "57", "58", "70");

    private static final String TIMEOUT = "HYT";

    /** Not a network timeout: nothing has happened, and the connection is usable. */
    private static final int LOCK_TIMEOUT_OF_H2 = 50200;

    private static final String UNSPECIFIED = "HY000";

    /** Matches the parts of a URL that may hold a user and a password, but not MariaDB's {@code 'user'@'host'}. */
    private static final Pattern URL = Pattern.compile("jdbc:|password\\s*=|(?<!')@", Pattern.CASE_INSENSITIVE);

    /** Cuts long chains and chains that lead back to themselves. */
    private static final int MAX_CAUSES = 10;

    private final String table;

    StoreFailure(String table) {
        this.table = table;
    }

    SessionStoreException of(Throwable failure) {
        if (failure instanceof SessionStoreException e) {
            return withoutSuppressed(e);
        }
        SQLException cause = sqlCause(failure);
        return new SessionStoreException(
                message(cause == null ? "" : stateOf(cause)), withoutValues(cause == null ? failure : cause));
    }

    /** Drops suppressed exceptions, because they come from a driver and may show values. */
    private static SessionStoreException withoutSuppressed(SessionStoreException e) {
        return e.getSuppressed().length == 0
                ? e
                : new SessionStoreException(String.valueOf(e.getMessage()), e.getCause());
    }

    /** Whether the database has rolled back, so that the call can be retried. */
    static boolean isRolledBack(Throwable failure) {
        SQLException cause = sqlCause(failure);
        return cause != null && ROLLED_BACK.contains(stateOf(cause));
    }

    /** Whether the table or a column is missing, and not just hidden by a missing right or an outage. */
    static boolean isAboutATable(Throwable failure) {
        SQLException cause = sqlCause(failure);
        return cause != null && ABOUT_A_TABLE.contains(sqlClass(stateOf(cause))) && !isAboutARight(cause);
    }

    private static boolean isAboutARight(SQLException e) {
        return stateOf(e).equals(NO_RIGHT_OF_POSTGRESQL)
                || (stateOf(e).equals(SYNTAX_ERROR_OF_MYSQL) && NO_RIGHT_OF_MYSQL.contains(e.getErrorCode()));
    }

    /** Whether a value or a row caused the failure, so that other rows can still be read. */
    static boolean isAboutData(Throwable failure) {
        SQLException cause = sqlCause(failure);
        return cause != null && ABOUT_DATA.contains(sqlClass(stateOf(cause)));
    }

    /**
     * Whether the database or a filter in the data source refused an update because of a function in it. A refusal
     * names the function before it quotes the update, if it does, because other failures may quote the update too.
     * PostgreSQL's refusal has a state of class 42, a proxy's may have 0A or XX, and Druid's wall filter throws one
     * without a state.
     */
    static boolean isRefusalOf(String function, SQLException failure) {
        Throwable cause = failure;
        for (int causes = 0; cause != null && causes <= MAX_CAUSES; causes++) {
            if (cause instanceof SQLException e
                    && REFUSED_STATEMENT.contains(sqlClass(stateOf(e)))
                    && QUOTED_UPDATE.split(String.valueOf(e.getMessage()), 2)[0].contains(function)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** Whether the database answered and refused, as it does when several nodes create the same table at once. */
    static boolean isRejected(Throwable failure) {
        SQLException cause = sqlCause(failure);
        return cause != null
                && !WITHOUT_ANSWER.contains(sqlClass(stateOf(cause)))
                && (!stateOf(cause).startsWith(TIMEOUT) || cause.getErrorCode() == LOCK_TIMEOUT_OF_H2);
    }

    /** Restores the thread's interrupt, because some pools clear it, and the caller must see it too. */
    static void keepInterruption(Throwable failure) {
        if (cause(InterruptedException.class, failure) != null) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable SQLException sqlCause(Throwable failure) {
        return cause(SQLException.class, failure);
    }

    private static <E extends Throwable> @Nullable E cause(Class<E> type, Throwable failure) {
        Throwable cause = failure;
        for (int causes = 0; cause != null && causes <= MAX_CAUSES; causes++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }

    private String message(String state) {
        String sqlClass = sqlClass(state);
        if (ABOUT_A_TABLE.contains(sqlClass) || ABOUT_DATA.contains(sqlClass)) {
            return "The session table " + table + " is missing, closed to this database user, has another shape, or"
                    + " refused the record: compare the table and its rights with the DDL in the jdbc-store jar, or call"
                    + " createTableIfMissing()";
        }
        return "The database of the session table " + table + " could not answer: see the cause";
    }

    private static SQLException withoutValues(Throwable original) {
        return withoutValues(original, MAX_CAUSES);
    }

    private static SQLException withoutValues(Throwable original, int causes) {
        String name = original.getClass().getName();
        String message = ": " + messageWithoutValues(original);
        // State and code are in the message too, because a stack trace shows only messages.
        SQLException copy = original instanceof SQLException e
                ? new SQLException(
                        name + " [" + stateOf(e) + ", " + e.getErrorCode() + "]" + message,
                        e.getSQLState(),
                        e.getErrorCode())
                : new SQLException(name + message);
        copy.setStackTrace(original.getStackTrace());
        if (original.getCause() != null && causes > 0) {
            copy.initCause(withoutValues(original.getCause(), causes - 1));
        }
        return copy;
    }

    private static String messageWithoutValues(Throwable original) {
        String message = String.valueOf(original.getMessage());
        boolean harmless = original instanceof IOException
                || (original instanceof SQLTransientConnectionException e
                        && stateOf(e).isEmpty())
                || (original instanceof SQLException e && isWithoutValues(e));
        // Some drivers can be configured to add lines with statements and values.
        return harmless && !URL.matcher(message).find()
                ? message.lines().findFirst().orElse("")
                : "(message left out: it may quote values)";
    }

    private static boolean isWithoutValues(SQLException e) {
        return isAboutARight(e)
                || (stateOf(e).equals(SYNTAX_ERROR_OF_MYSQL) && e.getErrorCode() == UNKNOWN_DATABASE_OF_MYSQL)
                || (WITHOUT_VALUES.contains(sqlClass(stateOf(e)))
                        && !stateOf(e).equals(SYNTAX_ERROR_OF_MYSQL)
                        && !stateOf(e).equals(UNSPECIFIED));
    }

    private static String stateOf(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    private static String sqlClass(String state) {
        return state.length() < 2 ? "" : state.substring(0, 2);
    }
}
