package io.github.sessionaware.tck;

import io.github.sessionaware.Authentication;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionTimeouts;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stores whose replace or refresh state is wrong. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // The missing lock is the fault.
final class BrokenReplace {
    private BrokenReplace() {}

    private static Session withState(Session session, @Nullable String refreshState) {
        return with(session, session.label(), session.authentication(), session.timeouts(), refreshState);
    }

    private static Session with(
            Session session,
            @Nullable String label,
            Authentication authentication,
            @Nullable SessionTimeouts timeouts,
            @Nullable String refreshState) {
        return new Session(
                session.id(),
                session.userId(),
                session.client(),
                label,
                session.createdAt(),
                session.lastActiveAt(),
                session.expiresAt(),
                authentication,
                timeouts,
                refreshState);
    }

    static Session withoutLabel(Session session) {
        return with(session, null, session.authentication(), session.timeouts(), session.refreshState());
    }

    static Session authenticatedAtLogin(Session session) {
        List<String> methods = session.authentication().methods();
        return with(
                session,
                session.label(),
                new Authentication(session.createdAt(), methods),
                session.timeouts(),
                session.refreshState());
    }

    static Session withMethodsInOrder(Session session) {
        List<String> sorted =
                session.authentication().methods().stream().sorted().distinct().toList();
        return with(
                session,
                session.label(),
                new Authentication(session.authentication().time(), sorted),
                session.timeouts(),
                session.refreshState());
    }

    static Session withoutTimeouts(Session session) {
        return with(session, session.label(), session.authentication(), null, session.refreshState());
    }

    static final class ForgetsTheRefreshState extends ReferenceStore {
        @Override
        public synchronized void create(Session session) {
            super.create(withState(session, null));
        }
    }

    static final class CutsTheRefreshState extends ReferenceStore {
        @Override
        public synchronized void create(Session session) {
            String state = session.refreshState();
            super.create(withState(session, state == null ? null : state.substring(0, Math.min(128, state.length()))));
        }
    }

    static final class TouchForgetsTheRefreshState extends ReferenceStore {
        @Override
        public synchronized boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            return super.touch(seen, lastActiveAt, expiresAt)
                    && sessions.computeIfPresent(seen.id(), (id, session) -> withState(session, null)) != null;
        }
    }

    static final class SetsTheRefreshStateOnly extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            return super.replace(seen, withState(seen, next.refreshState()));
        }
    }

    static final class NeedsARefreshState extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            return seen.refreshState() != null && super.replace(seen, next);
        }
    }

    static final class IgnoresATouch extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            Session current = sessions.get(seen.id());
            return current != null
                    && Objects.equals(current.refreshState(), seen.refreshState())
                    && super.replace(current, next);
        }
    }

    static final class IgnoresTheRefreshState extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            Session current = sessions.get(seen.id());
            return current != null && super.replace(withState(seen, current.refreshState()), next);
        }
    }

    static final class FoldsTheRefreshState extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            Session current = sessions.get(seen.id());
            String state = seen.refreshState();
            return super.replace(
                    current != null && state != null && state.equalsIgnoreCase(current.refreshState())
                            ? withState(seen, current.refreshState())
                            : seen,
                    next);
        }
    }

    static final class Upserts extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            return super.replace(seen, next) || sessions.putIfAbsent(next.id(), next) == null;
        }
    }

    static final class ReachesAllOfTheUser extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            boolean replaced = super.replace(seen, next);
            sessions.replaceAll((id, session) ->
                    session.userId().equals(seen.userId()) ? withState(session, next.refreshState()) : session);
            return replaced;
        }
    }

    static final class IgnoresTheLabel extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            Session current = sessions.get(seen.id());
            return current != null
                    && super.replace(
                            with(seen, current.label(), seen.authentication(), seen.timeouts(), seen.refreshState()),
                            next);
        }
    }

    static final class CopiesToTheNewId extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            boolean replaced = super.replace(seen, next);
            if (replaced) {
                sessions.putIfAbsent(seen.id(), seen);
            }
            return replaced;
        }
    }

    static final class OverwritesTheNewId extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            if (!next.id().equals(seen.id())) {
                sessions.remove(next.id());
            }
            return super.replace(seen, next);
        }
    }

    static final class CreatesTheNewIdFirst extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            boolean replaced = super.replace(seen, next);
            if (!next.id().equals(seen.id()) && sessions.containsKey(seen.id())) {
                sessions.put(next.id(), next);
            }
            return replaced;
        }
    }

    static final class DeletesAllByTheIdsItHasSeen extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public boolean replace(Session seen, Session next) {
            return gap.actInside(() -> super.replace(seen, next));
        }

        @Override
        public List<Session> deleteAll(String userId) {
            List<Session> seen = list(userId);
            gap.letARivalAct();
            return seen.stream()
                    .flatMap(session -> delete(userId, session.id()).stream())
                    .toList();
        }
    }

    static final class DeletesOthersByTheIdsItHasSeen extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public boolean replace(Session seen, Session next) {
            return gap.actInside(() -> super.replace(seen, next));
        }

        @Override
        public List<Session> deleteOthers(String userId, String keptSessionId) {
            List<Session> seen = list(userId);
            gap.letARivalAct();
            return seen.stream()
                    .filter(session -> !session.id().equals(keptSessionId))
                    .flatMap(session -> delete(userId, session.id()).stream())
                    .toList();
        }
    }

    static final class CountsWhatDiffers extends ReferenceStore {
        @Override
        public synchronized boolean replace(Session seen, Session next) {
            return super.replace(seen, next) && !next.equals(seen);
        }
    }

    static final class ReadsThenWrites extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public boolean replace(Session seen, Session next) {
            boolean unchanged = find(seen.id())
                    .filter(current -> current.lastActiveAt().equals(seen.lastActiveAt())
                            && Objects.equals(current.refreshState(), seen.refreshState()))
                    .isPresent();
            gap.letARivalAct();
            if (unchanged) {
                synchronized (this) {
                    sessions.remove(seen.id());
                    sessions.put(next.id(), next);
                }
            }
            return unchanged;
        }

        @Override
        public List<Session> deleteAll(String userId) {
            return gap.actInside(() -> super.deleteAll(userId));
        }
    }
}
