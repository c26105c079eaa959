package io.github.sessionaware.testing;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what the service asks of a store. */
public final class CountingStore implements SessionStore {
    private final SessionStore store;
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();

    public CountingStore(SessionStore store) {
        this.store = store;
    }

    public int reads() {
        return reads.get();
    }

    public int writes() {
        return writes.get();
    }

    public int calls() {
        return reads() + writes();
    }

    public void reset() {
        reads.set(0);
        writes.set(0);
    }

    @Override
    public void create(Session session) {
        writes.incrementAndGet();
        store.create(session);
    }

    @Override
    public Optional<Session> find(String sessionId) {
        reads.incrementAndGet();
        return store.find(sessionId);
    }

    @Override
    public List<Session> list(String userId) {
        reads.incrementAndGet();
        return store.list(userId);
    }

    @Override
    public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
        writes.incrementAndGet();
        return store.touch(seen, lastActiveAt, expiresAt);
    }

    @Override
    public Optional<Session> delete(String userId, String sessionId) {
        writes.incrementAndGet();
        return store.delete(userId, sessionId);
    }

    @Override
    public List<Session> deleteOthers(String userId, String keptSessionId) {
        writes.incrementAndGet();
        return store.deleteOthers(userId, keptSessionId);
    }

    @Override
    public List<Session> deleteAll(String userId) {
        writes.incrementAndGet();
        return store.deleteAll(userId);
    }

    @Override
    public int purge(Instant expiredAtOrBefore) {
        writes.incrementAndGet();
        return store.purge(expiredAtOrBefore);
    }
}
