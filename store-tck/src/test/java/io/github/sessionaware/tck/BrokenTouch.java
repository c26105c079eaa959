package io.github.sessionaware.tck;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** Stores whose touch is wrong. */
final class BrokenTouch {
    private BrokenTouch() {}

    static final class Upserts extends ReferenceStore {
        @Override
        public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            sessions.putIfAbsent(seen.id(), seen);
            return super.touch(seen, lastActiveAt, expiresAt);
        }
    }

    static final class MovesActivityBack extends ReferenceStore {
        @Override
        public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            Session current = sessions.get(seen.id());
            if (current == null || !current.lastActiveAt().equals(seen.lastActiveAt())) {
                return false;
            }
            sessions.put(seen.id(), current.touched(lastActiveAt, expiresAt));
            return true;
        }
    }

    static final class AcceptsTheSameTime extends ReferenceStore {
        @Override
        public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            if (seen.equals(sessions.get(seen.id())) && lastActiveAt.equals(seen.lastActiveAt())) {
                sessions.put(seen.id(), seen.touched(lastActiveAt, expiresAt));
                return true;
            }
            return super.touch(seen, lastActiveAt, expiresAt);
        }
    }

    static final class IgnoresTheSeenRecord extends ReferenceStore {
        @Override
        public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            Session current = sessions.get(seen.id());
            if (current == null || !lastActiveAt.isAfter(seen.lastActiveAt())) {
                return false;
            }
            sessions.put(seen.id(), current.touched(lastActiveAt, expiresAt));
            return true;
        }
    }

    static final class ComparesWithTheLatestOnly extends ReferenceStore {
        @Override
        public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            Session current = sessions.get(seen.id());
            return current != null && super.touch(current, lastActiveAt, expiresAt);
        }
    }

    static final class NeverShortensTheDeadline extends ReferenceStore {
        @Override
        public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            return super.touch(seen, lastActiveAt, expiresAt.isAfter(seen.expiresAt()) ? expiresAt : seen.expiresAt());
        }
    }

    static final class ForgetsTheClient extends ReferenceStore {
        @Override
        public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            return super.touch(seen, lastActiveAt, expiresAt)
                    && sessions.computeIfPresent(
                                    seen.id(),
                                    (id, current) -> new Session(
                                            id,
                                            current.userId(),
                                            ClientInfo.unknown(),
                                            current.createdAt(),
                                            lastActiveAt,
                                            expiresAt))
                            != null;
        }
    }

    static final class ReachesAllOfTheUser extends ReferenceStore {
        @Override
        public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            if (!super.touch(seen, lastActiveAt, expiresAt)) {
                return false;
            }
            sessions.replaceAll((id, session) ->
                    session.userId().equals(seen.userId()) ? session.touched(lastActiveAt, expiresAt) : session);
            return true;
        }
    }

    /** Behaves like a store that keeps activity in whole seconds. */
    static final class NeedsAWholeSecond extends ReferenceStore {
        @Override
        public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            return !lastActiveAt.isBefore(seen.lastActiveAt().plusSeconds(1))
                    && super.touch(seen, lastActiveAt, expiresAt);
        }
    }

    /** Behaves like a store that marks a record as touched and never clears the mark. */
    static final class WorksOnce extends ReferenceStore {
        private final Set<String> touched = new HashSet<>();

        @Override
        public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            return !touched.contains(seen.id()) && super.touch(seen, lastActiveAt, expiresAt) && touched.add(seen.id());
        }
    }
}
