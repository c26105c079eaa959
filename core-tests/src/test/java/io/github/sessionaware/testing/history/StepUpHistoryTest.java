package io.github.sessionaware.testing.history;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreFixture.Nodes;
import io.github.sessionaware.testing.history.HistoryChecker.Violation;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shows that the history of a step-up catches a store whose last writer wins. */
class StepUpHistoryTest implements StepUpHistory {
    @Override
    public Nodes emptyStores() {
        return Nodes.sharing(new ReferenceStore());
    }

    @ParameterizedTest
    @EnumSource(names = {"VALIDATE", "REFRESH", "RENAME"})
    void aLateWriteOverAStepUpBreaksARule(StaleCall call) {
        Set<Rule> brokenRules = rulesBrokenOn(new LastWriterWins(new ReferenceStore()), call);

        assertTrue(brokenRules.contains(Rule.ACCEPTED_AFTER_STEP_UP), "" + brokenRules);
        assertTrue(brokenRules.contains(Rule.REFUSED_WITHOUT_CAUSE), "" + brokenRules);
    }

    @Test
    void aSecondStepUpOverTheFirstBreaksARule() {
        Set<Rule> brokenRules = rulesBrokenOn(new LastWriterWins(new ReferenceStore()), StaleCall.REAUTHENTICATE);

        assertTrue(brokenRules.contains(Rule.STEPPED_UP_TWICE), "" + brokenRules);
    }

    private static Set<Rule> rulesBrokenOn(SessionStore store, StaleCall call) {
        StaleNode node = new StaleNode(Nodes.sharing(store));
        node.run(call);
        return HistoryChecker.violations(node.events()).stream()
                .map(Violation::rule)
                .collect(Collectors.toSet());
    }
}
