package io.github.sessionaware.tck;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionTimeouts;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Stores whose replace is wrong. Their touch is correct. */
final class BrokenReplace {
    private BrokenReplace() {}

    /** A store whose replace can be overridden without changing its touch. */
    abstract static class WithItsOwnTouch extends BreakableStore {
        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return super.replace(seen, seen.touched(lastActiveAt, expiresAt));
        }
    }

    static final class Upserts extends WithItsOwnTouch {
        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            if (!contains(this, seen)) {
                put(seen);
            }
            return super.replace(seen, next);
        }
    }

    /** Compares the stored and the seen record with the given function instead of their versions. */
    static final class Compares extends WithItsOwnTouch {
        private final BiPredicate<SessionRecord, SessionRecord> isUnchanged;

        Compares(BiPredicate<SessionRecord, SessionRecord> isUnchanged) {
            this.isUnchanged = isUnchanged;
        }

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            Optional<SessionRecord> stored =
                    find(seen.userId(), seen.id()).filter(found -> isUnchanged.test(found, seen));
            stored.ifPresent(found -> put(next));
            return stored.isPresent();
        }
    }

    /** Stores what the given function makes of the seen and the next record. */
    static final class Rewrites extends WithItsOwnTouch {
        private final BinaryOperator<SessionRecord> rewriting;

        Rewrites(BinaryOperator<SessionRecord> rewriting) {
            this.rewriting = rewriting;
        }

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return super.replace(seen, rewriting.apply(seen, next));
        }
    }

    static SessionRecord keepingTheVersion(SessionRecord seen, SessionRecord next) {
        return next.toBuilder().version(seen.version()).build();
    }

    static SessionRecord raisingTheVersionByTwo(SessionRecord seen, SessionRecord next) {
        return next.toBuilder().version(next.version() + 1).build();
    }

    static SessionRecord keepingTheGeneration(SessionRecord seen, SessionRecord next) {
        return next.toBuilder().generation(seen.generation()).build();
    }

    static SessionRecord keepingTheCategory(SessionRecord seen, SessionRecord next) {
        return next.toBuilder().category(seen.category()).build();
    }

    static SessionRecord keepingTheAttributes(SessionRecord seen, SessionRecord next) {
        return next.toBuilder().attributes(seen.attributes()).build();
    }

    static SessionRecord keepingTheDeviceKey(SessionRecord seen, SessionRecord next) {
        return next.toBuilder().deviceKey(seen.deviceKey()).build();
    }

    static SessionRecord keepingDeviceAndNetworkOfTheLogin(SessionRecord seen, SessionRecord next) {
        return next.toBuilder()
                .loginDevice(seen.loginDevice())
                .loginNetwork(seen.loginNetwork())
                .build();
    }

    /** Behaves like a database in which each attribute is a row or a field that replace adds or overwrites. */
    static SessionRecord mergingTheAttributes(SessionRecord seen, SessionRecord next) {
        Map<String, String> merged = new HashMap<>(seen.attributes());
        merged.putAll(next.attributes());
        return next.toBuilder().attributes(merged).build();
    }

    /** Behaves like SQL's coalesce(:next, stored). */
    static SessionRecord keepingWhatBecomesNull(SessionRecord seen, SessionRecord next) {
        SessionTimeouts timeouts = next.timeouts();
        return next.toBuilder()
                .label(firstNonNull(next.label(), seen.label()))
                .refreshState(firstNonNull(next.refreshState(), seen.refreshState()))
                .deviceKey(firstNonNull(next.deviceKey(), seen.deviceKey()))
                .timeouts(timeouts == null ? seen.timeouts() : timeouts)
                .build();
    }

    private static @Nullable String firstNonNull(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }

    static SessionRecord settingTheRefreshStateOnly(SessionRecord seen, SessionRecord next) {
        return seen.toBuilder()
                .version(next.version())
                .refreshState(next.refreshState())
                .build();
    }

    static final class ReturnsFalse extends WithItsOwnTouch {
        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            super.replace(seen, next);
            return false;
        }
    }

    static final class NeedsARefreshState extends WithItsOwnTouch {
        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return seen.refreshState() != null && super.replace(seen, next);
        }
    }

    /** Behaves like a database that counts the rows that an update changed, and not the rows that it found. */
    static final class CountsWhatDiffers extends WithItsOwnTouch {
        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return super.replace(seen, next) && !isEqualExceptForTheVersion(seen, next);
        }
    }

    static final class SkipsAnEqualRecord extends WithItsOwnTouch {
        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return isEqualExceptForTheVersion(seen, next) ? contains(this, seen) : super.replace(seen, next);
        }
    }

    private static boolean isEqualExceptForTheVersion(SessionRecord seen, SessionRecord next) {
        return keepingTheVersion(seen, next).equals(seen);
    }

    static final class ReachesAllOfTheUser extends WithItsOwnTouch {
        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            boolean replaced = super.replace(seen, next);
            list(seen.userId()).stream()
                    .filter(session -> !session.id().equals(seen.id()))
                    .forEach(session -> put(settingTheRefreshStateOnly(session, next)));
            return replaced;
        }
    }

    static final class ReachesEveryUser extends WithItsOwnTouch {
        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            everybodys().stream()
                    .filter(session -> !session.userId().equals(seen.userId()))
                    .forEach(session -> put(session.touched(next.lastActiveAt(), next.expiresAt())));
            return super.replace(seen, next);
        }
    }

    static final class IgnoresTheUser extends WithItsOwnTouch {
        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            boolean replaced = super.replace(seen, next);
            everybodys(seen.id()).stream()
                    .filter(session -> !session.userId().equals(seen.userId()))
                    .forEach(session -> put(settingTheRefreshStateOnly(session, next)));
            return replaced;
        }
    }

    static final class ReadsThenWrites extends WithItsOwnTouch {
        private final Gap gap = new Gap();

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return gap.actInside(() -> super.touch(seen, lastActiveAt, expiresAt));
        }

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            boolean unchanged = find(seen.userId(), seen.id())
                    .filter(stored -> stored.version() == seen.version())
                    .isPresent();
            gap.letARivalAct();
            if (unchanged) {
                put(next);
            }
            return unchanged;
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
}
