package io.github.sessionaware.testing.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.testing.StoreFixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A step-up on one node, while another node has the record of before in its hands. */
public interface StepUpHistory extends StoreFixture {

    @ParameterizedTest
    @EnumSource
    default void someOrderExplainsTheAnswersOfANodeWithARecordFromBeforeAStepUp(StaleCall call) {
        StaleNode node = new StaleNode(emptyStores());

        node.run(call);

        assertEquals(call.answer(), node.answer());
        assertEquals(call.writes(), node.writes());
        HistoryChecker.assertExplained(node.events());
    }
}
