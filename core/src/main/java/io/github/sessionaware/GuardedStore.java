package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Guards the service against mistakes of a store. Any throwable, null, or a record that was not requested becomes
 * {@link SessionStoreException}, so that a broken store is never mistaken for an invalid token.
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

    Optional<List<Session>> createLimited(Session session, Function<List<Session>, Optional<List<Session>>> choice) {
        return guarded(() ->
                store.createLimited(session, choice).map(removed -> ofUser(session.userId(), List.copyOf(removed))));
    }

    Optional<Session> find(String sessionId) {
        return guarded(() -> {
            Optional<Session> found = store.find(sessionId);
            requireRequested(found.isEmpty() || found.get().id().equals(sessionId));
            return found;
        });
    }

    List<Session> list(String userId) {
        return guarded(() -> ofUser(userId, List.copyOf(store.list(userId))));
    }

    boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
        return guarded(() -> store.touch(seen, lastActiveAt, expiresAt));
    }

    boolean replace(Session seen, Session next) {
        return guarded(() -> store.replace(seen, next));
    }

    Optional<Session> delete(String userId, String sessionId) {
        return guarded(() -> {
            Optional<Session> removed = store.delete(userId, sessionId);
            requireRequested(ofUser(userId, removed.stream().toList()).stream()
                    .allMatch(session -> session.id().equals(sessionId)));
            return removed;
        });
    }

    List<Session> deleteOthers(String userId, String keptSessionId) {
        return guarded(() -> {
            List<Session> removed = ofUser(userId, List.copyOf(store.deleteOthers(userId, keptSessionId)));
            requireRequested(removed.stream().noneMatch(session -> session.id().equals(keptSessionId)));
            return removed;
        });
    }

    List<Session> deleteAll(String userId) {
        return guarded(() -> ofUser(userId, List.copyOf(store.deleteAll(userId))));
    }

    int purge(Instant expiredAtOrBefore) {
        return guarded(() -> store.purge(expiredAtOrBefore));
    }

    private static List<Session> ofUser(String userId, List<Session> sessions) {
        requireRequested(sessions.stream().allMatch(session -> session.userId().equals(userId)));
        return sessions;
    }

    private static void requireRequested(boolean isRequested) {
        if (!isRequested) {
            throw new SessionStoreException(
                    "The session store returned a record that was not requested, which breaks its contract");
        }
    }

    /**
     * Wraps errors too, because a stack overflow or a missing class in a store does not mean that a token is invalid.
     */
    private static <T> T guarded(Supplier<T> call) {
        try {
            return requireNonNull(call.get(), "the session store returned null");
        } catch (SessionStoreException e) {
            throw e;
        } catch (Throwable e) {
            throw new SessionStoreException("The session store threw an unexpected exception; the cause says which", e);
        }
    }
}
