package io.github.sessionaware.testing.history;

import io.github.sessionaware.testing.StoreFixture;
import org.junit.jupiter.api.Test;

/**
 * Puts two nodes under a random load. Their answers must be those of one service that makes one call after the other.
 * The load prints its seed. To repeat its calls, set the system property {@code random.seed} to that seed. To change
 * the number of rounds, set {@code history.rounds}.
 */
public interface ExplainedHistory extends StoreFixture {

    /** Returns the number of rounds. In a round each of 16 threads makes one call. */
    default int rounds() {
        return Integer.getInteger("history.rounds", 200);
    }

    @Test
    default void someOrderOfTheCallsExplainsEveryAnswer() throws Exception {
        Nodes stores = emptyStores();
        TwoNodes nodes = new TwoNodes(stores.one(), stores.other(), TwoNodes.LONGEST_ACTIVITY_INTERVAL);

        nodes.run(getClass().getSimpleName(), round -> round < rounds());

        nodes.assertExplained();
        nodes.assertEveryKindOccurred();
    }
}
