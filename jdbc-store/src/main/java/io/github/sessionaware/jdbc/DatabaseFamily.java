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

/** What differs from one kind of database to another. Every statement that is not about this is the same on all. */
enum DatabaseFamily {
    H2("h2.sql"),
    POSTGRESQL("postgresql.sql"),
    MARIADB("mariadb.sql"),
    MYSQL("mysql.sql"),
    /** A database we do not know, on which only plain SQL is used. */
    OTHER(null);

    private static final String SUPPORTED = "H2, PostgreSQL, MariaDB and MySQL";
    private static final Pattern NAMES = Pattern.compile("(index if not exists )?" + JdbcSessionStore.DEFAULT_TABLE);

    private final @Nullable String resource;

    DatabaseFamily(@Nullable String resource) {
        this.resource = resource;
    }

    /**
     * Which kind a connection leads to.
     *
     * @throws IllegalArgumentException if it is one that not even plain SQL is safe on
     */
    static DatabaseFamily of(DatabaseMetaData database) throws SQLException {
        String product = database.getDatabaseProductName();
        return switch (product) {
            case "H2" -> H2;
            case "PostgreSQL" -> POSTGRESQL;
            case "MariaDB" -> MARIADB;
            // MySQL's driver calls every server MySQL.
            case "MySQL" -> database.getDatabaseProductVersion().contains("MariaDB") ? MARIADB : MYSQL;
            default -> {
                if (!database.supportsTransactions()) {
                    throw new IllegalArgumentException(
                            product + " has no transactions, so sessions cannot be kept in it; supported are "
                                    + SUPPORTED + ", and other databases with transactions as far as plain SQL goes");
                }
                yield OTHER;
            }
        };
    }

    /** Whether {@code limit} and {@code for update skip locked} are understood. */
    boolean skipsLocked() {
        return this != OTHER;
    }

    /** Whether an update may pick its row by a query that locks it. MySQL for one lets none query its own table. */
    boolean locksInSubqueries() {
        return this == POSTGRESQL;
    }

    /** Whether one parameter can stand for any number of ids. */
    boolean hasArrays() {
        return this == POSTGRESQL;
    }

    /** H2 goes along the index unasked; asked, it locks every expired row in order to sort them. */
    String orderOfExpired() {
        return this == H2 ? "" : "order by expires_at";
    }

    /**
     * PostgreSQL's driver would wait ten more seconds for a dead server to hear the cancel. On H2 the timeout would
     * stay on the connection after the statement and so reach the application's own.
     */
    boolean cancelsStatements() {
        return this == MARIADB || this == MYSQL;
    }

    /** The resources are plain SQL for a table of the default name, so that users can copy them. */
    String ddl(String table) {
        if (resource == null) {
            throw new SessionStoreException("There is no DDL for this kind of database, only for " + SUPPORTED
                    + ": create the tables yourself, like those of h2.sql in the jdbc-store jar");
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

    /** PostgreSQL makes an index in the schema of its table and refuses to be told so. */
    private static String withoutSchema(String table) {
        return table.substring(table.indexOf('.') + 1);
    }
}
