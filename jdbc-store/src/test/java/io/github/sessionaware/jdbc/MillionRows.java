package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The database uses the indexes of a large table, and a purge of many batches ends. */
@Tag("thorough")
abstract class MillionRows {
    private static final int ROWS = 1_000_000;

    abstract TestDatabase database();

    @Test
    void aPurgeRemovesExactlyTheExpiredSessionsAndEachStatementUsesItsIndex() {
        try (HikariDataSource pool = database().pool(2)) {
            JdbcSessionStore store = new JdbcSessionStore(pool).withTimeout(Duration.ofMinutes(1));
            store.createTableIfMissing();
            database().fill(ROWS);
            IndexUse.assertThatEachStatementUsesItsIndex(database());

            long begin = System.nanoTime();
            int purged = store.purge(Instant.ofEpochMilli(2_000_000_000_000L));
            System.out.printf(
                    "purge of %,d of %,d rows on %s: %,d ms%n",
                    purged, ROWS, getClass().getSimpleName(), (System.nanoTime() - begin) / 1_000_000);

            assertEquals(ROWS / 10, purged);
            assertEquals(ROWS - ROWS / 10, database().count("jwt_sessions"));
            assertEquals(
                    List.of("session-0000000000000042"),
                    store.list("user-42").stream().map(SessionRecord::id).toList());
        }
    }
}
