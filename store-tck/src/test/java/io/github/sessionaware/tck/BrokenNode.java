package io.github.sessionaware.tck;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Stores that are correct while one node uses the records. */
abstract class BrokenNode extends BreakableStore {
    private BrokenNode(ConcurrentMap<String, Map<String, SessionRecord>> users) {
        super(users);
    }

    /** Returns another node on the same records. */
    abstract SessionStore otherNode();

    /** A node that remembers records, and forgets them only when it changes one itself. */
    private abstract static class Remembering extends BrokenNode {
        private Remembering(ConcurrentMap<String, Map<String, SessionRecord>> users) {
            super(users);
        }

        abstract void forget();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            Optional<List<SessionRecord>> removed = super.create(session, admission);
            forget();
            return removed;
        }

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            boolean replaced = super.replace(seen, next);
            forget();
            return replaced;
        }

        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            Optional<SessionRecord> deleted = super.delete(userId, sessionId);
            forget();
            return deleted;
        }

        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            List<SessionRecord> deleted = super.deleteAll(userId, keptSessionId);
            forget();
            return deleted;
        }

        @Override
        public int purge(Instant expiredAtOrBefore) {
            int purged = super.purge(expiredAtOrBefore);
            forget();
            return purged;
        }
    }

    static final class FindsInItsCache extends Remembering {
        private final Map<List<String>, Optional<SessionRecord>> found = new ConcurrentHashMap<>();

        FindsInItsCache(ConcurrentMap<String, Map<String, SessionRecord>> users) {
            super(users);
        }

        @Override
        SessionStore otherNode() {
            return new FindsInItsCache(users);
        }

        @Override
        void forget() {
            found.clear();
        }

        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            return found.computeIfAbsent(List.of(userId, sessionId), unknown -> super.find(userId, sessionId));
        }
    }

    static final class ListsItsCache extends Remembering {
        private final Map<String, List<SessionRecord>> listed = new ConcurrentHashMap<>();

        ListsItsCache(ConcurrentMap<String, Map<String, SessionRecord>> users) {
            super(users);
        }

        @Override
        SessionStore otherNode() {
            return new ListsItsCache(users);
        }

        @Override
        void forget() {
            listed.clear();
        }

        @Override
        public List<SessionRecord> list(String userId) {
            return listed.computeIfAbsent(userId, super::list);
        }
    }

    /** Asks the admission about the records that this node has created for the user. */
    static final class AdmitsByItsOwnLogins extends BrokenNode {
        private final Map<String, Set<String>> own = new ConcurrentHashMap<>();

        AdmitsByItsOwnLogins(ConcurrentMap<String, Map<String, SessionRecord>> users) {
            super(users);
        }

        @Override
        SessionStore otherNode() {
            return new AdmitsByItsOwnLogins(users);
        }

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            Set<String> ids = own.computeIfAbsent(session.userId(), user -> ConcurrentHashMap.newKeySet());
            Optional<List<SessionRecord>> removed = super.create(
                    session,
                    Admission.decidedBy(present -> admission.decide(present.stream()
                            .filter(other -> ids.contains(other.id()))
                            .toList())));
            ids.add(session.id());
            return removed;
        }
    }

    /** Compares with the version that this node wrote last, and writes without another condition. */
    static class ComparesWithItsCache extends BrokenNode {
        private final Map<List<String>, Long> versions = new ConcurrentHashMap<>();

        ComparesWithItsCache(ConcurrentMap<String, Map<String, SessionRecord>> users) {
            super(users);
        }

        @Override
        SessionStore otherNode() {
            return new ComparesWithItsCache(users);
        }

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            Optional<List<SessionRecord>> removed = super.create(session, admission);
            versions.put(List.of(session.userId(), session.id()), session.version());
            return removed;
        }

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            Long known = versions.get(List.of(seen.userId(), seen.id()));
            if (known == null) {
                return super.replace(seen, next);
            }
            if (known != seen.version()) {
                return false;
            }
            put(next);
            versions.put(List.of(seen.userId(), seen.id()), next.version());
            return true;
        }

        /** Replaces correctly, by the stored version. */
        final boolean replaceIfStored(SessionRecord seen, SessionRecord next) {
            return super.replace(seen, next);
        }
    }

    static final class ReplacesByItsCache extends ComparesWithItsCache {
        ReplacesByItsCache(ConcurrentMap<String, Map<String, SessionRecord>> users) {
            super(users);
        }

        @Override
        SessionStore otherNode() {
            return new ReplacesByItsCache(users);
        }

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return replaceIfStored(seen, seen.touched(lastActiveAt, expiresAt));
        }
    }

    /** Behaves like a store whose writes take a lock that other nodes do not see. */
    static final class LocksItsProcess extends BrokenNode {
        private final Gap gap;

        LocksItsProcess(ConcurrentMap<String, Map<String, SessionRecord>> users, Gap gap) {
            super(users);
            this.gap = gap;
        }

        @Override
        SessionStore otherNode() {
            return new LocksItsProcess(users, gap);
        }

        @Override
        public synchronized Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            if (contains(this, session)) {
                throw new SessionStoreException("The user has a session with this id already");
            }
            Optional<List<SessionRecord>> leaving = admission.decide(list(session.userId()));
            gap.linger();
            leaving.ifPresent(left -> {
                left.forEach(this::remove);
                put(session);
            });
            return leaving;
        }

        @Override
        public synchronized boolean replace(SessionRecord seen, SessionRecord next) {
            boolean unchanged = find(seen.userId(), seen.id())
                    .filter(found -> found.version() == seen.version())
                    .isPresent();
            gap.linger();
            if (unchanged) {
                put(next);
            }
            return unchanged;
        }

        @Override
        synchronized Optional<SessionRecord> delete(String userId, String sessionId) {
            Optional<SessionRecord> found = find(userId, sessionId);
            gap.linger();
            super.delete(userId, sessionId);
            return found;
        }
    }
}
