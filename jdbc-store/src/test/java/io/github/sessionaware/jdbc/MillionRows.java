package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.Session;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether the database finds its way by the indexes when the table is large, and a purge comes to its end. */
abstract class MillionRows {
    private static final int ROWS = 1_000_000;
    private static final SessionStatements SQL = new SessionStatements(JdbcSessionStore.DEFAULT_TABLE);

    abstract TestDatabase database();

    abstract DatabaseFamily family();

    /** What a plan says that looks up the primary key, the user and the deadline. */
    abstract Map<String, String> indexes();

    @Test
    void findListAndPurgeUseAnIndexAndPurgeRemovesExactlyWhatHasExpired() {
        try (HikariDataSource pool = database().pool(2)) {
            JdbcSessionStore store = new JdbcSessionStore(pool);
            store.createTableIfMissing();
            database().fill(ROWS);

            assertPlan("session_id", SQL.find().replace("?", "'session-0000000000000042'"));
            assertPlan(
                    "session_id",
                    family().hasArrays()
                            ? SQL.findInArray().replace("?", "array['session-0000000000000042', 'none']::varchar[]")
                            : SQL.findInList(4).replace("?", "'session-0000000000000042'"));
            assertPlan("user_id", SQL.list().replace(":userId", "'user-42'"));
            assertPlan(
                    "expires_at",
                    SQL.lockExpired(family())
                            .replace(":expiredAtOrBefore", "2000000000000")
                            .replace(":limit", "500"));

            long begin = System.nanoTime();
            int purged = store.purge(Instant.ofEpochMilli(2_000_000_000_000L));
            System.out.printf(
                    "purge of %,d of %,d rows on %s: %,d ms%n",
                    purged, ROWS, getClass().getSimpleName(), (System.nanoTime() - begin) / 1_000_000);

            assertEquals(ROWS / 10, purged);
            assertEquals(ROWS - ROWS / 10, database().count("jwt_sessions"));
            assertEquals(
                    List.of("session-0000000000000042"),
                    store.list("user-42").stream().map(Session::id).toList());
        }
    }

    private void assertPlan(String column, String statement) {
        String plan = database().plan(statement);
        assertTrue(plan.contains(indexes().get(column)), () -> column + " is not found by its index:\n" + plan);
    }
}
