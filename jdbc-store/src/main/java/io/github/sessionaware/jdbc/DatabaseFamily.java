package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What differs between the kinds of database. All other statements are the same on every database. */
enum DatabaseFamily {
    H2("h2.sql"),
    POSTGRESQL("postgresql.sql"),
    MARIADB("mariadb.sql"),
    MYSQL("mysql.sql"),
    /** Any other database, on which the store uses only plain SQL. */
    OTHER(null);

    private static final String SUPPORTED = "H2, PostgreSQL, MariaDB and MySQL";
    private static final Pattern NAMES = Pattern.compile("(index if not exists )?" + JdbcSessionStore.DEFAULT_TABLE);

    private final @Nullable String resource;

    DatabaseFamily(@Nullable String resource) {
        this.resource = resource;
    }

    /**
     * Finds out the kind of database.
     *
     * @throws IllegalArgumentException if it has no transactions, so that not even plain SQL is safe
     */
    static DatabaseFamily of(DatabaseMetaData database) throws SQLException {
        String product = database.getDatabaseProductName();
        return switch (product) {
            case "H2" -> H2;
            case "PostgreSQL" -> POSTGRESQL;
            case "MariaDB" -> MARIADB;
            // MySQL's driver reports MariaDB as MySQL too.
            case "MySQL" -> database.getDatabaseProductVersion().contains("MariaDB") ? MARIADB : MYSQL;
            default -> {
                if (!database.supportsTransactions()) {
                    throw new IllegalArgumentException(product + " has no transactions, which sessions need: use "
                            + SUPPORTED + ", or another database with transactions and plain SQL");
                }
                yield OTHER;
            }
        };
    }

    /** Whether it understands {@code limit} and {@code for update skip locked}. */
    boolean skipsLocked() {
        return this != OTHER;
    }

    /** Whether an update may select its row by a subquery that locks it. MySQL forbids to query the updated table. */
    boolean locksInSubqueries() {
        return this == POSTGRESQL;
    }

    /** Whether one parameter can hold any number of ids. */
    boolean hasArrays() {
        return this == POSTGRESQL;
    }

    /** H2 uses the index without an order. With an order, it locks every expired row before it sorts. */
    String orderOfExpired() {
        return this == H2 ? "" : "order by expires_at";
    }

    /**
     * Whether the store sets a query timeout. On PostgreSQL the driver would wait ten more seconds for a dead server to
     * receive the cancel. On H2 the timeout would stay on the connection and limit the application's statements.
     */
    boolean cancelsStatements() {
        return this == MARIADB || this == MYSQL;
    }

    /** The resources are plain SQL for a table of the default name, so that users can copy them. */
    String ddl(String table) {
        if (resource == null) {
            throw new SessionStoreException("There is no DDL for this kind of database, only for " + SUPPORTED
                    + ": create the tables yourself, after the model of h2.sql in the jdbc-store jar");
        }
        try (InputStream sql = DatabaseFamily.class.getResourceAsStream(resource)) {
            if (sql == null) {
                throw new IllegalStateException(resource + " is missing from the jdbc-store jar");
            }
            String indexPrefix = "index if not exists " + (this == POSTGRESQL ? withoutSchema(table) : table);
            return NAMES.matcher(new String(sql.readAllBytes(), StandardCharsets.UTF_8))
                    .replaceAll(name -> name.group(1) == null ? table : indexPrefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** PostgreSQL creates an index in the schema of its table, and refuses a schema in the index name. */
    private static String withoutSchema(String table) {
        return table.substring(table.indexOf('.') + 1);
    }
}
