package io.github.sessionaware.testing;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passes every call on to another store. A test overrides the calls that it changes. */
public class StoreWrapper implements SessionStore {
    private final SessionStore store;

    public StoreWrapper(SessionStore store) {
        this.store = store;
    }

    protected void beforeRead() {}

    protected void beforeWrite() {}

    @Override
    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        beforeWrite();
        return store.create(session, admission);
    }

    @Override
    public Optional<SessionRecord> find(String userId, String sessionId) {
        beforeRead();
        return store.find(userId, sessionId);
    }

    @Override
    public List<SessionRecord> list(String userId) {
        beforeRead();
        return store.list(userId);
    }

    @Override
    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
        beforeWrite();
        return store.touch(seen, lastActiveAt, expiresAt);
    }

    @Override
    public boolean replace(SessionRecord seen, SessionRecord next) {
        beforeWrite();
        return store.replace(seen, next);
    }

    @Override
    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        beforeWrite();
        return store.delete(userId, sessionIds);
    }

    @Override
    public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
        beforeWrite();
        return store.deleteAll(userId, keptSessionId);
    }

    @Override
    public int purge(Instant expiredAtOrBefore) {
        beforeWrite();
        return store.purge(expiredAtOrBefore);
    }
}
