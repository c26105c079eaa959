package io.github.sessionaware.jdbc;

import io.github.sessionaware.testing.history.TwoNodes;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Two nodes on one database, under a random load, answer like one that does one thing after the other. */
abstract class TwoNodesHistory {
    private static final int ROUNDS = Integer.getInteger("history.rounds", 2_000);

    abstract TestDatabase database();

    @Test
    void everyAnswerIsOneThatSomeOrderOfTheCallsExplains() throws Exception {
        try (TwoStores stores = new TwoStores(database(), "")) {
            TwoNodes nodes = stores.nodes(Duration.ofMinutes(20), UnaryOperator.identity());

            nodes.run(getClass().getSimpleName(), round -> round < ROUNDS);

            nodes.assertExplained();
            stores.assertNoConnectionIsInUse();
        }
    }
}
