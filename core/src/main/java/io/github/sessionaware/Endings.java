package io.github.sessionaware;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ends sessions, and notifies the listeners of each live session that it ended. */
record Endings(GuardedStore store, SessionLifetime lifetime, Listeners listeners, ServiceClock clock) {
    /** The largest number of sessions that one call of the store deletes by their ids. */
    static final int BATCH = 500;

    /** Returns the session if it was live and this call ended it. */
    Optional<SessionRecord> end(String userId, String sessionId, EndCause cause) {
        return notified(store.delete(userId, Set.of(sessionId)), cause).stream().findFirst();
    }

    /**
     * Ends sessions in batches, so that no call of the store is long. If the store fails, the listeners have been
     * notified of the batches before. Returns how many live sessions this call ended.
     */
    int end(String userId, List<String> sessionIds, EndCause cause) {
        int ended = 0;
        for (int start = 0; start < sessionIds.size(); start += BATCH) {
            List<String> batch = sessionIds.subList(start, Math.min(start + BATCH, sessionIds.size()));
            ended += notified(store.delete(userId, Set.copyOf(batch)), cause).size();
        }
        return ended;
    }

    /** Returns how many live sessions this call ended. */
    int endAll(String userId, @Nullable String keptSessionId, EndCause cause) {
        return notified(store.deleteAll(userId, keptSessionId), cause).size();
    }

    /** Notifies the listeners of each live session, and returns the live sessions. */
    List<SessionRecord> notified(List<SessionRecord> removed, EndCause cause) {
        Instant now = clock.now();
        List<SessionRecord> live = removed.stream()
                .filter(session -> lifetime.isLive(session, now))
                .toList();
        live.forEach(session -> listeners.ended(session, cause));
        return live;
    }
}
