package io.github.sessionaware.tck.elsewhere;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;

/** The contract on a store that drops expired records by itself, and says so. */
class ExpiringStoreContractTest extends SessionStoreContract {
    @Override
    public SessionStore store() {
        return new ExpiringStore();
    }

    @Override
    public boolean dropsExpired() {
        return true;
    }
}
