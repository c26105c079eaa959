package io.github.sessionaware.jdbc;

import io.github.sessionaware.Session;
import io.github.sessionaware.testing.StoreWrapper;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Queues every read, however few the callers, and finds each session by a query for several. */
final class EveryReadShared extends StoreWrapper {
    private static final String ANOTHER = "another id, of no session";

    private final BatchedReads<Session> reads;

    EveryReadShared(JdbcSessionStore store) {
        super(store);
        this.reads = new BatchedReads<>(new SharedQuery(store), 0, 4, 64, Duration.ofSeconds(5));
    }

    @Override
    public Optional<Session> find(String sessionId) {
        return reads.read(sessionId);
    }

    private record SharedQuery(JdbcSessionStore store) implements BatchedReads.Query<Session> {
        @Override
        public Optional<Session> one(String id) {
            Map<String, Optional<Session>> found = store.findAll(Set.of(id, ANOTHER));
            return found.containsKey(id) ? found.get(id) : store.find(id);
        }

        @Override
        public Map<String, Optional<Session>> all(Set<String> ids) {
            return store.findAll(ids);
        }
    }
}
