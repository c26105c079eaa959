package io.github.sessionaware.tck;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stores that are correct only while one call runs at a time. Each leaves a gap between a read and a write. A call
 * waits in the gap until it meets a concurrent call.
 */
final class BrokenRace {
    private BrokenRace() {}

    static final class LosesInserts extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            List<SessionRecord> read = list(session.userId());
            gap.linger();
            list(session.userId()).stream()
                    .filter(other -> !read.contains(other))
                    .forEach(this::remove);
            return super.create(session, admission);
        }
    }

    static final class CreateChecksThenWrites extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            if (contains(this, session)) {
                throw new SessionStoreException("The user has a session with this id already");
            }
            gap.linger();
            put(session);
            return Optional.of(List.of());
        }
    }

    static final class TouchReadsThenWrites extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            Optional<SessionRecord> unchanged =
                    find(seen.userId(), seen.id()).filter(found -> found.version() == seen.version());
            gap.letARivalAct();
            unchanged.ifPresent(found -> put(found.touched(lastActiveAt, expiresAt)));
            return unchanged.isPresent();
        }

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return gap.actInside(() -> super.replace(seen, next));
        }

        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            return gap.actInside(() -> super.delete(userId, sessionId));
        }

        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            return gap.actInside(() -> super.deleteAll(userId, keptSessionId));
        }
    }

    static final class DeleteReadsThenRemoves extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return gap.actInside(() -> super.replace(seen, next));
        }

        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            Optional<SessionRecord> found = find(userId, sessionId);
            gap.letARivalAct();
            return super.delete(userId, sessionId).isPresent() ? found : Optional.empty();
        }
    }

    static final class DeletesReturnARecordTwice extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            Optional<SessionRecord> found = find(userId, sessionId);
            gap.linger();
            super.delete(userId, sessionId);
            return found;
        }
    }

    static final class DeleteAllReturnsARecordTwice extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            return gap.actInside(() -> super.delete(userId, sessionId));
        }

        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            List<SessionRecord> found = list(userId);
            gap.letARivalAct();
            super.deleteAll(userId, keptSessionId);
            return found;
        }
    }

    static final class DeleteAllSwallowsLogins extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return gap.actInside(() -> super.create(session, admission));
        }

        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            List<SessionRecord> found = list(userId);
            gap.letARivalAct();
            super.deleteAll(userId, keptSessionId);
            return found;
        }
    }

    static final class PurgeSelectsThenRemoves extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return gap.actInside(() -> super.replace(seen, next));
        }

        @Override
        public int purge(Instant expiredAtOrBefore) {
            List<SessionRecord> expired = everybodys().stream()
                    .filter(session -> !session.expiresAt().isAfter(expiredAtOrBefore))
                    .toList();
            gap.letARivalAct();
            expired.forEach(this::remove);
            return expired.size();
        }
    }

    /** A store whose touch has two steps. Between them it waits for a read. */
    abstract static class TouchInTwoSteps extends BreakableStore {
        private final Semaphore reads = new Semaphore(0);

        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            Optional<SessionRecord> found = super.find(userId, sessionId);
            reads.release();
            return found;
        }

        @Override
        public List<SessionRecord> list(String userId) {
            List<SessionRecord> listed = super.list(userId);
            reads.release();
            return listed;
        }

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            SessionRecord touched = seen.touched(lastActiveAt, expiresAt);
            goHalfWay(seen, touched);
            awaitARead();
            put(touched);
            return true;
        }

        abstract void goHalfWay(SessionRecord seen, SessionRecord touched);

        private void awaitARead() {
            reads.drainPermits();
            try {
                reads.tryAcquire(Gap.ALONE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static final class TouchSetsOneTimeAfterTheOther extends TouchInTwoSteps {
        @Override
        void goHalfWay(SessionRecord seen, SessionRecord touched) {
            put(touched.toBuilder().expiresAt(seen.expiresAt()).build());
        }
    }

    static final class TouchRaisesTheVersionLast extends TouchInTwoSteps {
        @Override
        void goHalfWay(SessionRecord seen, SessionRecord touched) {
            put(touched.toBuilder().version(seen.version()).build());
        }
    }

    static final class TouchRemovesAndAdds extends TouchInTwoSteps {
        @Override
        void goHalfWay(SessionRecord seen, SessionRecord touched) {
            remove(seen);
        }
    }
}
