package io.github.sessionaware;

import io.github.sessionaware.testing.Invariants;
import io.github.sessionaware.testing.ReferenceStore;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("It looks for new threads in the JVM")
class ReferenceInvariantsTest extends Invariants {
    @Override
    protected SessionStore store() {
        return new ReferenceStore();
    }
}
