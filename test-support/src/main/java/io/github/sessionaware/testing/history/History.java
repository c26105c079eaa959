package io.github.sessionaware.testing.history;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.Session;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Records every call as its caller saw it: when it began, when it ended, and its answer. */
final class History {
    private final InstantSource clock;
    private final @Nullable History whole;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();

    History(InstantSource clock) {
        this(clock, null);
    }

    private History(InstantSource clock, @Nullable History whole) {
        this.clock = clock;
        this.whole = whole;
    }

    /** Returns a history for the calls of one node. This history records them too. */
    History ofNode() {
        return new History(clock, this);
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
        events.add(event);
        if (whole != null) {
            whole.events.add(event);
        }
        return Optional.ofNullable(answer);
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

    record Login(Span span, String userId, Session session) implements Event {

        @Override
        public String kind() {
            return "logins";
        }
    }

    /** A renewed authentication, which gives this generation of the session's tokens. */
    record StepUp(Span span, Session session, int generation) implements Event {

        @Override
        public String kind() {
            return "reauthenticated";
        }
    }

    /**
     * A call that accepted a token of this generation.
     *
     * @param maxStaleness how old the answer may be
     */
    record Acceptance(Span span, Session session, int generation, Duration maxStaleness) implements Event {

        /** Returns this call as if it had to be answered from the store. */
        Acceptance strict() {
            return new Acceptance(span, session, generation, Duration.ZERO);
        }

        /** Tells whether this call recorded the activity. */
        boolean hasTouched() {
            return !session.lastActiveAt().isBefore(span.clockAtBegin());
        }

        @Override
        public String kind() {
            return hasTouched() ? "accepted and touched" : "accepted";
        }
    }

    record Refusal(Span span, Held held, Reason reason) implements Event {

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
        boolean isAbout(Login login) {
            return userId.equals(login.userId()) && scope.includes(login.session(), named);
        }

        @Override
        public String kind() {
            return "revoked: " + scope;
        }
    }

    /** A call that renames a session of a user. If {@code done} is false, the service found no such session. */
    record Renaming(Span span, String userId, String sessionId, String label, boolean done) implements Event {

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
