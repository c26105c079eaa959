package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one place where the service meets somebody else's store. Whatever a store does wrong (any throwable, null, a
 * record that was not asked for) becomes {@link SessionStoreException}, so that a broken store is never mistaken for an
 * invalid token.
 */
final class GuardedStore {
    private final SessionStore store;

    GuardedStore(SessionStore store) {
        this.store = store;
    }

    void create(Session session) {
        guarded(() -> {
            store.create(session);
            return true;
        });
    }

    Optional<Session> find(String sessionId) {
        Optional<Session> found = guarded(() -> store.find(sessionId));
        check(found.stream().allMatch(session -> session.id().equals(sessionId)));
        return found;
    }

    List<Session> list(String userId) {
        List<Session> listed = guarded(() -> List.copyOf(store.list(userId)));
        check(areOf(userId, listed));
        return listed;
    }

    boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
        return guarded(() -> store.touch(seen, lastActiveAt, expiresAt));
    }

    Optional<Session> delete(String userId, String sessionId) {
        Optional<Session> removed = guarded(() -> store.delete(userId, sessionId));
        check(areOf(userId, removed.stream().toList())
                && removed.stream().allMatch(session -> session.id().equals(sessionId)));
        return removed;
    }

    List<Session> deleteOthers(String userId, String keptSessionId) {
        List<Session> removed = guarded(() -> List.copyOf(store.deleteOthers(userId, keptSessionId)));
        check(areOf(userId, removed)
                && removed.stream().noneMatch(session -> session.id().equals(keptSessionId)));
        return removed;
    }

    List<Session> deleteAll(String userId) {
        List<Session> removed = guarded(() -> List.copyOf(store.deleteAll(userId)));
        check(areOf(userId, removed));
        return removed;
    }

    int purge(Instant expiredAtOrBefore) {
        return guarded(() -> store.purge(expiredAtOrBefore));
    }

    private static boolean areOf(String userId, List<Session> sessions) {
        return sessions.stream().allMatch(session -> session.userId().equals(userId));
    }

    private static void check(boolean isAsAsked) {
        if (!isAsAsked) {
            throw new SessionStoreException("The session store answered with a record that was not asked for");
        }
    }

    /** Errors are wrapped too: a store that runs out of stack or lacks a class has not said that a token is invalid. */
    private static <T> T guarded(Supplier<T> call) {
        try {
            return requireNonNull(call.get(), "the session store answered null");
        } catch (SessionStoreException e) {
            throw e;
        } catch (Throwable e) {
            throw new SessionStoreException("The session store failed in an unexpected way", e);
        }
    }
}
