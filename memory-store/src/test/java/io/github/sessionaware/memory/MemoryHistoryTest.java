package io.github.sessionaware.memory;

import io.github.sessionaware.testing.history.TwoNodes;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two services on one store, under a random load, answer like one that does one thing after the other. */
class MemoryHistoryTest {
    private static final int ROUNDS = Integer.getInteger("history.rounds", 2_000);

    @Test
    void everyAnswerIsOneThatSomeOrderOfTheCallsExplains() throws Exception {
        InMemorySessionStore store = new InMemorySessionStore();
        TwoNodes nodes = new TwoNodes(store, store, Duration.ofMinutes(20));

        nodes.run("MemoryHistoryTest", round -> round < ROUNDS);

        nodes.assertExplained();
    }
}
