package io.github.sessionaware.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.IntToLongFunction;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The PostgreSQL server of a run, with one database for each number of sessions in the table. The JVMs that JMH forks
 * get its port as a system property.
 */
final class Postgres implements AutoCloseable {
    static final String PORT = "benchmarks.postgres.port";
    static final int CONNECTIONS = 8;
    static final int DEVICES = 10;
    static final String USER_OF_MANY_DEVICES = "user-of-many-devices";

    private final EmbeddedPostgres server;

    private Postgres(EmbeddedPostgres server) {
        this.server = server;
    }

    /** Starts the server. Commits wait for the disk, as by default; the embedding library would switch that off. */
    static Postgres start() throws IOException {
        Postgres postgres = new Postgres(EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .setPGStartupWait(Duration.ofMinutes(2))
                .start());
        System.setProperty(PORT, String.valueOf(postgres.server.getPort()));
        return postgres;
    }

    String version() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            return "PostgreSQL " + connection.getMetaData().getDatabaseProductVersion();
        }
    }

    /** Returns the main process of the server. It has one child process per connection. */
    static ProcessHandle process() {
        try (Connection connection = driver("postgres").getConnection();
                Statement plain = connection.createStatement();
                ResultSet row = plain.executeQuery("select pg_backend_pid()")) {
            row.next();
            return ProcessHandle.of(row.getLong(1))
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL did not answer select pg_backend_pid()", e);
        }
    }

    static DataSource driver(int sessions) {
        return driver("sessions_" + sessions);
    }

    private static DataSource driver(String database) {
        PGSimpleDataSource driver = new PGSimpleDataSource();
        driver.setServerNames(new String[] {"127.0.0.1"});
        driver.setPortNumbers(new int[] {Integer.getInteger(PORT)});
        driver.setDatabaseName(database);
        driver.setUser("postgres");
        return driver;
    }

    static HikariDataSource pool(int sessions) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver(sessions));
        config.setMaximumPoolSize(CONNECTIONS);
        return new HikariDataSource(config);
    }

    /** Creates a table with live sessions, {@link #DEVICES} sessions of one more user, and expired sessions. */
    static void fill(int sessions, int expired) throws SQLException {
        execute(driver("postgres"), "create database sessions_" + sessions);
        Services.storeOn(driver(sessions)).createTableIfMissing();
        long now = System.currentTimeMillis();
        insert(sessions, "session-", "'user-' || x", sessions, now);
        insert(sessions, "device--", "'" + USER_OF_MANY_DEVICES + "'", DEVICES, now);
        insert(sessions, "expired-", "'user-' || x", expired, now - 2 * Login.LIFETIME.toMillis());
        execute(driver(sessions), "vacuum analyze jwt_sessions");
    }

    private static void insert(int sessions, String idPrefix, String userId, int howMany, long now)
            throws SQLException {
        execute(driver(sessions), """
                insert into jwt_sessions (session_id, user_id, version, generation, category,
                    device, user_agent, ip_address, location,
                    created_at, last_active_at, expires_at, authenticated_at)
                select '%s' || lpad(x::text, 16, '0'), %s, 1, 1, 'device', '%s', '%s', '%s', '%s', %d, %d, %d, %d
                from generate_series(1, %d) x
                """.formatted(
                        idPrefix,
                        userId,
                        Login.CLIENT.device(),
                        Login.CLIENT.userAgent(),
                        Login.CLIENT.ipAddress(),
                        Login.CLIENT.location(),
                        now,
                        now,
                        now + Login.LIFETIME.toMillis(),
                        now,
                        howMany));
    }

    /** Sets the last activity of each login. */
    static void recordActivity(DataSource dataSource, List<Login> logins, IntToLongFunction millis)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        update jwt_sessions
                        set last_active_at = ?
                        where user_id = ? and session_id = ?
                        """)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < logins.size(); i++) {
                update.setLong(1, millis.applyAsLong(i));
                update.setString(2, logins.get(i).userId());
                update.setString(3, logins.get(i).sessionId());
                update.addBatch();
            }
            update.executeBatch();
            connection.commit();
        }
    }

    static boolean delete(DataSource dataSource, String userId, String sessionId) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from jwt_sessions where user_id = ? and session_id = ?")) {
            delete.setString(1, userId);
            delete.setString(2, sessionId);
            return delete.executeUpdate() == 1;
        }
    }

    private static void execute(DataSource dataSource, String statement) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement plain = connection.createStatement()) {
            plain.execute(statement);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
