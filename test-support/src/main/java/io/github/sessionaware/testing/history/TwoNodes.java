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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Puts two nodes of an application on the same data under a random load, and checks their answers. */
public final class TwoNodes {
    private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);
    private static final Duration ABSOLUTE_TIMEOUT = Duration.ofHours(3);

    static final Duration LONGEST_ACTIVITY_INTERVAL = Duration.ofMinutes(20);

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

    /** The stores of the nodes share their sessions. Both nodes may use the same store. */
    public TwoNodes(SessionStore one, SessionStore other, Duration activityInterval) {
        services = List.of(recorded(one, activityInterval), recorded(other, activityInterval));
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
        new Workload(services, clock, withLimits).run(goesOn);
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
        HistoryChecker.assertExplained(history.events());
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

    public Set<Rule> brokenRules() {
        Set<Rule> broken = HistoryChecker.violations(history.events()).stream()
                .map(HistoryChecker.Violation::rule)
                .collect(Collectors.toSet());
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

    private RecordedService recorded(SessionStore store, Duration activityInterval) {
        return new RecordedService(
                builder(store, activityInterval)
                        .sessionLimit(SessionLimit.unlimited())
                        .build(),
                builder(store, activityInterval)
                        .sessionLimit((userId, category) -> LIMITS.get(userId))
                        .build(),
                history);
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
