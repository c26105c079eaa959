package io.github.sessionaware.testing.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shows that the check of a history catches stores that make a mistake, and does not blame one that makes none. */
class BrokenTwinsTest {
    /** A mistake often shows in a short history, and then no further history is made. */
    private static final int ROUNDS = 100;

    /** A mistake shows only if two calls meet at the wrong moment, which one history may miss. */
    private static final int HISTORIES = 60;

    @ParameterizedTest
    @EnumSource(BrokenTwin.class)
    void theHistoryOfABrokenStoreBreaksItsRule(BrokenTwin twin) throws Exception {
        Set<Rule> brokenRules = EnumSet.noneOf(Rule.class);
        for (int history = 0; history < HISTORIES && !brokenRules.contains(twin.brokenRule()); history++) {
            brokenRules.addAll(rulesBrokenBy(twin::on, ROUNDS));
        }

        assertTrue(brokenRules.contains(twin.brokenRule()), twin + " breaks " + brokenRules);
    }

    @Test
    void theHistoryOfTheReferenceStoreBreaksNoRule() throws Exception {
        assertEquals(Set.of(), rulesBrokenBy(UnaryOperator.identity(), 3 * ROUNDS));
    }

    private static Set<Rule> rulesBrokenBy(UnaryOperator<SessionStore> wrapper, int rounds) throws Exception {
        SessionStore store = new ReferenceStore();
        TwoNodes nodes = new TwoNodes(wrapper.apply(store), wrapper.apply(store), Duration.ofMillis(1));
        nodes.run("BrokenTwinsTest", round -> round < rounds);
        return nodes.brokenRules();
    }
}
