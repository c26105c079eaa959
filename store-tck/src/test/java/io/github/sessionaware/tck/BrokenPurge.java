package io.github.sessionaware.tck;

import io.github.sessionaware.Session;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Stores that remove the wrong expired records. */
final class BrokenPurge {
    private BrokenPurge() {}

    static final class PurgesExclusively extends ReferenceStore {
        @Override
        public synchronized int purge(Instant expiredAtOrBefore) {
            return super.purge(expiredAtOrBefore.minusMillis(1));
        }
    }

    static final class PurgesTooMuch extends ReferenceStore {
        @Override
        public synchronized int purge(Instant expiredAtOrBefore) {
            return super.purge(expiredAtOrBefore.plusMillis(1));
        }
    }

    static final class PurgesByWholeSeconds extends ReferenceStore {
        @Override
        public synchronized int purge(Instant expiredAtOrBefore) {
            return super.purge(Instant.ofEpochSecond(expiredAtOrBefore.getEpochSecond()));
        }
    }

    static final class PurgesByLogin extends ReferenceStore {
        @Override
        public synchronized int purge(Instant expiredAtOrBefore) {
            int before = sessions.size();
            sessions.values().removeIf(session -> !session.createdAt().isAfter(expiredAtOrBefore));
            return before - sessions.size();
        }
    }

    static final class PurgesByActivity extends ReferenceStore {
        @Override
        public synchronized int purge(Instant expiredAtOrBefore) {
            int before = sessions.size();
            sessions.values().removeIf(session -> !session.lastActiveAt().isAfter(expiredAtOrBefore));
            return before - sessions.size();
        }
    }

    static final class PurgesByTheFirstDeadline extends ReferenceStore {
        private final Map<String, Instant> deadlines = new HashMap<>();

        @Override
        public synchronized void create(Session session) {
            super.create(session);
            deadlines.put(session.id(), session.expiresAt());
        }

        @Override
        public synchronized int purge(Instant expiredAtOrBefore) {
            int before = sessions.size();
            sessions.keySet().removeIf(id -> !deadlines.get(id).isAfter(expiredAtOrBefore));
            return before - sessions.size();
        }
    }

    static final class PurgeCountsEverything extends ReferenceStore {
        @Override
        public synchronized int purge(Instant expiredAtOrBefore) {
            int before = sessions.size();
            super.purge(expiredAtOrBefore);
            return before;
        }
    }
}
