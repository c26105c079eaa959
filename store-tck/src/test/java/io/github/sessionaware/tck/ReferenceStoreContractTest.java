package io.github.sessionaware.tck;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.ReferenceStore;

class ReferenceStoreContractTest extends SessionStoreContract {
    @Override
    protected SessionStore store() {
        return new ReferenceStore();
    }
}
