package io.github.sessionaware.examples.devices;

import io.github.sessionaware.EndCause;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers the last sign-in that was new to a user, for the banner on their other devices. One for each user. */
final class Notices implements SessionListener {
    private final Map<String, Session> latest = new ConcurrentHashMap<>();

    @Override
    public void sessionCreated(Session session, Set<Novelty> novelties) {
        if (!novelties.isEmpty()) {
            latest.put(session.userId(), session);
        }
    }

    @Override
    public void sessionEnded(Session session, EndCause cause) {
        latest.computeIfPresent(session.userId(), (user, other) -> other.id().equals(session.id()) ? null : other);
    }

    /** None on the new device itself. */
    Optional<Session> shownTo(Session session) {
        return Optional.ofNullable(latest.get(session.userId()))
                .filter(other ->
                        !other.id().equals(session.id()) && other.createdAt().isAfter(session.createdAt()));
    }

    void dismiss(String userId) {
        latest.remove(userId);
    }
}
