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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request is a touch, and all that locks rows meets on a few users: the calls never end in each other's way. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class MixedLoad {
    private static final long SECONDS = Long.getLong("mixedLoad.seconds", 5);

    abstract TestDatabase database();

    /** The database's own default first. */
    abstract List<String> isolationLevels();

    @ParameterizedTest
    @MethodSource("isolationLevels")
    void noCallFailsAndNoneIsADeadlock(String isolation) throws Exception {
        Map<String, Long> contention = contentionOf(isolation, TwoNodes::runWithoutLimits);

        assertEquals(0, contention.getOrDefault("deadlocks", 0L));
    }

    /** MariaDB finds a user's rows by the index and locks that too, so it may have to let a call try again. */
    @ParameterizedTest
    @MethodSource("isolationLevels")
    void noCallFailsWhereSessionsAreLimited(String isolation) throws Exception {
        contentionOf(isolation, TwoNodes::run);
    }

    private Map<String, Long> contentionOf(String isolation, Load load) throws Exception {
        TestDatabase database = database();
        Map<String, Long> before = database.contention();
        try (TwoStores stores = new TwoStores(database, database.setIsolation(isolation))) {
            TwoNodes nodes = stores.nodes(Duration.ofMillis(1), UnaryOperator.identity());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);

            load.run(nodes, getClass().getSimpleName() + ", " + isolation, round -> System.nanoTime() < end);
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
