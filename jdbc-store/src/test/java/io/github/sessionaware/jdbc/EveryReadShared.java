package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.testing.StoreWrapper;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Queues every read, however few the callers, and finds each session by a query for several. */
final class EveryReadShared extends StoreWrapper {
    private static final String ANOTHER = "another id, of no session";

    private final BatchedReads<SessionKey, SessionRecord> reads;

    EveryReadShared(JdbcSessionStore store) {
        super(store);
        this.reads = new BatchedReads<>(new SharedQuery(store), 0, 4, 64, Duration.ofSeconds(30));
    }

    @Override
    public Optional<SessionRecord> find(String userId, String sessionId) {
        return reads.read(new SessionKey(userId, sessionId));
    }

    private record SharedQuery(JdbcSessionStore store) implements BatchedReads.Query<SessionKey, SessionRecord> {
        @Override
        public Optional<SessionRecord> one(SessionKey key) {
            Map<SessionKey, Optional<SessionRecord>> found =
                    store.findAll(Set.of(key, new SessionKey(key.userId(), ANOTHER)));
            return found.containsKey(key) ? found.get(key) : store.find(key.userId(), key.sessionId());
        }

        @Override
        public Map<SessionKey, Optional<SessionRecord>> all(Set<SessionKey> keys) {
            return store.findAll(keys);
        }
    }
}
