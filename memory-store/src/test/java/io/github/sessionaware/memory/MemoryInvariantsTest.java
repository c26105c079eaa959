package io.github.sessionaware.memory;

import io.github.sessionaware.testing.invariants.ManyRounds;
import io.github.sessionaware.testing.invariants.ServiceInvariants;
import org.junit.jupiter.api.Nested;

class MemoryInvariantsTest {

    @Nested
    class InFewRoundsTest implements ServiceInvariants {
        @Override
        public Nodes emptyStores() {
            return Nodes.sharing(new InMemorySessionStore());
        }
    }

    @Nested
    class InManyRoundsTest extends InFewRoundsTest implements ManyRounds {}
}
