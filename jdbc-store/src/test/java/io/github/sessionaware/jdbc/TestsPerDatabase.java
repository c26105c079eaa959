package io.github.sessionaware.jdbc;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints how many tests passed on each database. The name of the outermost test class begins with the database's. */
public final class TestsPerDatabase implements TestExecutionListener {
    private final Map<String, Integer> passed = new ConcurrentSkipListMap<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest() && result.getStatus() == Status.SUCCESSFUL) {
            passed.merge(databaseOf(test.getUniqueId()), 1, Integer::sum);
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        // Another listener may not have ended its line.
        System.out.println();
        passed.forEach((database, count) -> System.out.printf("tests passed on %s: %d%n", database, count));
        passed.clear();
    }

    private static String databaseOf(String uniqueId) {
        if (uniqueId.contains(".jdbc.Postgres")) {
            return "PostgreSQL";
        }
        if (uniqueId.contains(".jdbc.MariaDb") || uniqueId.contains("OnMariaDb")) {
            return "MariaDB";
        }
        return uniqueId.contains(".jdbc.H2") ? "H2" : "no database in particular, or H2";
    }
}
