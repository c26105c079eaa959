package io.github.sessionaware.tck.elsewhere;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;

/** The contract, from another package than its own, on a new store for each test. */
class MapSessionStoreContractTest extends SessionStoreContract {
    @Override
    public SessionStore store() {
        return new MapSessionStore();
    }
}
