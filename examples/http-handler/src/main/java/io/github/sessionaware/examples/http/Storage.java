package io.github.sessionaware.examples.http;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.io.IOException;
import java.nio.file.Path;

/** What a login stands on: its session record and the keys of its tokens. Both survive a restart, or neither does. */
record Storage(SessionStore sessions, Keys keys, Runnable closing) implements AutoCloseable {
    private static final long CONNECTION_TIMEOUT_MILLIS = 3_000;

    static Storage open(Options options) throws IOException {
        if (options.memory()) {
            return new Storage(new InMemorySessionStore(), Keys.random(), () -> {});
        }
        Keys keys = Keys.readOrCreate(options.data());
        HikariDataSource pool =
                new HikariDataSource(poolConfig(options.jdbcUrl().orElse(h2File(options.data()))));
        try {
            JdbcSessionStore sessions = new JdbcSessionStore(pool);
            sessions.createTableIfMissing();
            return new Storage(sessions, keys, pool::close);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    @Override
    public void close() {
        closing.run();
    }

    private static HikariConfig poolConfig(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        // How long a request waits for a database that is down before it is answered 503.
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        return config;
    }

    private static String h2File(Path data) {
        // Without it H2 confirms a logout half a second before it is in the file, and a crash would undo it.
        return "jdbc:h2:file:" + data.toAbsolutePath().resolve("sessions") + ";WRITE_DELAY=0";
    }
}
