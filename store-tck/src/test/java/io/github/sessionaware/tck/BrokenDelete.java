package io.github.sessionaware.tck;

import io.github.sessionaware.Session;
import io.github.sessionaware.testing.ReferenceStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores that remove or return the wrong records. */
final class BrokenDelete {
    private BrokenDelete() {}

    static final class IgnoresTheOwner extends ReferenceStore {
        @Override
        public synchronized Optional<Session> delete(String userId, String sessionId) {
            return Optional.ofNullable(sessions.remove(sessionId));
        }
    }

    static final class ReturnsDeletedRecords extends ReferenceStore {
        private final Map<String, Session> deleted = new HashMap<>();

        @Override
        public synchronized Optional<Session> delete(String userId, String sessionId) {
            super.delete(userId, sessionId).ifPresent(session -> deleted.put(sessionId, session));
            return Optional.ofNullable(deleted.get(sessionId))
                    .filter(session -> session.userId().equals(userId));
        }
    }

    static final class ReturnsRecordsAsCreated extends ReferenceStore {
        private final Map<String, Session> asCreated = new HashMap<>();

        @Override
        public synchronized void create(Session session) {
            super.create(session);
            asCreated.put(session.id(), session);
        }

        @Override
        public synchronized Optional<Session> delete(String userId, String sessionId) {
            return super.delete(userId, sessionId).map(session -> asCreated.get(session.id()));
        }
    }

    static final class SoftlyDeletes extends ReferenceStore {
        @Override
        public synchronized Optional<Session> delete(String userId, String sessionId) {
            Optional<Session> found =
                    find(sessionId).filter(session -> session.userId().equals(userId));
            found.ifPresent(session ->
                    sessions.put(sessionId, session.touched(session.lastActiveAt(), session.lastActiveAt())));
            return found;
        }
    }

    static final class IgnoresExpiredRecords extends ReferenceStore {
        @Override
        public synchronized Optional<Session> delete(String userId, String sessionId) {
            return find(sessionId).filter(session -> isLive(session)).flatMap(live -> super.delete(userId, sessionId));
        }

        @Override
        public synchronized List<Session> deleteAll(String userId) {
            return list(userId).stream()
                    .filter(IgnoresExpiredRecords::isLive)
                    .map(session -> sessions.remove(session.id()))
                    .toList();
        }

        private static boolean isLive(Session session) {
            return session.expiresAt().isAfter(ContractFixture.LOGIN);
        }
    }

    static final class RemovesAnyForAnUnknownId extends ReferenceStore {
        @Override
        public synchronized Optional<Session> delete(String userId, String sessionId) {
            return find(sessionId).isPresent()
                    ? super.delete(userId, sessionId)
                    : list(userId).stream().findFirst().map(session -> sessions.remove(session.id()));
        }
    }

    static final class OthersNeedTheKeptOne extends ReferenceStore {
        @Override
        public synchronized List<Session> deleteOthers(String userId, String keptSessionId) {
            return sessions.containsKey(keptSessionId) ? super.deleteOthers(userId, keptSessionId) : List.of();
        }
    }

    static final class OthersKeepForAnyOwner extends ReferenceStore {
        @Override
        public synchronized List<Session> deleteOthers(String userId, String keptSessionId) {
            return sessions.containsKey(keptSessionId)
                            && !sessions.get(keptSessionId).userId().equals(userId)
                    ? List.of()
                    : super.deleteOthers(userId, keptSessionId);
        }
    }

    static final class OthersIncludeTheKeptOne extends ReferenceStore {
        @Override
        public synchronized List<Session> deleteOthers(String userId, String keptSessionId) {
            return deleteAll(userId);
        }
    }

    static final class AllIgnoresTheUser extends ReferenceStore {
        @Override
        public synchronized List<Session> deleteAll(String userId) {
            List<Session> removed = List.copyOf(sessions.values());
            sessions.clear();
            return removed;
        }
    }

    static final class AllReturnsNothing extends ReferenceStore {
        @Override
        public synchronized List<Session> deleteAll(String userId) {
            super.deleteAll(userId);
            return List.of();
        }
    }

    static final class AllReturnsDeletedRecords extends ReferenceStore {
        private final Map<String, List<Session>> deleted = new HashMap<>();

        @Override
        public synchronized List<Session> deleteAll(String userId) {
            List<Session> removed = super.deleteAll(userId);
            return removed.isEmpty() ? deleted.getOrDefault(userId, List.of()) : remembered(userId, removed);
        }

        private List<Session> remembered(String userId, List<Session> removed) {
            deleted.put(userId, removed);
            return removed;
        }
    }

    static final class AllBarsTheUser extends ReferenceStore {
        private final Map<String, Boolean> barred = new HashMap<>();

        @Override
        public synchronized List<Session> deleteAll(String userId) {
            barred.put(userId, true);
            return super.deleteAll(userId);
        }

        @Override
        public synchronized void create(Session session) {
            if (!barred.containsKey(session.userId())) {
                super.create(session);
            }
        }
    }
}
