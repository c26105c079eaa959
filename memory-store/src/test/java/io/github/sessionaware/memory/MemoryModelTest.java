package io.github.sessionaware.memory;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.SessionModel;

class MemoryModelTest extends SessionModel {
    private SessionStore store;

    @Override
    protected SessionStore store() {
        store = new InMemorySessionStore();
        return store;
    }

    @Override
    protected SessionStore otherNode() {
        return store;
    }
}
