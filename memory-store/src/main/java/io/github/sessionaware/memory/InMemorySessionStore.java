package io.github.sessionaware.memory;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in the memory of this process. It suits tests, and applications on one node in which a restart may log
 * out every user.
 *
 * <p>The store is bounded. When it is full, a login first removes expired sessions. If every session is live, the login
 * fails with {@link SessionStoreException}. The store never removes a live session to make room, not even one of a user
 * at a session limit. A session with an ordinary user agent takes about 850 bytes of heap, and about 200 bytes more
 * with a refresh token. Each short attribute adds about 130 bytes. A session in which every text has its greatest
 * length takes about 12 KB.
 *
 * <p>The store is thread-safe. {@code find} takes no lock.
 *
 * <p>Each user with a session has a map from session id to record. Every call except {@code find} works inside
 * {@code compute} on the entry of its user. So the changes of one user's sessions happen one after another, and
 * {@code list} and an admission see them as they are at one moment. Calls for different users seldom wait for one
 * another: only if {@code ConcurrentHashMap} keeps both users in one bin.
 */
public final class InMemorySessionStore implements SessionStore {
    private static final int DEFAULT_MAX_SESSIONS = 1_000_000;

    /** Twice the size of the longest session, so that sessions never take more than half of the heap. */
    private static final int HEAP_PER_SESSION = 24 * 1024;

    private final ConcurrentHashMap<String, ConcurrentHashMap<String, SessionRecord>> users = new ConcurrentHashMap<>();
    private final int maxSessions;
    private final Semaphore places;

    /**
     * No session expires before this time. A full store that knows it need not search for expired sessions at each
     * login.
     */
    private final AtomicLong earliestExpiryMillis = new AtomicLong(Long.MAX_VALUE);

    /**
     * Creates a store of at most 1,000,000 sessions, or of one session for every 24 KB of the maximum heap if that is
     * less. A flood of logins, even with the longest texts, therefore ends in refused logins and not in an exhausted
     * heap. To allow more sessions in a small heap, pass the number.
     */
    public InMemorySessionStore() {
        this((int)
                Math.min(DEFAULT_MAX_SESSIONS, Math.max(1, Runtime.getRuntime().maxMemory() / HEAP_PER_SESSION)));
    }

    /**
     * Creates a store of the given size.
     *
     * @param maxSessions the largest number of records that the store holds, including expired ones
     * @throws IllegalArgumentException if {@code maxSessions} is less than 1
     */
    public InMemorySessionStore(int maxSessions) {
        if (maxSessions < 1) {
            throw new IllegalArgumentException("maxSessions must be at least 1, was " + maxSessions);
        }
        this.maxSessions = maxSessions;
        this.places = new Semaphore(maxSessions);
    }

    @Override
    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        takePlace(session.createdAt());
        List<SessionRecord> removed = new ArrayList<>();
        AtomicBoolean stored = new AtomicBoolean();
        try {
            change(session.userId(), own -> {
                if (own.containsKey(session.id())) {
                    throw new SessionStoreException("The user has a session with this id already");
                }
                Optional<List<SessionRecord>> leaving = admission.decide(List.copyOf(own.values()));
                if (leaving.isPresent()) {
                    leaving.get().forEach(left -> remove(own, left.id(), removed));
                    own.put(session.id(), session);
                    stored.set(true);
                }
            });
        } finally {
            if (!stored.get()) {
                places.release();
            }
        }
        noteExpiry(session.expiresAt());
        return stored.get() ? Optional.of(removed) : Optional.empty();
    }

    @Override
    public Optional<SessionRecord> find(String userId, String sessionId) {
        ConcurrentHashMap<String, SessionRecord> own = users.get(userId);
        return own == null ? Optional.empty() : Optional.ofNullable(own.get(sessionId));
    }

    @Override
    public List<SessionRecord> list(String userId) {
        List<SessionRecord> listed = new ArrayList<>();
        change(userId, own -> listed.addAll(own.values()));
        return listed;
    }

    @Override
    public boolean replace(SessionRecord seen, SessionRecord next) {
        AtomicBoolean replaced = new AtomicBoolean();
        change(seen.userId(), own -> {
            SessionRecord stored = own.get(seen.id());
            if (stored != null && stored.version() == seen.version()) {
                own.put(seen.id(), next);
                replaced.set(true);
            }
        });
        if (replaced.get()) {
            noteExpiry(next.expiresAt());
        }
        return replaced.get();
    }

    @Override
    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        List<SessionRecord> removed = new ArrayList<>(sessionIds.size());
        change(userId, own -> sessionIds.forEach(id -> remove(own, id, removed)));
        return removed;
    }

    @Override
    public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
        List<SessionRecord> removed = new ArrayList<>();
        change(userId, own -> {
            for (String id : own.keySet()) {
                if (!id.equals(keptSessionId)) {
                    remove(own, id, removed);
                }
            }
        });
        return removed;
    }

    /** Searches without a lock, so that it delays no other call. Waits only for another purge. */
    @Override
    public synchronized int purge(Instant expiredAtOrBefore) {
        // Reset before the search, because a session that is created or touched meanwhile notes its own expiry.
        earliestExpiryMillis.set(Long.MAX_VALUE);
        List<SessionRecord> removed = new ArrayList<>();
        for (ConcurrentHashMap<String, SessionRecord> own : users.values()) {
            for (SessionRecord session : own.values()) {
                if (session.expiresAt().isAfter(expiredAtOrBefore)) {
                    noteExpiry(session.expiresAt());
                } else {
                    removeIfExpired(session, expiredAtOrBefore, removed);
                }
            }
        }
        return removed.size();
    }

    /** Looks at the deadline again, because a touch may have moved it since the search read it. */
    void removeIfExpired(SessionRecord found, Instant expiredAtOrBefore, List<SessionRecord> removed) {
        change(found.userId(), own -> {
            SessionRecord stored = own.get(found.id());
            if (stored != null && !stored.expiresAt().isAfter(expiredAtOrBefore)) {
                remove(own, found.id(), removed);
            }
        });
    }

    private void remove(ConcurrentHashMap<String, SessionRecord> own, String sessionId, List<SessionRecord> removed) {
        SessionRecord session = own.remove(sessionId);
        if (session != null) {
            places.release();
            removed.add(session);
        }
    }

    /** Runs the change while no other change of this user's sessions runs. */
    private void change(String userId, Consumer<ConcurrentHashMap<String, SessionRecord>> change) {
        users.compute(userId, (user, present) -> {
            ConcurrentHashMap<String, SessionRecord> own = present == null ? new ConcurrentHashMap<>(4) : present;
            change.accept(own);
            return own.isEmpty() ? null : own;
        });
    }

    private void takePlace(Instant now) {
        if (places.tryAcquire()) {
            return;
        }
        makePlaces(now);
        if (!places.tryAcquire()) {
            throw new SessionStoreException("The session store is full: it holds " + maxSessions
                    + " sessions and none has expired; give InMemorySessionStore a higher maxSessions");
        }
    }

    private synchronized void makePlaces(Instant now) {
        if (places.availablePermits() == 0 && mayHoldExpired(now)) {
            purge(now);
        }
    }

    /** Returns whether a search for expired sessions may find one. */
    boolean mayHoldExpired(Instant now) {
        return earliestExpiryMillis.get() <= now.toEpochMilli();
    }

    private void noteExpiry(Instant expiresAt) {
        long millis = expiresAt.toEpochMilli();
        if (millis < earliestExpiryMillis.get()) {
            earliestExpiryMillis.accumulateAndGet(millis, Math::min);
        }
    }
}
