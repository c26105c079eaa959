package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStoreException;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Creates and checks the three tables: sessions, version and locks. It refuses tables of another version or another
 * shape before anything is written to them.
 */
final class Schema {
    static final int VERSION = 1;

    private static final int MAX_ATTEMPTS = 10;

    private final SessionStatements sql;
    private final Transactions transactions;

    /** Whether version and columns were checked. That happens before the first statement, and once per store. */
    private volatile boolean isChecked;

    Schema(SessionStatements sql, Transactions transactions) {
        this.sql = sql;
        this.transactions = transactions;
    }

    /** Fails unless the store can use the tables. */
    void require(StoreConnection connection) throws SQLException {
        if (!isChecked) {
            if (!hasVersion(connection)) {
                throw new SessionStoreException("The table " + sql.schemaTable() + " has no row, but should hold the"
                        + " schema version: call createTableIfMissing(), or run the DDL in the jdbc-store jar");
            }
            requireColumns(connection, sql.table(), SessionStatements.COLUMNS);
            isChecked = true;
        }
    }

    /** Returns what is wrong with the tables, or empty if the store can use them. Writes nothing. */
    Optional<String> problem() {
        try {
            return isComplete()
                    ? Optional.empty()
                    : Optional.of("The session table " + sql.table()
                            + ", or one of the two tables that belong to it, is missing or incomplete");
        } catch (UnusableTableException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    /**
     * Creates what is missing. When several nodes create the tables at once, PostgreSQL lets only one of them succeed,
     * and the others look again.
     */
    void createIfMissing() {
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            try {
                if (isComplete()) {
                    isChecked = true;
                    return;
                }
                create();
            } catch (SessionStoreException e) {
                if (attempt == MAX_ATTEMPTS || !StoreFailure.isRejected(e)) {
                    throw e;
                }
            }
        }
        transactions.call(connection -> {
            require(connection);
            return true;
        });
    }

    private void create() {
        transactions.call(connection -> {
            connection.runScript(connection.family().ddl(sql.table()));
            return true;
        });
    }

    /**
     * Checks each table, because one of them may have been dropped without the others. The version is written last, so
     * it shows that the tables were created completely.
     */
    private boolean isComplete() {
        boolean hasVersion = exists(sql.schemaTable(), List.of("version")) && transactions.call(this::hasVersion);
        boolean hasSessions = exists(sql.table(), SessionStatements.COLUMNS);
        boolean hasLocks = exists(sql.lockTable(), List.of("bucket", "turns")) && transactions.call(this::hasLocks);
        return hasVersion && hasSessions && hasLocks;
    }

    private boolean hasVersion(StoreConnection connection) throws SQLException {
        Optional<Integer> version = connection
                .query("select version from " + sql.schemaTable() + " order by version desc")
                .mapTo(Integer.class)
                .findFirst();
        if (version.isPresent() && version.get() != VERSION) {
            throw new UnusableTableException("The session table " + sql.table() + " has schema version " + version.get()
                    + ", but this release of session-aware-jwt works with version " + VERSION
                    + ": use the release that created the table, or another table (withTableName)");
        }
        return version.isPresent();
    }

    private boolean hasLocks(StoreConnection connection) throws SQLException {
        return connection
                        .query("select count(*) from " + sql.lockTable())
                        .mapTo(Integer.class)
                        .one()
                >= SessionTable.LOCKS;
    }

    private boolean exists(String table, List<String> columns) {
        try {
            return transactions.call(connection -> {
                requireColumns(connection, table, columns);
                return true;
            });
        } catch (SessionStoreException e) {
            if (StoreFailure.isAboutATable(e)) {
                return false;
            }
            throw e;
        }
    }

    private static void requireColumns(StoreConnection connection, String table, List<String> columns)
            throws SQLException {
        List<String> missing = new ArrayList<>(columns);
        missing.removeAll(connection
                .query("select * from " + table + " where 1 = 0")
                .scanResultSet((rows, context) -> namesOf(rows.get().getMetaData())));
        if (!missing.isEmpty()) {
            throw new UnusableTableException("The table " + table + " has another shape: it lacks the columns "
                    + String.join(", ", missing) + ". Compare it with the DDL in the jdbc-store jar, or use another"
                    + " table (withTableName)");
        }
    }

    private static List<String> namesOf(ResultSetMetaData columns) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnName(i).toLowerCase(Locale.ROOT));
        }
        return names;
    }

    /** Reports a table that exists, but not as the store needs it. */
    private static final class UnusableTableException extends SessionStoreException {
        private static final long serialVersionUID = 1L;

        UnusableTableException(String message) {
            super(message);
        }
    }
}
