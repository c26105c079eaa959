package io.github.sessionaware.memory;

import io.github.sessionaware.testing.history.ExplainedHistory;
import io.github.sessionaware.testing.history.LongHistory;
import io.github.sessionaware.testing.history.StepUpHistory;
import org.junit.jupiter.api.Nested;

class MemoryHistoryTest {

    @Nested
    class ShortTest implements ExplainedHistory {
        @Override
        public Nodes emptyStores() {
            return Nodes.sharing(new InMemorySessionStore());
        }
    }

    @Nested
    class LongTest extends ShortTest implements LongHistory {}

    @Nested
    class StepUpTest implements StepUpHistory {
        @Override
        public Nodes emptyStores() {
            return Nodes.sharing(new InMemorySessionStore());
        }
    }
}
