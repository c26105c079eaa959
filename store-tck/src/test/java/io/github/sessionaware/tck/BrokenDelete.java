package io.github.sessionaware.tck;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stores that remove or return the wrong records. */
final class BrokenDelete {
    private BrokenDelete() {}

    static final class IgnoresTheUser extends BreakableStore {
        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            List<SessionRecord> removed = everybodys(sessionId);
            removed.forEach(this::remove);
            return removed.stream().findFirst();
        }
    }

    /** Behaves like a store that reads one page of results. */
    static final class ListsOnePage extends BreakableStore {
        @Override
        public List<SessionRecord> list(String userId) {
            return super.list(userId).stream().limit(100).toList();
        }
    }

    static final class ReturnsDeletedRecords extends BreakableStore {
        private final Map<String, SessionRecord> deleted = new HashMap<>();

        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            super.delete(userId, sessionId).ifPresent(session -> deleted.put(sessionId, session));
            return Optional.ofNullable(deleted.get(sessionId))
                    .filter(session -> session.userId().equals(userId));
        }
    }

    static final class ReturnsRecordsAsCreated extends BreakableStore {
        private final Map<String, SessionRecord> asCreated = new HashMap<>();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            asCreated.put(session.id(), session);
            return super.create(session, admission);
        }

        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            return super.delete(userId, sessionId).map(session -> asCreated.get(session.id()));
        }
    }

    static final class ReturnsNothing extends BreakableStore {
        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            super.delete(userId, sessionId);
            return Optional.empty();
        }
    }

    static final class NeedsTheFirstVersion extends BreakableStore {
        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            return find(userId, sessionId)
                    .filter(session -> session.version() == 1)
                    .flatMap(this::remove);
        }
    }

    static final class SoftlyDeletes extends BreakableStore {
        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            Optional<SessionRecord> found = find(userId, sessionId);
            found.ifPresent(session -> put(session.touched(session.lastActiveAt(), session.lastActiveAt())));
            return found;
        }
    }

    static final class IgnoresExpiredRecords extends BreakableStore {
        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            return find(userId, sessionId).filter(IgnoresExpiredRecords::isLive).flatMap(this::remove);
        }

        private static boolean isLive(SessionRecord session) {
            return session.expiresAt().isAfter(Instant.now());
        }
    }

    static final class TakesOneOfSeveral extends BreakableStore {
        @Override
        public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
            return delete(userId, sessionIds.iterator().next()).stream().toList();
        }
    }

    static final class NeedsEveryId extends BreakableStore {
        @Override
        public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
            return sessionIds.stream().allMatch(id -> find(userId, id).isPresent())
                    ? super.delete(userId, sessionIds)
                    : List.of();
        }
    }

    /** Behaves like a store whose database takes short lists only. */
    static final class TakesAHundredIds extends BreakableStore {
        @Override
        public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
            return super.delete(userId, sessionIds.stream().limit(100).collect(Collectors.toSet()));
        }
    }

    static final class AllIgnoresExpiredRecords extends BreakableStore {
        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            return list(userId).stream()
                    .filter(session -> !session.id().equals(keptSessionId))
                    .filter(IgnoresExpiredRecords::isLive)
                    .flatMap(session -> remove(session).stream())
                    .toList();
        }
    }

    static final class RemovesAnyForAnUnknownId extends BreakableStore {
        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            return find(userId, sessionId).isPresent()
                    ? super.delete(userId, sessionId)
                    : list(userId).stream().findFirst().flatMap(this::remove);
        }
    }

    static final class AllNeedsTheKeptOne extends BreakableStore {
        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            return keptSessionId == null || find(userId, keptSessionId).isPresent()
                    ? super.deleteAll(userId, keptSessionId)
                    : List.of();
        }
    }

    static final class AllKeepsForAnyOwner extends BreakableStore {
        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            return keptSessionId == null
                            || find(userId, keptSessionId).isPresent()
                            || everybodys(keptSessionId).isEmpty()
                    ? super.deleteAll(userId, keptSessionId)
                    : List.of();
        }
    }

    static final class AllIncludesTheKeptOne extends BreakableStore {
        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            return super.deleteAll(userId, null);
        }
    }

    /** Behaves like SQL's {@code session_id <> null}, which is true for no row. */
    static final class AllComparesWithNull extends BreakableStore {
        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            return keptSessionId == null ? List.of() : super.deleteAll(userId, keptSessionId);
        }
    }

    static final class AllKeepsOne extends BreakableStore {
        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            return super.deleteAll(
                    userId,
                    keptSessionId != null
                            ? keptSessionId
                            : list(userId).stream()
                                    .map(SessionRecord::id)
                                    .findFirst()
                                    .orElse(null));
        }
    }

    static final class AllIgnoresTheUser extends BreakableStore {
        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            List<SessionRecord> removed = everybodys().stream()
                    .filter(session -> !session.id().equals(keptSessionId))
                    .toList();
            removed.forEach(this::remove);
            return removed;
        }
    }

    static final class AllReturnsNothing extends BreakableStore {
        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            super.deleteAll(userId, keptSessionId);
            return List.of();
        }
    }

    static final class AllReturnsRecordsAsCreated extends BreakableStore {
        private final Map<String, SessionRecord> asCreated = new HashMap<>();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            asCreated.put(session.id(), session);
            return super.create(session, admission);
        }

        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            return super.deleteAll(userId, keptSessionId).stream()
                    .map(session -> asCreated.get(session.id()))
                    .toList();
        }
    }

    /** Behaves like a store that deletes one page of results. */
    static final class AllTakesOnePage extends BreakableStore {
        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            return list(userId).stream()
                    .filter(session -> !session.id().equals(keptSessionId))
                    .limit(100)
                    .flatMap(session -> remove(session).stream())
                    .toList();
        }
    }

    /** Behaves like a store that keeps the list in an index and deletes only there. */
    static final class AllEmptiesTheListOnly extends BreakableStore {
        private final Set<SessionRecord> unlisted = new HashSet<>();

        @Override
        public List<SessionRecord> list(String userId) {
            return super.list(userId).stream()
                    .filter(session -> !unlisted.contains(session))
                    .toList();
        }

        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            List<SessionRecord> removed = list(userId).stream()
                    .filter(session -> !session.id().equals(keptSessionId))
                    .toList();
            unlisted.addAll(removed);
            return removed;
        }
    }

    static final class AllReturnsDeletedRecords extends BreakableStore {
        private final Map<String, List<SessionRecord>> deleted = new HashMap<>();

        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            List<SessionRecord> removed = super.deleteAll(userId, keptSessionId);
            return removed.isEmpty() ? deleted.getOrDefault(userId, List.of()) : remembered(userId, removed);
        }

        private List<SessionRecord> remembered(String userId, List<SessionRecord> removed) {
            deleted.put(userId, removed);
            return removed;
        }
    }

    static final class AllBarsTheUser extends BreakableStore {
        private final Set<String> barred = new HashSet<>();

        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            barred.add(userId);
            return super.deleteAll(userId, keptSessionId);
        }

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return barred.contains(session.userId()) ? Optional.of(List.of()) : super.create(session, admission);
        }
    }
}
