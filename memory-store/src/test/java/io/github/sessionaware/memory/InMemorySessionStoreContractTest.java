package io.github.sessionaware.memory;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;

class InMemorySessionStoreContractTest extends SessionStoreContract {
    @Override
    public SessionStore store() {
        return new InMemorySessionStore();
    }
}
