package io.github.sessionaware.memory;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;
import io.github.sessionaware.testing.ReferenceStore;

class ReferenceStoreContractTest extends SessionStoreContract {
    @Override
    public SessionStore store() {
        return new ReferenceStore();
    }
}
