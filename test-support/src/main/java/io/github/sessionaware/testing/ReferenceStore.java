package io.github.sessionaware.testing;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Implements the contract in the plainest way: one lock, one map, and a scan for each search. Slow, and hard to get
 * wrong.
 */
public class ReferenceStore implements SessionStore {
    protected final Map<Key, SessionRecord> sessions = new LinkedHashMap<>();

    /** What names a record. */
    protected record Key(String userId, String sessionId) {

        public static Key of(SessionRecord session) {
            return new Key(session.userId(), session.id());
        }
    }

    @Override
    public synchronized Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        if (sessions.containsKey(Key.of(session))) {
            throw new SessionStoreException("The user has a session with this id");
        }
        Optional<List<SessionRecord>> leaving = admission.decide(list(session.userId()));
        leaving.ifPresent(left -> {
            left.forEach(other -> sessions.remove(Key.of(other)));
            sessions.put(Key.of(session), session);
        });
        return leaving;
    }

    @Override
    public synchronized Optional<SessionRecord> find(String userId, String sessionId) {
        return Optional.ofNullable(sessions.get(new Key(userId, sessionId)));
    }

    @Override
    public synchronized List<SessionRecord> list(String userId) {
        return sessions.values().stream()
                .filter(session -> session.userId().equals(userId))
                .toList();
    }

    @Override
    public synchronized boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
        return replace(seen, seen.touched(lastActiveAt, expiresAt));
    }

    @Override
    public synchronized boolean replace(SessionRecord seen, SessionRecord next) {
        SessionRecord current = sessions.get(Key.of(seen));
        if (current == null || current.version() != seen.version()) {
            return false;
        }
        sessions.put(Key.of(seen), next);
        return true;
    }

    @Override
    public synchronized List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        return remove(session -> session.userId().equals(userId) && sessionIds.contains(session.id()));
    }

    @Override
    public synchronized List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
        return remove(
                session -> session.userId().equals(userId) && !session.id().equals(keptSessionId));
    }

    @Override
    public synchronized int purge(Instant expiredAtOrBefore) {
        return remove(session -> !session.expiresAt().isAfter(expiredAtOrBefore))
                .size();
    }

    private List<SessionRecord> remove(Predicate<SessionRecord> which) {
        List<SessionRecord> removed = sessions.values().stream().filter(which).toList();
        removed.forEach(session -> sessions.remove(Key.of(session)));
        return removed;
    }
}
