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
 * Keeps sessions in the memory of this process: for tests, and for applications of one node that may log everybody out
 * by a restart.
 *
 * <p>Bounded: when it is full, a login first removes what has expired; if every session is live the login fails with
 * {@link SessionStoreException}, and no live session is ever pushed out, not even one of a user at a session limit. A
 * session with an ordinary user agent takes about 900 bytes of heap, some 250 more with a refresh token, and one with
 * the longest texts that a client can send about 4 KB. Thread-safe; operations on different users and sessions do not
 * wait for one another.
 *
 * <p>How the two maps stay in step: a session exists if and only if {@code byId} holds it. {@code idsByUser} is its
 * index, and a session enters or leaves both maps only inside {@code compute} on its user's entry. So whoever reads a
 * user's sessions inside {@code computeIfPresent} sees them as they are at one moment. {@code touch}, and
 * {@code replace} under the same id, write in {@code byId} only and leave the index alone.
 */
public final class InMemorySessionStore implements SessionStore {
    private static final int DEFAULT_MAX_SESSIONS = 1_000_000;

    /** Twice what the longest session takes, so that half of the heap is left whoever logs in. */
    private static final int HEAP_PER_SESSION = 8 * 1024;

    private final ConcurrentHashMap<String, Session> byId = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Set<String>> idsByUser = new ConcurrentHashMap<>();
    private final int maxSessions;
    private final Semaphore places;

    /** No session expires before this; spares a full store a useless search at every login. */
    private final AtomicLong earliestExpiryMillis = new AtomicLong(Long.MAX_VALUE);

    /**
     * A store of at most 1,000,000 sessions, or one for every 8 KB of the largest heap that this process may have, if
     * that is less: so a flood of logins, with whatever texts, ends in refused logins and not in want of memory.
     */
    public InMemorySessionStore() {
        this((int)
                Math.min(DEFAULT_MAX_SESSIONS, Math.max(1, Runtime.getRuntime().maxMemory() / HEAP_PER_SESSION)));
    }

    /**
     * A store of the given size.
     *
     * @param maxSessions the most records it holds, expired ones included
     * @throws IllegalArgumentException if it is less than 1
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

    /** The choice is asked inside the user's entry, so that no login and no logout happens in between. */
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
        // Inside the user's entry, so that no login and no logout happens in between.
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
        // Overtaken by another touch or by a delete, there is nothing left to replace.
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

    /** The new record first: nobody knows its id yet, and taken back it has never been there. */
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

    /** Waits only for another purge. */
    @Override
    public synchronized int purge(Instant expiredAtOrBefore) {
        // Begun anew before the search: whatever is created or touched meanwhile notes its own expiry.
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

    /** At once, inside the user's entry, so that none slips away under a new id. */
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
