package io.github.sessionaware.jdbc;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.Session;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Every call that was made, as its caller saw it: when it began, when it ended, and what came of it. */
final class History {
    private final InstantSource clock;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();

    History(InstantSource clock) {
        this.clock = clock;
    }

    /** Makes a call and keeps what came of it. Empty if it failed, which is kept too. */
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
        events.add(failure == null ? toEvent.apply(span, answer) : new Failure(span, failure));
        return Optional.ofNullable(answer);
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    /** One call. */
    sealed interface Event {
        Span span();

        /** A word for what the call was and what came of it, to count by. */
        String kind();
    }

    /** From the begin to the end of a call, as this process measures it and as the services' clock shows it. */
    record Span(long begin, long end, Instant clockAtBegin, Instant clockAtEnd) {

        boolean isBefore(Span other) {
            return end < other.begin;
        }
    }

    record Login(Span span, Session session) implements Event {

        @Override
        public String kind() {
            return "logins";
        }
    }

    record Acceptance(Span span, Session session) implements Event {

        /** Whether it was this call that recorded the activity. */
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

    /** An acknowledged one; the named session is the one that ends or the one that stays. */
    record Revocation(Span span, Scope scope, String userId, String named) implements Event {

        /** Whether it is about this session, if that was there. */
        boolean isAbout(Session session) {
            return userId.equals(session.userId()) && scope.includes(named.equals(session.id()));
        }

        @Override
        public String kind() {
            return "revoked: " + scope;
        }
    }

    record Purge(Span span, int removed) implements Event {

        @Override
        public String kind() {
            return removed == 0 ? "purges of nothing" : "purges";
        }
    }

    /** Anything thrown but the refusal of a token. */
    record Failure(Span span, Throwable thrown) implements Event {

        @Override
        public String kind() {
            return "failures: " + thrown.getMessage() + ", " + thrown.getCause();
        }
    }

    /** Which of a user's sessions are revoked. */
    enum Scope {
        ONE,
        OTHERS,
        ALL;

        private boolean includes(boolean isNamed) {
            return switch (this) {
                case ONE -> isNamed;
                case OTHERS -> !isNamed;
                case ALL -> true;
            };
        }
    }
}
