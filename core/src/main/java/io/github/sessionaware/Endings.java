package io.github.sessionaware;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends sessions, and notifies the listeners of each live session that it ended. */
record Endings(GuardedStore store, SessionLifetime lifetime, Listeners listeners, ServiceClock clock) {

    /** Returns the session if it was live and this call ended it. */
    Optional<SessionRecord> end(String userId, String sessionId, EndCause cause) {
        return notified(store.delete(userId, sessionId).stream().toList(), cause).stream()
                .findFirst();
    }

    /** Returns how many live sessions this call ended. */
    int endAll(String userId, @Nullable String keptSessionId, EndCause cause) {
        return notified(store.deleteAll(userId, keptSessionId), cause).size();
    }

    private List<SessionRecord> notified(List<SessionRecord> removed, EndCause cause) {
        Instant now = clock.now();
        List<SessionRecord> live = removed.stream()
                .filter(session -> lifetime.isLive(session, now))
                .toList();
        live.forEach(session -> listeners.ended(session, cause));
        return live;
    }
}
