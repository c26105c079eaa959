package io.github.sessionaware.testing;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Implements the contract in the plainest way: one lock, one map, and a scan for each search. Slow, and hard to get
 * wrong.
 */
public class ReferenceStore implements SessionStore {
    protected final Map<String, Session> sessions = new LinkedHashMap<>();

    @Override
    public synchronized void create(Session session) {
        if (sessions.putIfAbsent(session.id(), session) != null) {
            throw new SessionStoreException("A session with this id exists");
        }
    }

    @Override
    public synchronized Optional<List<Session>> createLimited(
            Session session, Function<List<Session>, Optional<List<Session>>> choice) {
        Optional<List<Session>> leaving = choice.apply(list(session.userId()));
        if (leaving.isPresent()) {
            create(session);
            leaving.get().forEach(left -> sessions.remove(left.id()));
        }
        return leaving;
    }

    @Override
    public synchronized Optional<Session> find(String sessionId) {
        return Optional.ofNullable(sessions.get(sessionId));
    }

    @Override
    public synchronized List<Session> list(String userId) {
        return sessions.values().stream()
                .filter(session -> session.userId().equals(userId))
                .toList();
    }

    @Override
    public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
        Session current = sessions.get(seen.id());
        if (current == null
                || !current.lastActiveAt().equals(seen.lastActiveAt())
                || !lastActiveAt.isAfter(seen.lastActiveAt())) {
            return false;
        }
        sessions.put(seen.id(), current.touched(lastActiveAt, expiresAt));
        return true;
    }

    @Override
    public synchronized boolean replace(Session seen, Session next) {
        Session current = sessions.get(seen.id());
        if (current == null
                || !current.lastActiveAt().equals(seen.lastActiveAt())
                || !Objects.equals(current.refreshState(), seen.refreshState())
                || !Objects.equals(current.label(), seen.label())) {
            return false;
        }
        if (!next.id().equals(seen.id())) {
            create(next);
            sessions.remove(seen.id());
        }
        sessions.put(next.id(), next);
        return true;
    }

    @Override
    public synchronized Optional<Session> delete(String userId, String sessionId) {
        return remove(session -> session.userId().equals(userId) && session.id().equals(sessionId)).stream()
                .findFirst();
    }

    @Override
    public synchronized List<Session> deleteOthers(String userId, String keptSessionId) {
        return remove(
                session -> session.userId().equals(userId) && !session.id().equals(keptSessionId));
    }

    @Override
    public synchronized List<Session> deleteAll(String userId) {
        return remove(session -> session.userId().equals(userId));
    }

    @Override
    public synchronized int purge(Instant expiredAtOrBefore) {
        return remove(session -> !session.expiresAt().isAfter(expiredAtOrBefore))
                .size();
    }

    private List<Session> remove(Predicate<Session> which) {
        List<Session> removed = sessions.values().stream().filter(which).toList();
        removed.forEach(session -> sessions.remove(session.id()));
        return removed;
    }
}
