package io.github.sessionaware.testing;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Records which sessions the listeners of all nodes were notified of, by id and in that order. */
public final class Notifications implements SessionListener {
    private final Queue<String> created = new ConcurrentLinkedQueue<>();
    private final Queue<String> reauthenticated = new ConcurrentLinkedQueue<>();
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final Queue<String> retried = new ConcurrentLinkedQueue<>();
    private final Queue<String> retriesRefused = new ConcurrentLinkedQueue<>();

    @Override
    public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
        created.add(session.id());
    }

    @Override
    public void sessionReauthenticated(String userId, Session session) {
        reauthenticated.add(session.id());
    }

    @Override
    public void sessionEnded(String userId, Session session, EndCause cause) {
        ended.add(new Ended(session.id(), cause));
    }

    @Override
    public void refreshRetried(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {
        retried.add(session.id());
    }

    @Override
    public void refreshRetryRefused(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {
        retriesRefused.add(session.id());
    }

    public int retries() {
        return retried.size();
    }

    public int retriesRefused() {
        return retriesRefused.size();
    }

    public List<String> created() {
        return List.copyOf(created);
    }

    public List<String> reauthenticated() {
        return List.copyOf(reauthenticated);
    }

    public List<String> ended() {
        return ended.stream().map(Ended::sessionId).toList();
    }

    /** Returns only the sessions that ended for this cause. */
    public List<String> ended(EndCause cause) {
        return ended.stream()
                .filter(end -> end.cause().equals(cause))
                .map(Ended::sessionId)
                .toList();
    }

    private record Ended(String sessionId, EndCause cause) {}
}
