package io.github.sessionaware.examples.devices;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the latest sign-in from a new device or network for each user. The other devices of the user show it. */
final class Notices implements SessionListener {
    private final Map<String, Session> latest = new ConcurrentHashMap<>();

    @Override
    public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
        if (!novelties.isEmpty()) {
            latest.put(userId, session);
        }
    }

    @Override
    public void sessionEnded(String userId, Session session, EndCause cause) {
        latest.computeIfPresent(userId, (user, other) -> other.id().equals(session.id()) ? null : other);
    }

    /** Returns nothing on the new device itself, nor on devices that signed in later. */
    Optional<Session> shownTo(AuthenticatedSession current) {
        Session session = current.session();
        return Optional.ofNullable(latest.get(current.userId()))
                .filter(other ->
                        !other.id().equals(session.id()) && other.createdAt().isAfter(session.createdAt()));
    }

    void dismiss(String userId) {
        latest.remove(userId);
    }
}
