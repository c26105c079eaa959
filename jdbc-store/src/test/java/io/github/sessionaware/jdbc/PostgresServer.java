package io.github.sessionaware.jdbc;

import io.github.sessionaware.jdbc.IndexUse.Plans;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL in a process of its own. It confirms a commit only when the log is written, as in production. The
 * embedding library switches that off by default.
 */
final class PostgresServer implements DatabaseServer {
    /** Longer than a busy machine takes, also to recover from a crash. */
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);

    private static PostgresServer shared;

    private final EmbeddedPostgres server;
    private final Path data;
    private final Map<String, String> settings;

    private PostgresServer(EmbeddedPostgres server, Path data, Map<String, String> settings) {
        this.server = server;
        this.data = data;
        this.settings = settings;
    }

    /** One for all test classes that do not stop or change it. It stops when the virtual machine ends. */
    static synchronized PostgresServer shared() {
        if (shared == null) {
            shared = start(newFolder(), 0, Map.of());
        }
        return shared;
    }

    /** Starts a server on this folder, which may hold data already. Port 0 stands for any free port. */
    static PostgresServer start(Path data, int port, Map<String, String> settings) {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPGStartupWait(STARTS_WITHIN)
                .setServerConfig("synchronous_commit", "on");
        settings.forEach(builder::setServerConfig);
        if (port != 0) {
            builder.setPort(port);
        }
        try {
            return new PostgresServer(builder.start(), data, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path newFolder() {
        try {
            return Files.createTempDirectory("postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public PostgresDatabase newDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        Jdbi.create(server.getPostgresDatabase()).useHandle(handle -> handle.execute("create database " + name));
        return new PostgresDatabase(port(), name);
    }

    @Override
    public PostgresServer startAgain() {
        return start(data, port(), settings);
    }

    Path data() {
        return data;
    }

    @Override
    public void close() {
        Optional<ProcessHandle> running = postmaster();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The library stops waiting after some seconds, and a test may copy the files or start the server again.
        running.ifPresent(process -> process.onExit().join());
    }

    /** Empty if the server has ended. One that was killed leaves its file behind. */
    private Optional<ProcessHandle> postmaster() {
        Path file = data.resolve("postmaster.pid");
        try {
            return Files.exists(file)
                    ? ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(file).get(0).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<ProcessHandle> processes() {
        ProcessHandle postmaster = postmaster().orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    }

    /** A database on a PostgreSQL server, reached through any port that leads to it. */
    record PostgresDatabase(int port, String name) implements ServerDatabase {

        @Override
        public DatabaseFamily family() {
            return DatabaseFamily.POSTGRESQL;
        }

        @Override
        public DataSource driver() {
            PGSimpleDataSource driver = new PGSimpleDataSource();
            driver.setServerNames(new String[] {"127.0.0.1"});
            driver.setPortNumbers(new int[] {port});
            driver.setDatabaseName(name);
            driver.setUser("postgres");
            return driver;
        }

        @Override
        public PostgresDatabase through(int otherPort) {
            return new PostgresDatabase(otherPort, name);
        }

        @Override
        public String setZone(ZoneId zone) {
            return "set time zone '" + zone.getId() + "'";
        }

        @Override
        public Map<String, Long> contention() {
            return Jdbi.create(driver())
                    .withHandle(handle -> handle.createQuery("""
                            select deadlocks, xact_rollback
                            from pg_stat_database
                            where datname = current_database()
                            """)
                            .map((row, context) -> Map.of(
                                    "deadlocks", row.getLong("deadlocks"), "rollbacks", row.getLong("xact_rollback")))
                            .one());
        }

        @Override
        public String plan(String statement) {
            List<String> lines = Jdbi.create(driver())
                    .withHandle(handle -> handle.createQuery("explain " + statement)
                            .mapTo(String.class)
                            .list());
            return String.join("\n", lines);
        }

        @Override
        public Plans plans() {
            String key =
                    "Index Scan using jwt_sessions_pkey[^\n]*\n\\s+Index Cond: [^\n]*user_id[^\n]* AND [^\n]*session_id";
            return new Plans(
                    key, key, "Index Scan using jwt_sessions_pkey", key, "Index Scan using jwt_sessions_expires_at");
        }

        @Override
        public List<String> statementsOfATouch() {
            return List.of("update");
        }

        @Override
        public void foldUserIds() {
            execute(
                    "create collation if not exists folding"
                            + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                    "alter table jwt_sessions alter column user_id type varchar(255) collate folding");
        }

        @Override
        public void fill(int sessions) {
            execute("""
                    insert into jwt_sessions (user_id, session_id, version, generation, category,
                            created_at, authenticated_at, last_active_at, expires_at)
                    select 'user-' || x, 'session-' || lpad(x::text, 16, '0'), 1, 1, 'device', x, x, x,
                            case when x %% 10 = 0 then x else 4000000000000 + x end
                    from generate_series(1, %d) x
                    """.formatted(sessions), "vacuum analyze jwt_sessions");
        }
    }
}
