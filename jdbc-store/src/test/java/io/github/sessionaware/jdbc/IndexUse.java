package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.JdbcSessionStore.DEFAULT_TABLE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Finds rows by an index once the table is larger than a few pages. */
abstract class IndexUse extends StoreFixture {
    private static final int ROWS = 20_000;
    private static final SessionStatements SQL = new SessionStatements(DEFAULT_TABLE);

    IndexUse(TestDatabase database) {
        super(database);
    }

    @Test
    void findListAndPurgeUseAnIndex() {
        store.createTableIfMissing();
        database.fill(ROWS);

        assertThatEachStatementUsesItsIndex(database);
    }

    static void assertThatEachStatementUsesItsIndex(TestDatabase database) {
        assertUsesIndex(database, "session_id", SQL.find().replace("?", "'session-0000000000000042'"));
        assertUsesIndex(
                database,
                "session_id",
                database.family().hasArrays()
                        ? SQL.findInArray().replace("?", "array['session-0000000000000042', 'none']::varchar[]")
                        : SQL.findInList(4).replace("?", "'session-0000000000000042'"));
        assertUsesIndex(database, "user_id", SQL.list().replace(":userId", "'user-42'"));
        assertUsesIndex(
                database,
                "expires_at",
                SQL.lockExpired(database.family())
                        .replace(":expiredAtOrBefore", "2000000000000")
                        .replace(":limit", "500"));
    }

    private static void assertUsesIndex(TestDatabase database, String column, String statement) {
        String plan = database.plan(statement);
        assertTrue(
                plan.contains(database.indexInPlan(column)),
                () -> "the plan must use the index on " + column + ", but is:\n" + plan);
    }
}
