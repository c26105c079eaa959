package io.github.sessionaware.testing.history;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.Session;
import io.github.sessionaware.testing.history.History.Acceptance;
import io.github.sessionaware.testing.history.History.Event;
import io.github.sessionaware.testing.history.History.Failure;
import io.github.sessionaware.testing.history.History.Listing;
import io.github.sessionaware.testing.history.History.Login;
import io.github.sessionaware.testing.history.History.Purge;
import io.github.sessionaware.testing.history.History.Refusal;
import io.github.sessionaware.testing.history.History.RefusedLogin;
import io.github.sessionaware.testing.history.History.Renaming;
import io.github.sessionaware.testing.history.History.Revocation;
import io.github.sessionaware.testing.history.History.Scope;
import io.github.sessionaware.testing.history.History.Span;
import io.github.sessionaware.testing.history.History.StepUp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the answers in a history that no order of its overlapping calls explains. If two orders are possible, the one
 * that favours the store counts: a login that overlaps a revocation may stay or end. A failed call is a violation, and
 * it may cause others. A validate of a node with a maximal staleness may be answered as if it had begun earlier.
 */
final class HistoryChecker {
    private static final Duration PURGE_DELAY = Duration.ofDays(1);

    private final List<Event> events;
    private final Map<String, SessionTrace> traces = new LinkedHashMap<>();
    private final Map<String, Timeline<SessionTrace, Long, Instant>> tracesByUser = new HashMap<>();
    private final Map<String, LimitTrace> limits = new HashMap<>();
    private final Timeline<Span, Long, Instant> purges;
    private final List<Violation> violations = new ArrayList<>();

    private HistoryChecker(List<Event> events) {
        this.events = events;
        this.purges =
                new Timeline<>(all(Purge.class).stream().map(Purge::span).toList(), Span::begin, Span::clockAtEnd);
        trace();
    }

    static List<Violation> violations(List<Event> events) {
        HistoryChecker checker = new HistoryChecker(Backdating.of(events));
        checker.events.forEach(checker::check);
        return checker.violations;
    }

    /**
     * Finds the sessions and tokens that a node with a maximal staleness accepted although it had itself ended or
     * renewed the session before.
     *
     * @param whole the history of all nodes, which has the logins
     */
    static List<Violation> violationsOfNode(List<Event> ofNode, List<Event> whole) {
        Stream<Event> logins = whole.stream().filter(Login.class::isInstance);
        Stream<Event> own = ofNode.stream()
                .filter(event -> !(event instanceof Login))
                .map(event -> event instanceof Acceptance acceptance ? acceptance.strict() : event);
        return violations(Stream.concat(logins, own).toList()).stream()
                .filter(violation -> violation.rule() == Rule.ACCEPTED_AFTER_REVOKE
                        || violation.rule() == Rule.ACCEPTED_AFTER_STEP_UP)
                .toList();
    }

    static void assertExplained(List<Event> events) {
        assertNone(violations(events));
    }

    /** Shows only the first few violations, because one mistake causes hundreds. */
    static void assertNone(List<Violation> violations) {
        assertEquals(
                List.of(), violations.stream().limit(3).toList(), violations.size() + " violations, the first of them");
    }

    /** Counts the calls of each kind. */
    static Map<String, Long> counts(List<Event> events) {
        return events.stream().collect(groupingBy(Event::kind, TreeMap::new, counting()));
    }

