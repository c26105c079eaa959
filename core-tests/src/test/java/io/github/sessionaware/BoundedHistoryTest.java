package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.history.Rule;
import io.github.sessionaware.testing.history.TwoNodes;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two nodes under a random load. One of them or both accept sessions without asking the store. Each answer must be one
 * that the store could have given within the bound, and each node must see at once what it has changed itself.
 */
class BoundedHistoryTest {
    private static final Duration BOUND = Duration.ofSeconds(1);

    private static final int ROUNDS = 300;

    /** A mistake shows only if two calls meet at the wrong moment, which a short history may miss. */
    private static final int HISTORIES = 40;

    @Test
    void theHistoryOfAStrictNodeAndABoundedNodeIsExplained() throws Exception {
        nodes(BOUND, Duration.ZERO, BOUND).assertExplained();
    }

    @Test
    void theHistoryOfTwoBoundedNodesIsExplained() throws Exception {
        nodes(BOUND, BOUND, BOUND).assertExplained();
    }

    /** The checker takes longer than the history grows, so these are many short ones. */
    @Test
    @Tag("thorough")
    void manyHistoriesOfTwoBoundedNodesAreExplained() throws Exception {
        for (int rounds = Integer.getInteger("history.rounds", 3_000); rounds > 0; rounds -= ROUNDS) {
            nodes(BOUND, BOUND, BOUND).assertExplained();
        }
    }

    /**
     * The checker believes bounds that the nodes exceed: one by far, because most of what a node remembers is evicted
     * within a bound. So this also shows that nodes are stale at all.
     */
    @Test
    void theHistoryOfNodesThatExceedTheirBoundBreaksItsRules() throws Exception {
        Set<Rule> broken = EnumSet.noneOf(Rule.class);
        for (int history = 0; history < HISTORIES && !broken.contains(Rule.ACCEPTED_AFTER_REVOKE); history++) {
            broken.addAll(
                    nodes(BOUND.dividedBy(10), BOUND, BOUND.multipliedBy(10)).brokenRules());
        }

        assertTrue(broken.contains(Rule.ACCEPTED_AFTER_REVOKE), () -> "broken: " + broken);
    }

    /** Runs two nodes. The actual bound may differ from the one that the checker believes. */
    private static TwoNodes nodes(Duration one, Duration other, Duration actual) throws Exception {
        ReferenceStore store = new ReferenceStore();
        TwoNodes nodes = new TwoNodes(
                store,
                store,
                List.of(one, other),
                (settings, clock) -> settings.maxStaleness(actual).monotonicClock(() -> nanos(clock)));
        nodes.run("BoundedHistoryTest", round -> round < ROUNDS);
        return nodes;
    }

    private static long nanos(FakeClock clock) {
        return Duration.between(START, clock.instant()).toNanos();
    }
}
