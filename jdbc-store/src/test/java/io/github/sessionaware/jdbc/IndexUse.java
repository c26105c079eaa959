package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.JdbcSessionStore.DEFAULT_TABLE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Finds rows by an index once the table is larger than a few pages. */
abstract class IndexUse extends StoreFixture {
    private static final int ROWS = 20_000;
    private static final SessionStatements SQL = new SessionStatements(DEFAULT_TABLE);
    private static final Pattern PARAMETER = Pattern.compile("\\?|:[a-z_]+");
    private static final String USER = "'user-42'";
    private static final String SESSION = "'session-0000000000000042'";

    IndexUse(TestDatabase database) {
        super(database);
    }

    @Test
    void eachStatementUsesItsIndex() {
        store.createTableIfMissing();
        database.fill(ROWS);

        assertThatEachStatementUsesItsIndex(database);
    }

    static void assertThatEachStatementUsesItsIndex(TestDatabase database) {
        DatabaseFamily family = database.family();
        Plans plans = database.plans();
        String key = plans.ofOneKey();
        assertPlan(database, key, SQL.find(), USER, SESSION);
        if (family.hasArrays()) {
            assertPlan(
                    database,
                    plans.ofSeveralKeys(),
                    SQL.findInArrays(),
                    "array['user-42', 'user-7']",
                    "array['session-0000000000000042', 'session-0000000000000007']");
        } else {
            String other = "'session-0000000000000007'";
            assertPlan(
                    database,
                    plans.ofSeveralKeys(),
                    SQL.findInList(4),
                    List.of(USER, SESSION, "'user-7'", other, "'user-8'", other, "'user-9'", other));
        }
        assertPlan(database, plans.ofOneUser(), SQL.list(), USER);
        assertPlan(database, plans.ofOneUser(), SQL.list() + family.forUpdate(), USER);
        assertPlan(database, plans.ofOneUser(), SQL.listOthers(), USER, SESSION);
        assertPlan(database, key, SQL.lockForTouch(), USER, SESSION, "1");
        assertPlan(database, plans.ofOneWrite(), SQL.touch(), "2", "3", USER, SESSION, "1");
        if (family.locksInSubqueries()) {
            assertPlan(database, key, SQL.touchUnlessLocked(), "2", "3", USER, SESSION, "1");
        }
        assertPlan(database, plans.ofOneWrite(), SQL.deleteUnchanged(), USER, SESSION, "1");
        assertPlan(database, plans.ofOneWrite(), SQL.deleteLocked(), USER, SESSION);
        assertPlan(database, plans.ofExpiry(), SQL.lockExpired(family), "2000000000000", "500");
    }

    private static void assertPlan(TestDatabase database, String expected, String statement, String... values) {
        assertPlan(database, expected, statement, List.of(values));
    }

    private static void assertPlan(TestDatabase database, String expected, String statement, List<String> values) {
        Iterator<String> next = values.iterator();
        String plan = database.plan(
                PARAMETER.matcher(statement).replaceAll(parameter -> Matcher.quoteReplacement(next.next())));
        assertTrue(
                Pattern.compile(expected, Pattern.DOTALL).matcher(plan).find(),
                () -> "the plan of\n" + statement + "must contain " + expected + ", but is:\n" + plan);
    }

    /**
     * How a plan of one database shows its index, as patterns.
     *
     * @param ofOneKey a query finds one row by the whole primary key
     * @param ofSeveralKeys a query finds several rows by the whole primary key
     * @param ofOneUser a query finds rows by the first column of the primary key
     * @param ofOneWrite an update or a delete finds its row by the whole primary key
     * @param ofExpiry a query finds rows by their deadline
     */
    record Plans(String ofOneKey, String ofSeveralKeys, String ofOneUser, String ofOneWrite, String ofExpiry) {}
}
