package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.jdbc.History.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
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
        TestDatabase database = database();
        Map<String, Long> before = database.contention();
        List<Event> events;
        try (TwoNodes nodes = new TwoNodes(
                database, database.setIsolation(isolation), Duration.ofMillis(1), UnaryOperator.identity())) {
            Workload workload = new Workload(nodes);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);

            workload.run(round -> System.nanoTime() < end);
            workload.revokeEverything();

            events = nodes.history().events();
            nodes.assertNoConnectionIsInUse();
        }
        Map<String, Long> contention = new TreeMap<>(database.contention());
        contention.replaceAll((name, count) -> count - before.get(name));
        System.out.printf(
                "%s, %s, history.seed %d, %d s: %s; the database saw %s%n",
                getClass().getSimpleName(),
                isolation,
                Workload.SEED,
                SECONDS,
                HistoryChecker.counts(events),
                contention.isEmpty() ? "nothing that it counts" : contention);
        HistoryChecker.assertExplained(events);
        assertEquals(0, database.count("jwt_sessions"));
        assertEquals(0, contention.getOrDefault("deadlocks", 0L));
    }
}
