package io.github.sessionaware.tck;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.tck.elsewhere.ExpiringStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stores whose own time-to-live is wrong. */
final class BrokenExpiry {
    private BrokenExpiry() {}

    /** Drops records that long before their deadline. */
    static final class DropsEarly extends ExpiringStore {
        private final Duration early;

        DropsEarly(Duration early) {
            this.early = early;
        }

        @Override
        protected Instant dropsUntil() {
            return super.dropsUntil().plus(early);
        }
    }

    static final class TouchRevives extends ExpiringStore {
        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            if (find(seen.userId(), seen.id()).isEmpty()) {
                create(seen.touched(lastActiveAt, expiresAt), Admission.unconditional());
                return true;
            }
            return super.touch(seen, lastActiveAt, expiresAt);
        }
    }

    static final class ReplaceRevives extends ExpiringStore {
        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            if (find(seen.userId(), seen.id()).isEmpty()) {
                create(next, Admission.unconditional());
                return true;
            }
            return super.replace(seen, next);
        }
    }

    /** Hides a dropped record from reads, but keeps it, so that a later deadline uncovers it. */
    static final class OnlyHides extends BreakableStore {
        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            return super.find(userId, sessionId).filter(OnlyHides::isLive);
        }

        @Override
        public List<SessionRecord> list(String userId) {
            return super.list(userId).stream().filter(OnlyHides::isLive).toList();
        }

        private static boolean isLive(SessionRecord session) {
            return session.expiresAt().isAfter(Instant.now());
        }
    }

    /** Keeps the deadlines of the records as they were created. */
    private abstract static class KeepsTheFirstDeadline extends BreakableStore {
        private final Map<String, Instant> deadlines = new ConcurrentHashMap<>();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            deadlines.put(session.id(), session.expiresAt());
            return super.create(session, admission);
        }

        final boolean isPastItsFirstDeadline(SessionRecord session) {
            return !deadlines.get(session.id()).isAfter(Instant.now());
        }
    }

    static final class EndsAtTheFirstDeadline extends KeepsTheFirstDeadline {
        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            return super.find(userId, sessionId).filter(session -> !isPastItsFirstDeadline(session));
        }
    }

    /** Behaves like a database in which each column has a time-to-live, which an update of other columns keeps. */
    static final class PartsEndAtTheFirstDeadline extends KeepsTheFirstDeadline {
        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            return super.find(userId, sessionId)
                    .map(session -> isPastItsFirstDeadline(session) ? BrokenRecord.withoutClient(session) : session);
        }
    }

    static final class PurgeCountsOneMore extends ExpiringStore {
        @Override
        public int purge(Instant expiredAtOrBefore) {
            return super.purge(expiredAtOrBefore) + 1;
        }
    }

    static final class DeletesReturnDroppedRecords extends ExpiringStore {
        private final Map<String, SessionRecord> created = new ConcurrentHashMap<>();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            created.put(session.id(), session);
            return super.create(session, admission);
        }

        @Override
        public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
            super.delete(userId, sessionIds);
            return sessionIds.stream()
                    .flatMap(id -> Optional.ofNullable(created.get(id)).stream())
                    .toList();
        }
    }
}
