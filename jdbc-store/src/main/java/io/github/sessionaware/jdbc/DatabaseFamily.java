package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What differs between the kinds of database. All other statements are the same on every database. */
enum DatabaseFamily {
    H2("h2.sql", 2, 2),
    POSTGRESQL("postgresql.sql", 9, 5),
    MARIADB("mariadb.sql", 10, 6),
    MYSQL("mysql.sql", 8, 0),
    /** Any other database, on which the store uses only plain SQL. */
    OTHER(null, 0, 0);

    private static final String SUPPORTED = "H2, PostgreSQL, MariaDB and MySQL";

    /** Older drivers put 5.5.5 before the version of MariaDB. */
    private static final Pattern VERSION = Pattern.compile("(?:5\\.5\\.5-)?(\\d{1,4})\\.(\\d{1,4}).*");

    private static final Pattern NAMES = Pattern.compile("(index if not exists )?" + JdbcSessionStore.DEFAULT_TABLE);

    private final @Nullable String resource;

    /** The first version with {@code skip locked}. */
    private final int major;

    private final int minor;

    DatabaseFamily(@Nullable String resource, int major, int minor) {
        this.resource = resource;
        this.major = major;
        this.minor = minor;
    }

    /**
     * Finds out the kind of database.
     *
     * @throws SessionStoreException if it cannot work: a known database is too old, or an unknown one has no
     *     transactions
     */
    static DatabaseFamily of(DatabaseMetaData database) throws SQLException {
        String product = database.getDatabaseProductName();
        String version = String.valueOf(database.getDatabaseProductVersion());
        DatabaseFamily family = switch (product) {
            case "H2" -> H2;
            case "PostgreSQL" -> POSTGRESQL;
            case "MariaDB" -> MARIADB;
            // MySQL's driver reports MariaDB as MySQL too.
            case "MySQL" -> version.contains("MariaDB") ? MARIADB : MYSQL;
            default -> OTHER;
        };
        if (family == OTHER && !database.supportsTransactions()) {
            throw new SessionStoreException(product + " has no transactions, which sessions need: use " + SUPPORTED
                    + ", or another database with transactions and plain SQL");
        }
        if (family.isOlder(version)) {
            throw new SessionStoreException(product + " " + version + " cannot skip locked rows, which this store"
                    + " needs: use version " + family.major + "." + family.minor + " or later");
        }
        return family;
    }

    private boolean isOlder(String version) {
        Matcher numbers = VERSION.matcher(version);
        return numbers.matches()
                && (Integer.parseInt(numbers.group(1)) < major
                        || (Integer.parseInt(numbers.group(1)) == major && Integer.parseInt(numbers.group(2)) < minor));
    }

    /** Whether it understands {@code for update} and {@code skip locked}. */
    boolean locksRows() {
        return this != OTHER;
    }

    /**
     * The end of a query that locks sessions of one user, in the order of the primary key. The query then reads the
     * newest rows, even if the transaction has seen older ones.
     */
    String forUpdate() {
        return locksRows() ? "order by session_id\nfor update\n" : "";
    }

    /** Whether an update may select its row by a subquery that locks it. MySQL forbids to query the updated table. */
    boolean locksInSubqueries() {
        return this == POSTGRESQL;
    }

    /**
     * Whether one parameter can hold any number of texts. H2 uses no index for a list of keys, but it does for arrays.
     */
    boolean hasArrays() {
        return this == POSTGRESQL || this == H2;
    }

    /**
     * The part of the purge that takes the first expired rows. H2 uses the index without an order; with an order, it
     * locks every expired row before it sorts. Some of its modes do not know {@code limit}.
     */
    String firstExpired() {
        return this == H2 ? "fetch first :limit rows only" : "order by expires_at\nlimit :limit";
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