    private void trace() {
        Map<String, Timeline<Revocation, Long, Long>> ofSeveral = all(Revocation.class).stream()
                .filter(revocation -> revocation.scope() != Scope.ONE)
                .collect(groupingBy(Revocation::userId, collectingAndThen(toList(), HistoryChecker::timeline)));
        for (Login login : all(Login.class)) {
            traces.put(
                    login.session().id(),
                    new SessionTrace(login, ofSeveral.getOrDefault(login.userId(), timeline(List.of()))));
        }
        for (Event event : events) {
            if (event instanceof Acceptance acceptance) {
                traceOf(acceptance.session()).seen(acceptance.span(), acceptance.session());
            } else if (event instanceof StepUp stepUp) {
                traceOf(stepUp.session()).steppedUp(stepUp);
            } else if (event instanceof Listing listing) {
                known(listing).forEach(session -> traceOf(session).seen(listing.span(), session));
            } else if (event instanceof Revocation revocation && revocation.scope() == Scope.ONE) {
                traces.get(revocation.named()).revoked(revocation);
            } else if (event instanceof Renaming renaming && renaming.done()) {
                traces.get(renaming.sessionId()).labels().renamed(renaming);
            }
        }
        traces.values().stream()
                .collect(groupingBy(trace -> trace.login().userId()))
                .forEach((userId, ofUser) -> tracesByUser.put(
                        userId, new Timeline<>(ofUser, SessionTrace::firstSeen, SessionTrace::latestDeadline)));
        TwoNodes.LIMITS.forEach((userId, limit) -> limits.put(
                userId,
                new LimitTrace(
                        limit,
                        all(Login.class).stream()
                                .filter(login -> login.userId().equals(userId))
                                .toList(),
                        sessionsOf(userId))));
    }

    private static Timeline<Revocation, Long, Long> timeline(List<Revocation> revocations) {
        return new Timeline<>(
                revocations,
                revocation -> revocation.span().begin(),
                revocation -> revocation.span().end());
    }

    private Timeline<SessionTrace, Long, Instant> sessionsOf(String userId) {
        return tracesByUser.getOrDefault(
                userId, new Timeline<>(List.of(), SessionTrace::firstSeen, SessionTrace::latestDeadline));
    }

    private void check(Event event) {
        if (event instanceof Acceptance acceptance) {
            checkSeen(acceptance, acceptance.session(), Rule.ACCEPTED_AFTER_REVOKE);
            checkGeneration(acceptance, acceptance.session(), acceptance.generation());
            checkAuthenticationOf(acceptance, acceptance.session(), acceptance.generation());
        } else if (event instanceof StepUp stepUp) {
            checkSeen(stepUp, stepUp.session(), Rule.ACCEPTED_AFTER_REVOKE);
            checkGeneration(stepUp, stepUp.session(), stepUp.generation() - 1);
            require(!traceOf(stepUp.session()).generations().wasGivenTwice(stepUp), Rule.STEPPED_UP_TWICE, stepUp);
        } else if (event instanceof Login login) {
            checkShown(login, login.session());
        } else if (event instanceof Refusal refusal) {
            require(isExplained(refusal), Rule.REFUSED_WITHOUT_CAUSE, refusal);
        } else if (event instanceof Renaming renaming) {
            checkRenaming(renaming, traces.get(renaming.sessionId()));
        } else if (event instanceof Listing listing) {
            known(listing).forEach(session -> checkSeen(listing, session, Rule.LISTED_AFTER_REVOKE));
            checkNothingIsMissing(listing);
            require(
                    limitOf(listing.userId())
                            .filter(limit ->
                                    limit.isExceededBy(listing.sessions().size()))
                            .isEmpty(),
                    Rule.OVER_LIMIT,
                    listing);
        } else if (event instanceof RefusedLogin refused) {
            require(
                    limitOf(refused.userId())
                            .filter(limit -> limit.mayRefuse(refused.span()))
                            .isPresent(),
                    Rule.REFUSED_BELOW_LIMIT,
                    refused);
        } else if (event instanceof Failure) {
            require(false, Rule.FAILED, event);
        }
    }

    private void checkSeen(Event event, Session session, Rule afterRevoke) {
        SessionTrace trace = traceOf(session);
        require(!trace.wasRevokedBefore(event.span()), afterRevoke, event);
        require(!trace.hasLaterActivityBefore(event.span(), session.lastActiveAt()), Rule.ACTIVITY_WENT_BACK, event);
        checkShown(event, session);
    }

    private void checkShown(Event event, Session session) {
        SessionTrace trace = traceOf(session);
        require(trace.labels().explains(event.span(), session.label()), Rule.WRONG_LABEL, event);
        require(
                trace.generations()
                        .explains(event.span(), session.authentication().time()),
                Rule.WRONG_AUTHENTICATION,
                event);
    }

