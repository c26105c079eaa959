package io.github.sessionaware.testing.history;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.Session;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Records every call as its caller saw it: when it began, when it ended, and its answer. */
final class History {
    private final InstantSource clock;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final Map<String, Login> logins = new ConcurrentHashMap<>();

    History(InstantSource clock) {
        this.clock = clock;
    }

    /** Makes a call and records its answer or its failure. Returns nothing if the call failed. */
    <T> Optional<T> record(Supplier<T> call, BiFunction<Span, T, Event> toEvent) {
        long begin = System.nanoTime();
        Instant clockAtBegin = clock.instant();
        T answer = null;
        Throwable failure = null;
        try {
            answer = call.get();
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        Instant clockAtEnd = clock.instant();
        Span span = new Span(begin, System.nanoTime(), clockAtBegin, clockAtEnd);
        Event event = failure == null ? toEvent.apply(span, answer) : new Failure(span, failure);
        if (event instanceof Login login) {
            logins.put(login.session().id(), login);
        }
        events.add(event);
        return Optional.ofNullable(answer);
    }

    /**
     * Returns the login of a session that got a new id. Its former login is recorded, because a caller has its tokens.
     */
    Login next(Span span, String formerId, Session session) {
        return requireNonNull(logins.get(formerId)).next(span, session);
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    /** One call. */
    sealed interface Event {
        Span span();

        /** Names the call and its answer, for counting. */
        String kind();
    }

    /** From the begin to the end of a call, in this process's nanoseconds and by the clock of the services. */
    record Span(long begin, long end, Instant clockAtBegin, Instant clockAtEnd) {

        boolean isBefore(Span other) {
            return end < other.begin;
        }
    }

    /**
     * A login, or the session after its user was authenticated again.
     *
     * @param since the call by which the user logged in
     * @param formerIds the ids that the session had before
     */
    record Login(Span span, Session session, Span since, Set<String> formerIds) implements Event {

        static Login first(Span span, Session session) {
            return new Login(span, session, span, Set.of());
        }

        Login next(Span span, Session session) {
            return new Login(
                    span,
                    session,
                    since,
                    Stream.concat(formerIds.stream(), Stream.of(this.session.id()))
                            .collect(Collectors.toSet()));
        }

        @Override
        public String kind() {
            return formerIds.isEmpty() ? "logins" : "reauthenticated";
        }
    }

    record Acceptance(Span span, Session session) implements Event {

        /** Tells whether this call recorded the activity. */
        boolean hasTouched() {
            return !session.lastActiveAt().isBefore(span.clockAtBegin());
        }

        @Override
        public String kind() {
            return hasTouched() ? "accepted and touched" : "accepted";
        }
    }

    record Refusal(Span span, String sessionId, Reason reason) implements Event {

        @Override
        public String kind() {
            return "refused: " + reason;
        }
    }

    record Listing(Span span, String userId, List<Session> sessions) implements Event {

        @Override
        public String kind() {
            return "lists";
        }
    }

    /** An acknowledged revocation. It names the session that ends, or the session that stays, or a time. */
    record Revocation(Span span, Scope scope, String userId, String named) implements Event {

        /** Tells whether this revocation ends the session if it is there. */
        boolean isAbout(Session session) {
            return userId.equals(session.userId()) && scope.includes(session, named);
        }

        @Override
        public String kind() {
            return "revoked: " + scope;
        }
    }

    /** A call that renames a session. If {@code done} is false, the service found no such session. */
    record Renaming(Span span, String sessionId, String label, boolean done) implements Event {

        @Override
        public String kind() {
            return done ? "renamed" : "renamed nothing";
        }
    }

    /** A login that the limit refused. */
    record RefusedLogin(Span span, String userId) implements Event {

        @Override
        public String kind() {
            return "logins refused by the limit";
        }
    }

    record Purge(Span span, int removed) implements Event {

        @Override
        public String kind() {
            return removed == 0 ? "purges of nothing" : "purges";
        }
    }

    /** A call that threw an exception other than a refusal. */
    record Failure(Span span, Throwable thrown) implements Event {

        @Override
        public String kind() {
            return "failures: " + thrown.getMessage() + ", " + thrown.getCause();
        }
    }

    /** Which of a user's sessions a revocation ends. */
    enum Scope {
        ONE,
        OTHERS,
        ALL,
        CREATED_BEFORE;

        private boolean includes(Session session, String named) {
            return switch (this) {
                case ONE -> named.equals(session.id());
                case OTHERS -> !named.equals(session.id());
                case ALL -> true;
                case CREATED_BEFORE -> session.createdAt().isBefore(Instant.parse(named));
            };
        }
    }
}
