package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;

/** What differs from one kind of database to another: the DDL. Every other statement is the same on all. */
enum DatabaseFamily {
    H2("H2", "h2.sql");

    private final String productName;
    private final String resource;

    DatabaseFamily(String productName, String resource) {
        this.productName = productName;
        this.resource = resource;
    }

    static DatabaseFamily of(Connection connection) throws SQLException {
        return of(connection.getMetaData().getDatabaseProductName());
    }

    static DatabaseFamily of(String productName) {
        return Arrays.stream(values())
                .filter(family -> family.productName.equals(productName))
                .findFirst()
                .orElseThrow(() -> new SessionStoreException("There is no DDL for " + productName
                        + " yet: create the table yourself, with the columns of h2.sql in the jdbc-store jar"));
    }

    /** The resource is plain SQL for a table of the default name, to be copied as it is. */
    String ddl(String table) {
        try (InputStream sql = DatabaseFamily.class.getResourceAsStream(resource)) {
            if (sql == null) {
                throw new IllegalStateException(resource + " is missing from the jdbc-store jar");
            }
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8)
                    .replace(JdbcSessionStore.DEFAULT_TABLE, table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
