package io.github.sessionaware.testing.history;

import io.github.sessionaware.EndCause;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.testing.history.History.Event;
import io.github.sessionaware.testing.history.History.Login;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** What the listeners of both nodes were told of which sessions, by id. */
final class Told implements SessionListener {
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

    /** Each login that was acknowledged once, no other, and no end more than once. */
    boolean fits(List<Event> events) {
        Stream<String> logins = events.stream()
                .filter(event ->
                        event instanceof Login login && login.formerIds().isEmpty())
                .map(event -> ((Login) event).session().id());
        return logins.sorted().toList().equals(created.stream().sorted().toList())
                && ended.stream().distinct().count() == ended.size();
    }
}
