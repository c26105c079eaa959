package io.github.sessionaware.jdbc;

import io.github.sessionaware.Session;
import io.github.sessionaware.testing.StoreWrapper;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds a session by a query that asks for others too, as a caller among many does. */
final class AmongOthers extends StoreWrapper {
    private final JdbcSessionStore store;

    AmongOthers(JdbcSessionStore store) {
        super(store);
        this.store = store;
    }

    @Override
    public Optional<Session> find(String sessionId) {
        Map<String, Optional<Session>> found = store.findAll(Set.of(sessionId, "another that is not there"));
        return found.containsKey(sessionId) ? found.get(sessionId) : store.find(sessionId);
    }
}
