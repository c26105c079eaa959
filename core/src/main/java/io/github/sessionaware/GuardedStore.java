package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.SessionMetrics.StoreOperation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Guards the service against mistakes of a store. Any throwable, null, or a record that was not requested becomes
 * {@link SessionStoreException}, so that a broken store is never mistaken for an invalid token. Reports to the metrics
 * how each call ended and how long it took.
 */
final class GuardedStore {
    private final SessionStore store;
    private final SessionMetrics metrics;
    private final LongSupplier nanoTime;

    /** @param metrics must not throw */
    GuardedStore(SessionStore store, SessionMetrics metrics) {
        this(store, metrics, System::nanoTime);
    }

    GuardedStore(SessionStore store, SessionMetrics metrics, LongSupplier nanoTime) {
        this.store = store;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
    }

    /**
     * Checks what the store does with the admission too. It must ask, about records of this user only. It must admit or
     * refuse the session as the last answer says, and remove no record that no answer has named: a store that removes
     * many records in several steps may have to ask again after the first step. It may remove fewer, because another
     * call may have removed some in the meantime.
     */
    Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        if (admission.isUnconditional()) {
            return timed(StoreOperation.CREATE, () -> {
                Optional<List<SessionRecord>> removed = store.create(session, admission);
                requireFollowed(removed.isPresent() && removed.get().isEmpty());
                return removed;
            });
        }
        List<Optional<List<SessionRecord>>> decisions = new ArrayList<>(1);
        Admission watched = Admission.decidedBy(present -> {
            Optional<List<SessionRecord>> decision = admission.decide(ofUser(session.userId(), List.copyOf(present)));
            decisions.add(decision);
            return decision;
        });
        return timed(StoreOperation.CREATE, () -> {
            Optional<List<SessionRecord>> removed =
                    store.create(session, watched).map(gone -> ofUser(session.userId(), List.copyOf(gone)));
            requireFollowed(!decisions.isEmpty());
            Optional<List<SessionRecord>> decided = decisions.get(decisions.size() - 1);
            requireFollowed(decided.isPresent() == removed.isPresent());
            requireFollowed(decisions.stream()
                    .flatMap(decision -> ids(decision).stream())
                    .collect(Collectors.toSet())
                    .containsAll(ids(removed)));
            return removed;
        });
    }

    Optional<SessionRecord> find(String userId, String sessionId) {
        return timed(StoreOperation.FIND, () -> requested(userId, sessionId, store.find(userId, sessionId)));
    }

    List<SessionRecord> list(String userId) {
        return timed(StoreOperation.LIST, () -> ofUser(userId, List.copyOf(store.list(userId))));
    }

    boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
        return timed(StoreOperation.TOUCH, () -> store.touch(seen, lastActiveAt, expiresAt));
    }

    boolean replace(SessionRecord seen, SessionRecord next) {
        return timed(StoreOperation.REPLACE, () -> store.replace(seen, next));
    }

    List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        return timed(StoreOperation.DELETE, () -> {
            List<SessionRecord> removed = ofUser(userId, List.copyOf(store.delete(userId, sessionIds)));
            requireRequested(removed.stream().map(SessionRecord::id).allMatch(sessionIds::contains));
            requireRequested(removed.size() <= sessionIds.size());
            return removed;
        });
    }

    List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
        return timed(StoreOperation.DELETE_ALL, () -> {
            List<SessionRecord> removed = ofUser(userId, List.copyOf(store.deleteAll(userId, keptSessionId)));
            requireRequested(removed.stream().noneMatch(session -> session.id().equals(keptSessionId)));
            return removed;
        });
    }

    int purge(Instant expiredAtOrBefore) {
        return timed(StoreOperation.PURGE, () -> store.purge(expiredAtOrBefore));
    }

    private static Optional<SessionRecord> requested(String userId, String sessionId, Optional<SessionRecord> found) {
        requireRequested(found.isEmpty()
                || (found.get().id().equals(sessionId) && found.get().userId().equals(userId)));
        return found;
    }

    private static List<SessionRecord> ofUser(String userId, List<SessionRecord> sessions) {
        requireRequested(sessions.stream().allMatch(session -> session.userId().equals(userId)));
        return sessions;
    }

    private static Set<String> ids(Optional<List<SessionRecord>> sessions) {
        return sessions.stream().flatMap(List::stream).map(SessionRecord::id).collect(Collectors.toSet());
    }

    private static void requireFollowed(boolean isFollowed) {
        if (!isFollowed) {
            throw new SessionStoreException(
                    "The session store did not follow the admission of a session, which breaks its contract");
        }
    }

    private static void requireRequested(boolean isRequested) {
        if (!isRequested) {
            throw new SessionStoreException(
                    "The session store returned a record that was not requested, which breaks its contract");
        }
    }

    private <T> T timed(StoreOperation operation, Supplier<T> call) {
        if (metrics == SessionMetrics.NOOP) {
            return guarded(call);
        }
        long began = nanoTime.getAsLong();
        T answer;
        try {
            answer = guarded(call);
        } catch (SessionStoreException e) {
            metrics.storeFailed(operation, nanoTime.getAsLong() - began);
            throw e;
        }
        metrics.storeAnswered(operation, nanoTime.getAsLong() - began);
        return answer;
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
