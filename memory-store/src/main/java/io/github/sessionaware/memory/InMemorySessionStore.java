package io.github.sessionaware.memory;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Keeps sessions in the memory of this process. It suits tests, and applications on one node in which a restart may log
 * out every user.
 *
 * <p>The store is bounded. When it is full, a login first removes expired sessions. If every session is live, the login
 * fails with {@link SessionStoreException}. The store never removes a live session to make room, not even one of a user
 * at a session limit. A session with an ordinary user agent takes about 900 bytes of heap, and about 250 bytes more
 * with a refresh token. A session with the longest texts that a client can send takes about 4 KB.
 *
 * <p>The store is thread-safe. Operations on different users and sessions do not wait for one another.
 *
 * <p>Two maps hold the sessions. A session exists if and only if {@code byId} holds it. {@code idsByUser} is the index:
 * a session enters or leaves both maps only inside {@code compute} on the entry of its user. A call that reads the
 * user's sessions inside {@code computeIfPresent} therefore sees them as they are at one moment. {@code touch}, and
 * {@code replace} under the same id, write only to {@code byId}, because the index does not change.
 */
public final class InMemorySessionStore implements SessionStore {
    private static final int DEFAULT_MAX_SESSIONS = 1_000_000;

    /** Twice the size of the longest session, so that sessions never take more than half of the heap. */
    private static final int HEAP_PER_SESSION = 8 * 1024;

    private final ConcurrentHashMap<String, Session> byId = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Set<String>> idsByUser = new ConcurrentHashMap<>();
    private final int maxSessions;
    private final Semaphore places;

    /**
     * No session expires before this time. A full store that knows it need not search for expired sessions at each
     * login.
     */
    private final AtomicLong earliestExpiryMillis = new AtomicLong(Long.MAX_VALUE);

