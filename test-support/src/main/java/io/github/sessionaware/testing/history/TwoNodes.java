package io.github.sessionaware.testing.history;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.Notifications;
import io.github.sessionaware.testing.RandomRuns;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.history.History.Event;
import io.github.sessionaware.testing.history.History.Login;
import io.github.sessionaware.testing.history.History.StepUp;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts two nodes of an application on the same data under a random load, and checks their answers. */
public final class TwoNodes {
    private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);
    private static final Duration ABSOLUTE_TIMEOUT = Duration.ofHours(3);

    static final Duration LONGEST_ACTIVITY_INTERVAL = Duration.ofMinutes(20);

    private static final Duration STEP = Duration.ofSeconds(15);

    /** The limits of the users that have one. */
    static final Map<String, SessionLimit> LIMITS = Map.of(
            "eve", new SessionLimit(3, AtLimit.REFUSE_LOGIN),
            "fay", new SessionLimit(3, AtLimit.END_OLDEST),
            "gil", new SessionLimit(3, AtLimit.END_LEAST_RECENTLY_ACTIVE));

    private static final Set<String> EVERY_KIND = Set.of(
            "logins",
            "logins refused by the limit",
            "accepted",
            "accepted and touched",
            "refused: EXPIRED",
            "refused: OTHER_GENERATION",
            "refused: SESSION_ENDED",
            "refused: SESSION_EXPIRED",
            "refused: UNKNOWN_REFRESH_TOKEN",
            "lists",
            "renamed",
            "reauthenticated",
            "revoked: ONE",
            "revoked: OTHERS",
            "revoked: ALL",
            "revoked: CREATED_BEFORE",
            "purges");

    private final FakeClock clock = new FakeClock(START);
    private final History history = new History(clock);
    private final Notifications notifications = new Notifications();
    private final List<RecordedService> services;
    private final Duration step;

    /** The stores of the nodes share their sessions. Both nodes may use the same store. */
    public TwoNodes(SessionStore one, SessionStore other, Duration activityInterval) {
        services = List.of(
                recorded(one, activityInterval, Duration.ZERO, strict -> {}),
                recorded(other, activityInterval, Duration.ZERO, strict -> {}));
        step = STEP;
    }

    /**
     * Lets nodes accept sessions without asking the store. The clock moves more slowly then, so that many calls happen
     * within the bound.
     *
     * @param staleness how old an answer of each node may be
     * @param setting switches that on, for a node that is not strict
     */
    public TwoNodes(
            SessionStore one,
            SessionStore other,
            List<Duration> staleness,
            BiConsumer<SessionAwareTokenServiceBuilder, FakeClock> setting) {
        step = Collections.max(staleness).dividedBy(100);
        services = List.of(
                recorded(one, step.multipliedBy(50), staleness.get(0), bounded -> setting.accept(bounded, clock)),
                recorded(other, step.multipliedBy(50), staleness.get(1), bounded -> setting.accept(bounded, clock)));
    }

    /**
     * Runs the load as long as the predicate accepts the round, and prints the calls that were made. In a round each of
     * 16 threads makes one call.
     */
    public void run(String name, IntPredicate goesOn) throws Exception {
        run(name, goesOn, true);
    }

    /** Does the same without the users that have a limit. */
    public void runWithoutLimits(String name, IntPredicate goesOn) throws Exception {
        run(name, goesOn, false);
    }

    private void run(String name, IntPredicate goesOn, boolean withLimits) throws Exception {
        long begin = System.nanoTime();
        new Workload(services, clock, step, withLimits).run(goesOn);
        System.out.printf(
                "%s: %d calls in %d ms, checked: %s. %s%n",
                name,
                history.events().size(),
                Duration.ofNanos(System.nanoTime() - begin).toMillis(),
                HistoryChecker.counts(history.events()),
                RandomRuns.repeat(Workload.SEED));
    }

    public void revokeEverything() {
        history.events().stream()
                .filter(Login.class::isInstance)
                .map(login -> ((Login) login).userId())
                .distinct()
                .forEach(services.get(0)::revokeAllSessions);
    }

    public void assertExplained() {
        HistoryChecker.assertNone(violations());
        assertTrue(
                isNotifiedRightly(),
                "Listeners must be notified once of each login and step-up, and at most once of each end");
    }

    /** Asserts that the load was long enough to show something about every promise. */
    void assertEveryKindOccurred() {
        Set<String> missing = new TreeSet<>(EVERY_KIND);
        missing.removeAll(HistoryChecker.counts(history.events()).keySet());
        assertEquals(Set.of(), missing, "Kinds of calls that did not occur");
    }

    private List<HistoryChecker.Violation> violations() {
        List<Event> whole = history.events();
        return Stream.concat(
                        HistoryChecker.violations(whole).stream(),
                        services.stream()
                                .filter(node -> !node.maxStaleness().isZero())
                                .flatMap(node ->
                                        HistoryChecker.violationsOfNode(
                                                node.history().events(), whole)
                                                .stream()))
                .toList();
    }

    public Set<Rule> brokenRules() {
        Set<Rule> broken =
                violations().stream().map(HistoryChecker.Violation::rule).collect(Collectors.toSet());
        if (!isNotifiedRightly()) {
            broken.add(Rule.NOTIFIED_WRONGLY);
        }
        return broken;
    }

    /**
     * Listeners must be notified once of each acknowledged login and step-up, of no other, and at most once of each
     * end.
     */
    private boolean isNotifiedRightly() {
        List<String> ended = notifications.ended();
        return idsOf(Login.class, Login::session).equals(sorted(notifications.created()))
                && idsOf(StepUp.class, StepUp::session).equals(sorted(notifications.reauthenticated()))
                && ended.stream().distinct().count() == ended.size();
    }

    private <E extends Event> List<String> idsOf(Class<E> type, Function<E, Session> session) {
        return sorted(history.events().stream()
                .filter(type::isInstance)
                .map(event -> session.apply(type.cast(event)).id())
                .toList());
    }

    private static List<String> sorted(List<String> ids) {
        return ids.stream().sorted().toList();
    }

    private RecordedService recorded(
            SessionStore store,
            Duration activityInterval,
            Duration maxStaleness,
            Consumer<SessionAwareTokenServiceBuilder> bounded) {
        SessionAwareTokenServiceBuilder settings =
                builder(store, activityInterval).sessionLimit(SessionLimit.unlimited());
        if (!maxStaleness.isZero()) {
            bounded.accept(settings);
        }
        return new RecordedService(
                settings.build(),
                builder(store, activityInterval)
                        .sessionLimit((userId, category) -> LIMITS.get(userId))
                        .build(),
                history.ofNode(),
                maxStaleness);
    }

    private SessionAwareTokenServiceBuilder builder(SessionStore store, Duration activityInterval) {
        return aServiceOn(store)
                .clock(clock)
                .activityInterval(activityInterval)
                .idleTimeout(IDLE_TIMEOUT)
                .absoluteTimeout(ABSOLUTE_TIMEOUT)
                .accessTokenLifetime(ABSOLUTE_TIMEOUT)
                .refreshTokens(TestService.refreshSecret())
                .listener(notifications);
    }
}
