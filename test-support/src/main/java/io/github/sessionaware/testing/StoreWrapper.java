package io.github.sessionaware.testing;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Passes every call on to another store. A test overrides the calls that it changes. */
public class StoreWrapper implements SessionStore {
    private final SessionStore store;

    public StoreWrapper(SessionStore store) {
        this.store = store;
    }

    protected void beforeRead() {}

    protected void beforeWrite() {}

    @Override
    public void create(Session session) {
        beforeWrite();
        store.create(session);
    }

    @Override
    public Optional<List<Session>> createLimited(
            Session session, Function<List<Session>, Optional<List<Session>>> choice) {
        beforeWrite();
        return store.createLimited(session, choice);
    }

    @Override
    public Optional<Session> find(String sessionId) {
        beforeRead();
        return store.find(sessionId);
    }

    @Override
    public List<Session> list(String userId) {
        beforeRead();
        return store.list(userId);
    }

    @Override
    public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
        beforeWrite();
        return store.touch(seen, lastActiveAt, expiresAt);
    }

    @Override
    public boolean replace(Session seen, Session next) {
        beforeWrite();
        return store.replace(seen, next);
    }

    @Override
    public Optional<Session> delete(String userId, String sessionId) {
        beforeWrite();
        return store.delete(userId, sessionId);
    }

    @Override
    public List<Session> deleteOthers(String userId, String keptSessionId) {
        beforeWrite();
        return store.deleteOthers(userId, keptSessionId);
    }

    @Override
    public List<Session> deleteAll(String userId) {
        beforeWrite();
        return store.deleteAll(userId);
    }

    @Override
    public int purge(Instant expiredAtOrBefore) {
        beforeWrite();
        return store.purge(expiredAtOrBefore);
    }
}
