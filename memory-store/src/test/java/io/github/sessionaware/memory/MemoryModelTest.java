package io.github.sessionaware.memory;

import io.github.sessionaware.testing.model.SessionModel;

class MemoryModelTest implements SessionModel {
    @Override
    public Nodes emptyStores() {
        return Nodes.sharing(new InMemorySessionStore());
    }
}
