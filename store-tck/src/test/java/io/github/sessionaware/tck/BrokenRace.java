package io.github.sessionaware.tck;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Stores that are correct only while one call runs at a time. Each leaves a gap between a read and a write. A call
 * waits in the gap until it meets a concurrent call.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // The missing lock is the fault.
final class BrokenRace {
    private BrokenRace() {}

    static final class LosesInserts extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public void create(Session session) {
            Map<String, Session> read;
            synchronized (this) {
                read = new LinkedHashMap<>(sessions);
            }
            if (read.putIfAbsent(session.id(), session) != null) {
                throw new SessionStoreException("A session with this id exists");
            }
            gap.linger();
            synchronized (this) {
                sessions.clear();
                sessions.putAll(read);
            }
        }
    }

    static final class CreateChecksThenWrites extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public void create(Session session) {
            if (find(session.id()).isPresent()) {
                throw new SessionStoreException("A session with this id exists");
            }
            gap.linger();
            synchronized (this) {
                sessions.put(session.id(), session);
            }
        }
    }

    static final class TouchReadsThenWrites extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            Optional<Session> current = find(seen.id())
                    .filter(found -> found.lastActiveAt().equals(seen.lastActiveAt()))
                    .filter(found -> lastActiveAt.isAfter(found.lastActiveAt()));
            gap.letARivalAct();
            synchronized (this) {
                current.ifPresent(found -> sessions.put(found.id(), found.touched(lastActiveAt, expiresAt)));
            }
            return current.isPresent();
        }

        @Override
        public Optional<Session> delete(String userId, String sessionId) {
            return gap.actInside(() -> super.delete(userId, sessionId));
        }

        @Override
        public List<Session> deleteOthers(String userId, String keptSessionId) {
            return gap.actInside(() -> super.deleteOthers(userId, keptSessionId));
        }

        @Override
        public List<Session> deleteAll(String userId) {
            return gap.actInside(() -> super.deleteAll(userId));
        }
    }

    static final class DeleteReadsThenRemoves extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            return gap.actInside(() -> super.touch(seen, lastActiveAt, expiresAt));
        }

        @Override
        public Optional<Session> delete(String userId, String sessionId) {
            Optional<Session> found =
                    find(sessionId).filter(session -> session.userId().equals(userId));
            gap.letARivalAct();
            return super.delete(userId, sessionId).isPresent() ? found : Optional.empty();
        }
    }

    static final class DeletesReturnARecordTwice extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public Optional<Session> delete(String userId, String sessionId) {
            Optional<Session> found =
                    find(sessionId).filter(session -> session.userId().equals(userId));
            gap.linger();
            super.delete(userId, sessionId);
            return found;
        }
    }

    static final class DeleteAllReturnsARecordTwice extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public Optional<Session> delete(String userId, String sessionId) {
            return gap.actInside(() -> super.delete(userId, sessionId));
        }

        @Override
        public List<Session> deleteAll(String userId) {
            List<Session> found = list(userId);
            gap.letARivalAct();
            super.deleteAll(userId);
            return found;
        }
    }

    static final class DeleteAllSwallowsLogins extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public void create(Session session) {
            gap.actInside(() -> {
                super.create(session);
                return true;
            });
        }

        @Override
        public List<Session> deleteAll(String userId) {
            List<Session> found = list(userId);
            gap.letARivalAct();
            super.deleteAll(userId);
            return found;
        }
    }

    static final class PurgeSelectsThenRemoves extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            return gap.actInside(() -> super.touch(seen, lastActiveAt, expiresAt));
        }

        @Override
        public int purge(Instant expiredAtOrBefore) {
            List<String> expired;
            synchronized (this) {
                expired = sessions.values().stream()
                        .filter(session -> !session.expiresAt().isAfter(expiredAtOrBefore))
                        .map(Session::id)
                        .toList();
            }
            gap.letARivalAct();
            synchronized (this) {
                expired.forEach(sessions::remove);
            }
            return expired.size();
        }
    }

    /** A store whose touch has two steps. Between them it waits for a read. */
    abstract static class TouchInTwoSteps extends ReferenceStore {
        private final Semaphore reads = new Semaphore(0);

        @Override
        public Optional<Session> find(String sessionId) {
            Optional<Session> found = super.find(sessionId);
            reads.release();
            return found;
        }

        @Override
        public List<Session> list(String userId) {
            List<Session> listed = super.list(userId);
            reads.release();
            return listed;
        }

        @Override
        public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            synchronized (this) {
                if (!super.touch(seen, lastActiveAt, expiresAt)) {
                    return false;
                }
                goHalfWay(seen.id(), seen, lastActiveAt);
            }
            awaitARead();
            synchronized (this) {
                sessions.put(seen.id(), seen.touched(lastActiveAt, expiresAt));
            }
            return true;
        }

        abstract void goHalfWay(String sessionId, Session seen, Instant lastActiveAt);

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
        void goHalfWay(String sessionId, Session seen, Instant lastActiveAt) {
            sessions.put(sessionId, seen.touched(lastActiveAt, seen.expiresAt()));
        }
    }

    static final class TouchRemovesAndAdds extends TouchInTwoSteps {
        @Override
        void goHalfWay(String sessionId, Session seen, Instant lastActiveAt) {
            sessions.remove(sessionId);
        }
    }
}