    /**
     * Creates a store of at most 1,000,000 sessions, or of one session for every 8 KB of the maximum heap if that is
     * less. A flood of logins, even with the longest texts, therefore ends in refused logins and not in an exhausted
     * heap.
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
    public void create(Session session) {
        add(session, ids -> Optional.of(List.of()));
    }

    @Override
    public Optional<List<Session>> createLimited(
            Session session, Function<List<Session>, Optional<List<Session>>> choice) {
        return add(session, ids -> choice.apply(ids.stream().map(byId::get).toList()));
    }

    /** The choice is made inside the user's entry, so that no login or logout happens between it and the change. */
    private Optional<List<Session>> add(Session session, Function<Set<String>, Optional<List<Session>>> choice) {
        takePlace(session.createdAt());
        List<Session> removed = new ArrayList<>();
        AtomicBoolean stored = new AtomicBoolean();
        try {
            idsByUser.compute(session.userId(), (userId, present) -> {
                Set<String> ids = present == null ? new HashSet<>() : present;
                Optional<List<Session>> chosen = choice.apply(ids);
                if (chosen.isPresent()) {
                    putNew(session);
                    chosen.get().forEach(leaving -> removed.addAll(removeFrom(ids, leaving.id(), any -> true)));
                    ids.add(session.id());
                    stored.set(true);
                }
                return ids.isEmpty() ? null : ids;
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
    public Optional<Session> find(String sessionId) {
        return Optional.ofNullable(byId.get(sessionId));
    }

    @Override
    public List<Session> list(String userId) {
        List<Session> listed = new ArrayList<>();
        // The user's entry is locked, so that no login or logout happens while the sessions are read.
        idsByUser.computeIfPresent(userId, (user, ids) -> {
            ids.forEach(id -> listed.add(byId.get(id)));
            return ids;
        });
        return listed;
    }

    @Override
    public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
        Session current = byId.get(seen.id());
        if (current == null
                || !current.lastActiveAt().equals(seen.lastActiveAt())
                || !lastActiveAt.isAfter(current.lastActiveAt())) {
            return false;
        }
        // If another touch or a delete came first, there is nothing left to replace.
        boolean replaced = byId.replace(seen.id(), current, current.touched(lastActiveAt, expiresAt));
        if (replaced) {
            noteExpiry(expiresAt);
        }
        return replaced;
    }

    @Override
    public boolean replace(Session seen, Session next) {
        Session current = byId.get(seen.id());
        boolean replaced = current != null
                && current.lastActiveAt().equals(seen.lastActiveAt())
                && Objects.equals(current.refreshState(), seen.refreshState())
                && Objects.equals(current.label(), seen.label())
                && (next.id().equals(seen.id()) ? byId.replace(seen.id(), current, next) : move(current, next));
        if (replaced) {
            noteExpiry(next.expiresAt());
        }
        return replaced;
    }

    /**
     * Stores the new record first. If the old record is gone, the new one is removed again before a caller knows its
     * id.
     */
    private boolean move(Session current, Session next) {
        AtomicBoolean moved = new AtomicBoolean();
        idsByUser.computeIfPresent(current.userId(), (user, ids) -> {
            putNew(next);
            if (byId.remove(current.id(), current)) {
                ids.remove(current.id());
                ids.add(next.id());
                moved.set(true);
            } else {
                byId.remove(next.id());
            }
            return ids;
        });
        return moved.get();
    }

    private void putNew(Session session) {
        if (byId.putIfAbsent(session.id(), session) != null) {
            throw new SessionStoreException("A session with this id exists already");
        }
    }

    @Override
    public Optional<Session> delete(String userId, String sessionId) {
        return remove(userId, sessionId, session -> true);
    }

    @Override
    public List<Session> deleteOthers(String userId, String keptSessionId) {
        return removeAll(userId, id -> !id.equals(keptSessionId));
    }

    @Override
    public List<Session> deleteAll(String userId) {
        return removeAll(userId, id -> true);
    }

    /** Waits for another purge and for nothing else. */
    @Override
    public synchronized int purge(Instant expiredAtOrBefore) {
        // Reset before the search, because a session that is created or touched meanwhile notes its own expiry.
        earliestExpiryMillis.set(Long.MAX_VALUE);
        int purged = 0;
        for (Session session : byId.values()) {
            if (session.expiresAt().isAfter(expiredAtOrBefore)) {
                noteExpiry(session.expiresAt());
            } else if (remove(
                            session.userId(),
                            session.id(),
                            now -> !now.expiresAt().isAfter(expiredAtOrBefore))
                    .isPresent()) {
                purged++;
            }
        }
        return purged;
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
        if (places.availablePermits() == 0 && earliestExpiryMillis.get() <= now.toEpochMilli()) {
            purge(now);
        }
    }

    private Optional<Session> remove(String userId, String sessionId, Predicate<Session> condition) {
        List<Session> removed = new ArrayList<>(1);
        idsByUser.computeIfPresent(userId, (user, ids) -> {
            if (ids.contains(sessionId)) {
                removed.addAll(removeFrom(ids, sessionId, condition));
            }
            return ids.isEmpty() ? null : ids;
        });
        return removed.stream().findFirst();
    }

    /** Removes all in one step inside the user's entry, so that no session escapes under a new id. */
    private List<Session> removeAll(String userId, Predicate<String> which) {
        List<Session> removed = new ArrayList<>();
        idsByUser.computeIfPresent(userId, (user, ids) -> {
            List.copyOf(ids).stream().filter(which).forEach(id -> removed.addAll(removeFrom(ids, id, session -> true)));
            return ids.isEmpty() ? null : ids;
        });
        return removed;
    }

    private List<Session> removeFrom(Set<String> ids, String sessionId, Predicate<Session> condition) {
        List<Session> removed = new ArrayList<>(1);
        byId.computeIfPresent(sessionId, (id, session) -> {
            if (!condition.test(session)) {
                return session;
            }
            removed.add(session);
            ids.remove(id);
            places.release();
            return null;
        });
        return removed;
    }

    private void noteExpiry(Instant expiresAt) {
        long millis = expiresAt.toEpochMilli();
        if (millis < earliestExpiryMillis.get()) {
            earliestExpiryMillis.accumulateAndGet(millis, Math::min);
        }
    }
}
