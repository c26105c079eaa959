package io.github.sessionaware.tck;

import io.github.sessionaware.SessionRecord;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/** Stores whose touch is wrong. */
final class BrokenTouch {
    private BrokenTouch() {}

    static final class Upserts extends BreakableStore {
        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            if (!contains(this, seen)) {
                put(seen);
            }
            return super.touch(seen, lastActiveAt, expiresAt);
        }
    }

    /** Compares the stored and the seen record with the given function instead of their versions. */
    static final class Compares extends BreakableStore {
        private final BiPredicate<SessionRecord, SessionRecord> isUnchanged;

        Compares(BiPredicate<SessionRecord, SessionRecord> isUnchanged) {
            this.isUnchanged = isUnchanged;
        }

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            Optional<SessionRecord> stored =
                    find(seen.userId(), seen.id()).filter(found -> isUnchanged.test(found, seen));
            stored.ifPresent(found -> put(found.touched(lastActiveAt, expiresAt)));
            return stored.isPresent();
        }
    }

    static boolean always(SessionRecord stored, SessionRecord seen) {
        return true;
    }

    static boolean ifTimesAreEqual(SessionRecord stored, SessionRecord seen) {
        return stored.lastActiveAt().equals(seen.lastActiveAt())
                && stored.expiresAt().equals(seen.expiresAt());
    }

    /** What a store compared before records had a version. */
    static boolean ifTimeStateAndLabelAreEqual(SessionRecord stored, SessionRecord seen) {
        return stored.lastActiveAt().equals(seen.lastActiveAt())
                && Objects.equals(stored.refreshState(), seen.refreshState())
                && Objects.equals(stored.label(), seen.label());
    }

    static boolean ifNotNewer(SessionRecord stored, SessionRecord seen) {
        return stored.version() <= seen.version();
    }

    /** Changes a record when it is touched. */
    static final class Rewrites extends BreakableStore {
        private final UnaryOperator<SessionRecord> rewriting;

        Rewrites(UnaryOperator<SessionRecord> rewriting) {
            this.rewriting = rewriting;
        }

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            boolean touched = super.touch(seen, lastActiveAt, expiresAt);
            if (touched) {
                change(seen, rewriting);
            }
            return touched;
        }
    }

    static final class NeedsALaterTime extends BreakableStore {
        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return lastActiveAt.isAfter(seen.lastActiveAt()) && super.touch(seen, lastActiveAt, expiresAt);
        }
    }

    /** Behaves like a database that counts the rows that an update changed, and not the rows that it found. */
    static final class CountsWhatDiffers extends BreakableStore {
        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            boolean differs = !lastActiveAt.equals(seen.lastActiveAt()) || !expiresAt.equals(seen.expiresAt());
            return differs && super.touch(seen, lastActiveAt, expiresAt);
        }
    }

    static final class NeverMovesActivityBack extends BreakableStore {
        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return super.touch(
                    seen, lastActiveAt.isAfter(seen.lastActiveAt()) ? lastActiveAt : seen.lastActiveAt(), expiresAt);
        }
    }

    static final class NeverShortensTheDeadline extends BreakableStore {
        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return super.touch(seen, lastActiveAt, expiresAt.isAfter(seen.expiresAt()) ? expiresAt : seen.expiresAt());
        }
    }

    static final class ReachesAllOfTheUser extends BreakableStore {
        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            boolean touched = super.touch(seen, lastActiveAt, expiresAt);
            list(seen.userId()).stream()
                    .filter(session -> touched && !session.id().equals(seen.id()))
                    .forEach(session -> put(session.touched(lastActiveAt, expiresAt)));
            return touched;
        }
    }

    static final class ReachesEveryUser extends BreakableStore {
        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            boolean touched = super.touch(seen, lastActiveAt, expiresAt);
            everybodys().stream()
                    .filter(session -> !session.userId().equals(seen.userId()))
                    .forEach(session -> put(session.touched(lastActiveAt, expiresAt)));
            return touched;
        }
    }

    static final class IgnoresTheUser extends BreakableStore {
        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return everybodys(seen.id()).stream()
                            .filter(session -> super.touch(session, lastActiveAt, expiresAt))
                            .count()
                    > 0;
        }
    }

    /** Behaves like a store that keeps activity in whole seconds. */
    static final class NeedsAWholeSecond extends BreakableStore {
        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return !lastActiveAt.isBefore(seen.lastActiveAt().plusSeconds(1))
                    && super.touch(seen, lastActiveAt, expiresAt);
        }
    }

    /** Behaves like a store that marks a record as touched and never clears the mark. */
    static final class WorksOnce extends BreakableStore {
        private final Set<String> touched = new HashSet<>();

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return !touched.contains(seen.id()) && super.touch(seen, lastActiveAt, expiresAt) && touched.add(seen.id());
        }
    }
}
