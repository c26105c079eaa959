package io.github.sessionaware.tck;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Stores that remove the wrong expired records. */
final class BrokenPurge {
    private BrokenPurge() {}

    static final class PurgesExclusively extends BreakableStore {
        @Override
        public int purge(Instant expiredAtOrBefore) {
            return super.purge(expiredAtOrBefore.minusMillis(1));
        }
    }

    static final class PurgesTooMuch extends BreakableStore {
        @Override
        public int purge(Instant expiredAtOrBefore) {
            return super.purge(expiredAtOrBefore.plusMillis(1));
        }
    }

    static final class PurgesByWholeSeconds extends BreakableStore {
        @Override
        public int purge(Instant expiredAtOrBefore) {
            return super.purge(Instant.ofEpochSecond(expiredAtOrBefore.getEpochSecond()));
        }
    }

    /** Purges by another time than {@code expiresAt}. */
    static final class PurgesBy extends BreakableStore {
        private final Function<SessionRecord, Instant> time;

        PurgesBy(Function<SessionRecord, Instant> time) {
            this.time = time;
        }

        @Override
        public int purge(Instant expiredAtOrBefore) {
            return (int) everybodys().stream()
                    .filter(session -> !time.apply(session).isAfter(expiredAtOrBefore))
                    .filter(session -> remove(session).isPresent())
                    .count();
        }
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Behaves like a store that keeps expired records by day, and purges the last day only. */
    static final class PurgesTheLastDay extends BreakableStore {
        @Override
        public int purge(Instant expiredAtOrBefore) {
            return (int) everybodys().stream()
                    .filter(session -> !session.expiresAt().isAfter(expiredAtOrBefore))
                    .filter(session -> session.expiresAt().isAfter(expiredAtOrBefore.minus(Duration.ofDays(1))))
                    .filter(session -> remove(session).isPresent())
                    .count();
        }
    }

    /** Behaves like a store whose time-to-live belongs to all records of a user. */
    static final class PurgesWholeUsers extends BreakableStore {
        @Override
        public int purge(Instant expiredAtOrBefore) {
            return everybodys().stream()
                    .filter(session -> !session.expiresAt().isAfter(expiredAtOrBefore))
                    .mapToInt(session -> deleteAll(session.userId(), null).size())
                    .sum();
        }
    }

    static final class PurgesOnePage extends BreakableStore {
        @Override
        public int purge(Instant expiredAtOrBefore) {
            return (int) everybodys().stream()
                    .filter(session -> !session.expiresAt().isAfter(expiredAtOrBefore))
                    .limit(100)
                    .filter(session -> remove(session).isPresent())
                    .count();
        }
    }

    static final class PurgesByTheFirstDeadline extends BreakableStore {
        private final Map<String, Instant> deadlines = new HashMap<>();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            deadlines.put(session.id(), session.expiresAt());
            return super.create(session, admission);
        }

        @Override
        public int purge(Instant expiredAtOrBefore) {
            return (int) everybodys().stream()
                    .filter(session -> !deadlines.get(session.id()).isAfter(expiredAtOrBefore))
                    .filter(session -> remove(session).isPresent())
                    .count();
        }
    }

    static final class PurgesOneUser extends BreakableStore {
        @Override
        public int purge(Instant expiredAtOrBefore) {
            return (int) everybodys().stream()
                    .filter(session -> !session.expiresAt().isAfter(expiredAtOrBefore))
                    .limit(1)
                    .filter(session -> remove(session).isPresent())
                    .count();
        }
    }

    static final class CountsEverything extends BreakableStore {
        @Override
        public int purge(Instant expiredAtOrBefore) {
            int before = everybodys().size();
            super.purge(expiredAtOrBefore);
            return before;
        }
    }
}
