package io.github.sessionaware.examples.springboot;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** A PostgreSQL in a process of its own, with an empty database for the application. */
final class Database implements AutoCloseable {
    private static final String NAME = "shop";

    private final EmbeddedPostgres server;

    private Database(EmbeddedPostgres server) {
        this.server = server;
    }

    static Database start() {
        try {
            Database database = new Database(EmbeddedPostgres.builder()
                    .setPGStartupWait(Duration.ofMinutes(2))
                    .start());
            database.administrate("create database " + NAME);
            return database;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the arguments of an application that uses the database, with new secrets. */
    List<String> arguments() {
        return List.of("--DATABASE_URL=" + url(), "--SIGNING_SECRET=" + newSecret(), "--REFRESH_SECRET=" + newSecret());
    }

    private static String newSecret() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return Base64.getEncoder().encodeToString(secret);
    }

    private String url() {
        return server.getJdbcUrl("postgres", NAME);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends all connections to the database and refuses new ones. */
    void goDown() {
        administrate(
                "alter database " + NAME + " with allow_connections false",
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + NAME + "'");
    }

    void comeBack() {
        administrate("alter database " + NAME + " with allow_connections true");
    }

    private void administrate(String... statements) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
