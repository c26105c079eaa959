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
 * Keeps the sign-ins from a new device or network that the user has not seen. A device sees and dismisses those that
 * came after its own sign-in. So a thief can dismiss no notice about himself: neither by signing in again, nor by
 * signing out. A real application keeps them in its database.
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

    /** Returns the sign-ins after that of the current session. */
    List<Session> shownTo(AuthenticatedSession current) {
        return unseen.getOrDefault(current.userId(), List.of()).stream()
                .filter(session -> isAfter(session, current))
                .toList();
    }

    void dismiss(AuthenticatedSession current, String sessionId) {
        unseen.computeIfPresent(
                current.userId(),
                (user, sessions) -> sessions.stream()
                        .filter(session -> !(session.id().equals(sessionId) && isAfter(session, current)))
                        .toList());
    }

    private static boolean isAfter(Session session, AuthenticatedSession current) {
        return !session.id().equals(current.sessionId())
                && session.createdAt().isAfter(current.session().createdAt());
    }
}
