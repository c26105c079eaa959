package io.github.sessionaware.memory;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.Invariants;

class MemoryInvariantsTest extends Invariants {
    @Override
    protected SessionStore store() {
        return new InMemorySessionStore();
    }
}
