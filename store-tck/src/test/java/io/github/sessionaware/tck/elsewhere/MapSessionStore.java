package io.github.sessionaware.tck.elsewhere;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A whole session store, as an example for authors of stores. {@link MapSessionStoreContractTest} runs the contract on
 * it.
 *
 * <p>The store keeps one immutable map per user, which maps session ids to records. A read takes the map as it is. A
 * write works in four steps:
 *
 * <ol>
 *   <li>Read the user's map.
 *   <li>Decide, from that map alone, which result to return and which records there are afterwards.
 *   <li>Put the new map in the place of the old one, unless another caller has changed it since step 1.
 *   <li>If another caller has, start again.
 * </ol>
 *
 * <p>Step 3 is a compare-and-set. It makes each call happen wholly or not at all, and no call needs a lock. Many
 * databases have an equivalent: a conditional update, a transaction that fails if a row has changed, or a script that
 * runs alone.
 *
 * <p>The store needs no code for {@code touch}, because the default calls {@code replace}.
 */
public class MapSessionStore implements SessionStore {

    /** From user id to that user's records by session id. A user without records has no entry. */
    private final ConcurrentMap<String, Map<String, SessionRecord>> users;

    /** Creates an empty store. */
    public MapSessionStore() {
        this(new ConcurrentHashMap<>());
    }

    /** Creates a store on the given records, which takes the place of a database. Several stores may share it. */
    public MapSessionStore(ConcurrentMap<String, Map<String, SessionRecord>> users) {
        this.users = users;
    }

    /**
     * If another caller interferes, the admission decides again. A database can save the read: if
     * {@code admission.isUnconditional()}, one insert is enough.
     */
    @Override
    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        return change(session.userId(), records -> {
            if (records.containsKey(session.id())) {
                throw new SessionStoreException("The user has a session with this id already");
            }
            Optional<List<SessionRecord>> leaving = admission.decide(List.copyOf(records.values()));
            if (leaving.isPresent()) {
                leaving.get().forEach(left -> records.remove(left.id()));
                records.put(session.id(), session);
            }
            return leaving;
        });
    }

    @Override
    public Optional<SessionRecord> find(String userId, String sessionId) {
        return Optional.ofNullable(recordsOf(userId).get(sessionId));
    }

    @Override
    public List<SessionRecord> list(String userId) {
        return List.copyOf(recordsOf(userId).values());
    }

    /** Compares the version only. A missing record must stay missing: this is an update, never an upsert. */
    @Override
    public boolean replace(SessionRecord seen, SessionRecord next) {
        return change(seen.userId(), records -> {
            SessionRecord stored = records.get(seen.id());
            if (stored == null || stored.version() != seen.version()) {
                return false;
            }
            records.put(seen.id(), next);
            return true;
        });
    }

    /** Returns the records as they were when they left, so that exactly one of several racing deletes returns each. */
    @Override
    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        return removeIf(userId, session -> sessionIds.contains(session.id()));
    }

    @Override
    public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
        return removeIf(userId, session -> !session.id().equals(keptSessionId));
    }

    /** Changes one user after another, so no login waits for a purge of all users. */
    @Override
    public int purge(Instant expiredAtOrBefore) {
        return users.keySet().stream()
                .mapToInt(userId -> removeIf(
                                userId, session -> !session.expiresAt().isAfter(expiredAtOrBefore))
                        .size())
                .sum();
    }

    private List<SessionRecord> removeIf(String userId, Predicate<SessionRecord> condition) {
        return change(userId, records -> {
            List<SessionRecord> removed =
                    records.values().stream().filter(condition).toList();
            removed.forEach(session -> records.remove(session.id()));
            return removed;
        });
    }

    private Map<String, SessionRecord> recordsOf(String userId) {
        return users.getOrDefault(userId, Map.of());
    }

    /** The four steps. The decision changes a copy of the user's records, and may be made more than once. */
    private <T> T change(String userId, Function<Map<String, SessionRecord>, T> decision) {
        while (true) {
            Map<String, SessionRecord> seen = recordsOf(userId);
            Map<String, SessionRecord> next = new HashMap<>(seen);
            T result = decision.apply(next);
            if (compareAndSet(userId, seen, Map.copyOf(next))) {
                return result;
            }
        }
    }

    /** Compares the content of the maps. That is enough, because every change of a record raises its version. */
    private boolean compareAndSet(String userId, Map<String, SessionRecord> seen, Map<String, SessionRecord> next) {
        if (seen.isEmpty()) {
            return next.isEmpty() || users.putIfAbsent(userId, next) == null;
        }
        return next.isEmpty() ? users.remove(userId, seen) : users.replace(userId, seen, next);
    }
}