    /** A token of this generation was accepted. */
    private void checkGeneration(Event event, Session session, int generation) {
        require(
                !traceOf(session).generations().wasReplacedBefore(event.span(), generation),
                Rule.ACCEPTED_AFTER_STEP_UP,
                event);
    }

    private void checkAuthenticationOf(Event event, Session session, int generation) {
        require(
                traceOf(session)
                        .generations()
                        .isOf(generation, session.authentication().time()),
                Rule.WRONG_AUTHENTICATION,
                event);
    }

    private void checkRenaming(Renaming renaming, SessionTrace trace) {
        Span span = renaming.span();
        if (!renaming.userId().equals(trace.login().userId())) {
            require(!renaming.done(), Rule.RENAMED_ANOTHER_USERS_SESSION, renaming);
        } else if (renaming.done()) {
            require(!trace.wasRevokedBefore(span), Rule.ACCEPTED_AFTER_REVOKE, renaming);
        } else {
            require(mayHaveEnded(trace, span) || mayHaveExpired(trace, span), Rule.REFUSED_WITHOUT_CAUSE, renaming);
        }
    }

    private void checkNothingIsMissing(Listing listing) {
        Span span = listing.span();
        Set<SessionTrace> listed = known(listing).map(this::traceOf).collect(Collectors.toSet());
        require(
                sessionsOf(listing.userId())
                        .startedBy(span.begin(), span.clockAtEnd())
                        .filter(trace -> !mayHaveExpired(trace, span) && trace.wasThereBefore(span))
                        .allMatch(trace -> listed.contains(trace)
                                || trace.mayHaveBeenRevokedFor(span)
                                || mayHaveMadeRoom(trace, span)),
                Rule.MISSING_FROM_LIST,
                listing);
    }

    private boolean isExplained(Refusal refusal) {
        Held held = refusal.held();
        Span span = refusal.span();
        SessionTrace trace = traces.get(held.sessionId());
        return switch (refusal.reason()) {
            case EXPIRED -> !held.tokens().accessTokenExpiresAt().isAfter(span.clockAtEnd());
            case SESSION_EXPIRED -> mayHaveExpired(trace, span);
            case SESSION_ENDED -> mayHaveEnded(trace, span);
            case OTHER_GENERATION, UNKNOWN_REFRESH_TOKEN ->
                trace.generations().mayHaveBeenReplacedFor(span, held.generation());
            default -> false;
        };
    }

    private boolean mayHaveEnded(SessionTrace trace, Span span) {
        return trace.mayHaveBeenRevokedFor(span) || mayHaveBeenPurged(trace, span) || mayHaveMadeRoom(trace, span);
    }

    private boolean mayHaveMadeRoom(SessionTrace trace, Span span) {
        return limitOf(trace.login().userId())
                .filter(limit -> limit.mayHaveEndedFor(span, trace))
                .isPresent();
    }

    private Optional<LimitTrace> limitOf(String userId) {
        return Optional.ofNullable(limits.get(userId));
    }

    private static boolean mayHaveExpired(SessionTrace trace, Span span) {
        return !trace.deadlineKnownBefore(span).isAfter(span.clockAtEnd());
    }

    private boolean mayHaveBeenPurged(SessionTrace trace, Span span) {
        return purges.startedBy(span.end(), trace.deadlineKnownBefore(span).plus(PURGE_DELAY))
                .anyMatch(purge -> trace.mayHaveEndedItFor(span, purge));
    }

    /** Returns the listed sessions except those of logins that failed and were stored nevertheless. */
    private Stream<Session> known(Listing listing) {
        return listing.sessions().stream().filter(session -> traces.containsKey(session.id()));
    }

    private SessionTrace traceOf(Session session) {
        return traces.get(session.id());
    }

    private <E extends Event> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private void require(boolean holds, Rule rule, Event event) {
        if (!holds) {
            violations.add(new Violation(rule, event));
        }
    }

    /** An answer that breaks a rule. */
    record Violation(Rule rule, Event event) {}
}
