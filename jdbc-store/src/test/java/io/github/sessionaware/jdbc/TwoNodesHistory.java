package io.github.sessionaware.jdbc;

import io.github.sessionaware.jdbc.History.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two nodes on one database, under a random load, answer like one that does one thing after the other. */
abstract class TwoNodesHistory {
    private static final int ROUNDS = Integer.getInteger("history.rounds", 2_000);

    abstract TestDatabase database();

    @Test
    void everyAnswerIsOneThatSomeOrderOfTheCallsExplains() throws Exception {
        try (TwoNodes nodes = TwoNodes.on(database(), Duration.ofMinutes(20))) {
            long begin = System.nanoTime();
            new Workload(nodes).run(round -> round < ROUNDS);
            Duration duration = Duration.ofNanos(System.nanoTime() - begin);

            List<Event> events = nodes.history().events();
            System.out.printf(
                    "%s, history.seed %d: %d calls in %d ms, checked: %s%n",
                    getClass().getSimpleName(),
                    Workload.SEED,
                    events.size(),
                    duration.toMillis(),
                    HistoryChecker.counts(events));
            HistoryChecker.assertExplained(events);
            nodes.assertNoConnectionIsInUse();
        }
    }
}
