package io.github.sessionaware.examples.devices;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Keeps the sign-ins from a new device or network that the user has not seen. Every other session sees them. Only a
 * session from before that sign-in, or a change of the password, dismisses one. So a thief can dismiss no notice about
 * himself: neither by signing in again, nor by signing out. A real application keeps them in its database.
 */
final class Notices implements SessionListener {
    /** The oldest notices stay, because they are about the first sign-in of a thief. */
    private static final int MAX = 20;

    private final Map<String, List<Session>> unseen = new ConcurrentHashMap<>();

    @Override
    public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
        if (!novelties.isEmpty()) {
            unseen.merge(
                    userId,
                    List.of(session),
                    (before, added) -> Stream.of(before, added)
                            .flatMap(List::stream)
                            .limit(MAX)
                            .toList());
        }
    }

    /** Returns all except that of the current session. */
    List<Session> shownTo(AuthenticatedSession current) {
        return unseen.getOrDefault(current.userId(), List.of()).stream()
                .filter(session -> !session.id().equals(current.sessionId()))
                .toList();
    }

    /**
     * Forgets the notices of a user. Call it after a password change, which has ended all other sessions of the user.
     */
    void dismissAll(String userId) {
        unseen.remove(userId);
    }

    void dismiss(AuthenticatedSession current, String sessionId) {
        unseen.computeIfPresent(
                current.userId(),
                (user, sessions) -> sessions.stream()
                        .filter(session -> !(session.id().equals(sessionId) && mayDismiss(current.session(), session)))
                        .toList());
    }

    static boolean mayDismiss(Session current, Session notice) {
        return notice.createdAt().isAfter(current.createdAt());
    }
}
