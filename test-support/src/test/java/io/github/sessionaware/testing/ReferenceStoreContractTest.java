package io.github.sessionaware.testing;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;

class ReferenceStoreContractTest extends SessionStoreContract {
    @Override
    public SessionStore store() {
        return new ReferenceStore();
    }
}
