package io.github.sessionaware.testing;

import io.github.sessionaware.EndCause;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the listeners of all nodes were told of which sessions, by id and in that order. */
public final class Told implements SessionListener {
    private final Queue<String> created = new ConcurrentLinkedQueue<>();
    private final Queue<String> ended = new ConcurrentLinkedQueue<>();

    @Override
    public void sessionCreated(Session session, Set<Novelty> novelties) {
        created.add(session.id());
    }

    @Override
    public void sessionEnded(Session session, EndCause cause) {
        ended.add(session.id());
    }

    public List<String> created() {
        return List.copyOf(created);
    }

    public List<String> ended() {
        return List.copyOf(ended);
    }
}
