package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.testing.history.TwoNodes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request is a touch, and all calls that lock rows meet on a few users. No call fails because of another. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class MixedLoad {
    private static final int ROUNDS_OF_A_SHORT_LOAD = 40;
    private static final long SECONDS = Long.getLong("mixedLoad.seconds", 3);

    abstract TestDatabase database();

    /** The levels that the database offers, its default first. */
    abstract List<String> isolationLevels();

    @Test
    void noCallOfAShortLoadFailsOrDeadlocks() throws Exception {
        Map<String, Long> contention = contentionOf(
                isolationLevels().get(0), TwoNodes::runWithoutLimits, round -> round < ROUNDS_OF_A_SHORT_LOAD);

        assertEquals(0, contention.getOrDefault("deadlocks", 0L));
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("isolationLevels")
    void noCallOfALongLoadFailsOrDeadlocks(String isolation) throws Exception {
        Map<String, Long> contention = contentionOf(isolation, TwoNodes::runWithoutLimits, untilTheTimeIsOver());

        assertEquals(0, contention.getOrDefault("deadlocks", 0L));
    }

    /**
     * Deadlocks are allowed: in REPEATABLE READ MariaDB locks the gaps next to a user's rows, so calls may be retried.
     */
    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("isolationLevels")
    void noCallOfALongLoadWithSessionLimitsFails(String isolation) throws Exception {
        Map<String, Long> contention = contentionOf(isolation, TwoNodes::run, untilTheTimeIsOver());

        if (isolation.equals("read committed")) {
            assertEquals(0, contention.getOrDefault("deadlocks", 0L));
        }
    }

    private static IntPredicate untilTheTimeIsOver() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        return round -> System.nanoTime() < end;
    }

    private Map<String, Long> contentionOf(String isolation, Load load, IntPredicate goesOn) throws Exception {
        TestDatabase database = database();
        Map<String, Long> before = database.contention();
        try (TwoStores stores = new TwoStores(database, database.setIsolation(isolation))) {
            TwoNodes nodes = stores.nodes(Duration.ofMillis(1), UnaryOperator.identity());

            load.run(nodes, getClass().getSimpleName() + ", " + isolation, goesOn);
            nodes.revokeEverything();

            nodes.assertExplained();
            stores.assertNoConnectionIsInUse();
        }
        assertEquals(0, database.count("jwt_sessions"));
        Map<String, Long> contention = new TreeMap<>(database.contention());
        contention.replaceAll((name, count) -> count - before.get(name));
        System.out.printf(
                "%s, %s: the database saw %s%n",
                getClass().getSimpleName(), isolation, contention.isEmpty() ? "nothing that it counts" : contention);
        return contention;
    }

    private interface Load {
        void run(TwoNodes nodes, String name, IntPredicate goesOn) throws Exception;
    }
}
