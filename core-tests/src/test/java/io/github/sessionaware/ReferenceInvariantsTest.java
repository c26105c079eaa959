package io.github.sessionaware;

import io.github.sessionaware.testing.Invariants;
import io.github.sessionaware.testing.ReferenceStore;

class ReferenceInvariantsTest extends Invariants {
    @Override
    protected SessionStore store() {
        return new ReferenceStore();
    }
}
