package io.github.sessionaware.examples.http;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.io.IOException;
import java.nio.file.Path;

/** What a login depends on: its session record and the keys of its tokens. A restart keeps both, or neither. */
record Storage(SessionStore sessions, Keys keys, FolderClaim claim, Runnable closing) implements AutoCloseable {
    private static final long CONNECTION_TIMEOUT_MILLIS = 3_000;

    static Storage open(Options options) throws IOException {
        if (options.memory()) {
            return inMemory(new InMemorySessionStore());
        }
        if (options.jdbcUrl().isPresent()) {
            // Several servers may share a database and the folder with its keys, so none of them claims the folder.
            return open(options, options.jdbcUrl().get(), FolderClaim.none());
        }
        FolderClaim claim = FolderClaim.of(options.data());
        try {
            return open(options, h2File(options.data()), claim);
        } catch (IOException | RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    static Storage inMemory(SessionStore sessions) {
        return new Storage(sessions, Keys.random(), FolderClaim.none(), () -> {});
    }

    private static Storage open(Options options, String jdbcUrl, FolderClaim claim) throws IOException {
        Keys keys = Keys.readOrCreate(options.data());
        HikariDataSource pool = new HikariDataSource(poolConfig(jdbcUrl));
        try {
            JdbcSessionStore sessions = new JdbcSessionStore(pool);
            sessions.createTableIfMissing();
            return new Storage(sessions, keys, claim, pool::close);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    @Override
    public void close() {
        closing.run();
        claim.close();
    }

    private static HikariConfig poolConfig(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        // How long a request waits for a database that is down before it is answered with 503.
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        return config;
    }

    private static String h2File(Path data) throws IOException {
        Path database = data.toAbsolutePath().resolve("sessions");
        // H2 creates the file readable for everyone, but keeps the permissions of an existing one.
        OwnerOnly.createFile(Path.of(database + ".mv.db"));
        // By default H2 writes a logout to the file half a second after it confirms it, so a crash could undo a logout.
        // H2 would also write its errors to a trace file that everyone can read.
        return "jdbc:h2:file:" + database + ";WRITE_DELAY=0;TRACE_LEVEL_FILE=0";
    }
}
