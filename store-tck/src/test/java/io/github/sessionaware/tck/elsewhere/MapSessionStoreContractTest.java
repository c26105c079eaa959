package io.github.sessionaware.tck.elsewhere;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The contract, from another package than its own, on two stores with the same records. */
class MapSessionStoreContractTest extends SessionStoreContract {
    private final ConcurrentMap<String, Map<String, SessionRecord>> records = new ConcurrentHashMap<>();

    @Override
    public SessionStore store() {
        return new MapSessionStore(records);
    }

    @Override
    public SessionStore otherNode(SessionStore store) {
        return new MapSessionStore(records);
    }
}
