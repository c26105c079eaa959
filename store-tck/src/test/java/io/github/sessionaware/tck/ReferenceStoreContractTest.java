package io.github.sessionaware.tck;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.ReferenceStore;

class ReferenceStoreContractTest extends SessionStoreContract {
    @Override
    public SessionStore store() {
        return new ReferenceStore();
    }
}
