package io.github.sessionaware;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes this node forget what it changes. It evicts after the call, because a read that ends before the call may still
 * put the former record. It evicts before the caller learns the result, so the next {@code validate} here sees the
 * change. It evicts also when the call throws, because the change may have happened nevertheless.
 *
 * <p>In a transaction of the application, the dispatcher runs the eviction after the commit.
 *
 * <p>Not final, because tests leave out one eviction each to show that they notice.
 */
class EvictingStore implements SessionStore {
    private final SessionStore store;
    private final ReadMemory memory;
    private final Consumer<Runnable> dispatcher;

    EvictingStore(SessionStore store, ReadMemory memory, Consumer<Runnable> dispatcher) {
        this.store = store;
        this.memory = memory;
        this.dispatcher = dispatcher;
    }

    /** Evicts all sessions of the user, because any of them may leave for the new one. */
    @Override
    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        try {
            return store.create(session, admission);
        } finally {
            evictAll(session.userId());
        }
    }

    /** Evicts a session that is gone. Otherwise a slower read that still saw it could end later and put it. */
    @Override
    public Optional<SessionRecord> find(String userId, String sessionId) {
        Optional<SessionRecord> found = store.find(userId, sessionId);
        if (found.isEmpty()) {
            memory.evict(userId, sessionId);
        }
        return found;
    }

    /**
     * Evicts all sessions of the user. One that another node has ended is not in the list, so a call that ends what a
     * list shows would leave it here until the bound.
     */
    @Override
    public List<SessionRecord> list(String userId) {
        List<SessionRecord> listed = store.list(userId);
        memory.evictAll(userId);
        return listed;
    }

    /**
     * Evicts also when the touch lost, or every request would repeat it. Keeps the record when the touch throws: it
     * would have changed no more than the time of the activity, and during an outage requests go on until the bound.
     */
    @Override
    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
        boolean isTouched = store.touch(seen, lastActiveAt, expiresAt);
        evict(seen.userId(), seen.id());
        return isTouched;
    }

    @Override
    public boolean replace(SessionRecord seen, SessionRecord next) {
        try {
            return store.replace(seen, next);
        } finally {
            evict(seen.userId(), seen.id());
        }
    }

    @Override
    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        try {
            return store.delete(userId, sessionIds);
        } finally {
            sessionIds.forEach(sessionId -> evict(userId, sessionId));
        }
    }

    @Override
    public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
        try {
            return store.deleteAll(userId, keptSessionId);
        } finally {
            evictAll(userId);
        }
    }

    /** Evicts nothing: a purge deletes only sessions that have expired by this node's clock, which decides again. */
    @Override
    public int purge(Instant expiredAtOrBefore) {
        return store.purge(expiredAtOrBefore);
    }

    void evict(String userId, String sessionId) {
        dispatcher.accept(() -> memory.evict(userId, sessionId));
    }

    void evictAll(String userId) {
        dispatcher.accept(() -> memory.evictAll(userId));
    }
}
