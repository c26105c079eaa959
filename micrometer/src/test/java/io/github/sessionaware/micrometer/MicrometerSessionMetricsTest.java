package io.github.sessionaware.micrometer;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.LoginRefusedException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionMetrics.StoreOperation;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The meters are these and no others, and count what happens at a service. */
class MicrometerSessionMetricsTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerSessionMetrics metrics = new MicrometerSessionMetrics(registry);

    @Test
    void everyMeterIsRegisteredAtTheBeginning() {
        assertEquals("""
                COUNTER session.aware.logins[outcome=accepted, reason=none] in logins
                COUNTER session.aware.logins[outcome=refused, reason=not_allowed] in logins
                COUNTER session.aware.logins[outcome=refused, reason=session_limit] in logins
                COUNTER session.aware.purged.sessions[] in sessions
                COUNTER session.aware.recent.read.misses[cause=clocks_disagree] in validations
                COUNTER session.aware.recent.read.misses[cause=expired] in validations
                COUNTER session.aware.recent.read.misses[cause=not_remembered] in validations
                COUNTER session.aware.recent.read.misses[cause=other_generation] in validations
                COUNTER session.aware.recent.read.misses[cause=too_old] in validations
                COUNTER session.aware.refreshes[outcome=accepted, reason=none] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=bad_signature] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=device_proof_required] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=malformed] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=missing] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=missing_claim] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=not_device_bound] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=refresh_token_reused] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=retry_from_elsewhere] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=session_ended] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=session_expired] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=unknown_refresh_token] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=wrong_challenge] in refreshes
                COUNTER session.aware.refreshes[outcome=refused, reason=wrong_type] in refreshes
                COUNTER session.aware.validations[outcome=accepted, reason=none] in validations
                COUNTER session.aware.validations[outcome=failed, reason=none] in validations
                COUNTER session.aware.validations[outcome=refused, reason=bad_signature] in validations
                COUNTER session.aware.validations[outcome=refused, reason=expired] in validations
                COUNTER session.aware.validations[outcome=refused, reason=malformed] in validations
                COUNTER session.aware.validations[outcome=refused, reason=missing] in validations
                COUNTER session.aware.validations[outcome=refused, reason=missing_claim] in validations
                COUNTER session.aware.validations[outcome=refused, reason=not_yet_valid] in validations
                COUNTER session.aware.validations[outcome=refused, reason=other_generation] in validations
                COUNTER session.aware.validations[outcome=refused, reason=session_ended] in validations
                COUNTER session.aware.validations[outcome=refused, reason=session_expired] in validations
                COUNTER session.aware.validations[outcome=refused, reason=stateless] in validations
                COUNTER session.aware.validations[outcome=refused, reason=unknown_key] in validations
                COUNTER session.aware.validations[outcome=refused, reason=wrong_audience] in validations
                COUNTER session.aware.validations[outcome=refused, reason=wrong_issuer] in validations
                COUNTER session.aware.validations[outcome=refused, reason=wrong_type] in validations
                COUNTER session.aware.verified.tokens[cache=hit] in tokens
                COUNTER session.aware.verified.tokens[cache=miss] in tokens
                DISTRIBUTION_SUMMARY session.aware.store.shared.reads[] in reads
                TIMER session.aware.recent.reads[] in seconds
                TIMER session.aware.store.calls[operation=create, outcome=failure] in seconds
                TIMER session.aware.store.calls[operation=create, outcome=success] in seconds
                TIMER session.aware.store.calls[operation=delete, outcome=failure] in seconds
                TIMER session.aware.store.calls[operation=delete, outcome=success] in seconds
                TIMER session.aware.store.calls[operation=delete_all, outcome=failure] in seconds
                TIMER session.aware.store.calls[operation=delete_all, outcome=success] in seconds
                TIMER session.aware.store.calls[operation=find, outcome=failure] in seconds
                TIMER session.aware.store.calls[operation=find, outcome=success] in seconds
                TIMER session.aware.store.calls[operation=list, outcome=failure] in seconds
                TIMER session.aware.store.calls[operation=list, outcome=success] in seconds
                TIMER session.aware.store.calls[operation=purge, outcome=failure] in seconds
                TIMER session.aware.store.calls[operation=purge, outcome=success] in seconds
                TIMER session.aware.store.calls[operation=replace, outcome=failure] in seconds
                TIMER session.aware.store.calls[operation=replace, outcome=success] in seconds
                TIMER session.aware.store.calls[operation=touch, outcome=failure] in seconds
                TIMER session.aware.store.calls[operation=touch, outcome=success] in seconds
                """, meters());
        assertEquals(Set.of(), counted());
    }

    @Test
    void everyMeterHasADescription() {
        assertEquals(
                List.of(),
                registry.getMeters().stream()
                        .filter(meter -> meter.getId().getDescription() == null)
                        .toList());
    }

    @Test
    void everyCallOfAServiceIsCounted() {
        String before = meters();
        FakeClock clock = new FakeClock(START);
        FragileStore store = new FragileStore();
        SessionAwareTokenService service = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .verifiedTokenCacheSize(10)
                .metrics(metrics)
                .build();

        IssuedTokens login = service.issue("alice", CLIENT);
        AuthenticatedSession current = service.validate(login.accessToken());
        service.validate(login.accessToken());
        service.validateWithoutActivity(login.accessToken());
        assertRefused(Reason.MISSING, () -> service.validate(null));
        assertRefused(Reason.MALFORMED, () -> service.validate("x"));
        service.listSessions(current);
        LoginOptions refused = LoginOptions.defaults().withStillAllowed(() -> false);
        assertThrows(LoginRefusedException.class, () -> service.issue("alice", CLIENT, refused));
        LoginOptions limited = LoginOptions.defaults().withSessionLimit(new SessionLimit(1, AtLimit.REFUSE_LOGIN));
        assertThrows(LoginRefusedException.class, () -> service.issue("alice", CLIENT, limited));

        clock.advance(Duration.ofMinutes(1));
        service.validate(login.accessToken());
        IssuedTokens second = service.refresh(login.refreshToken(), CLIENT);
        service.refresh(second.refreshToken(), CLIENT);
        assertRefused(Reason.REFRESH_TOKEN_REUSED, () -> service.refresh(login.refreshToken(), CLIENT));
        assertRefused(Reason.SESSION_ENDED, () -> service.refresh(second.refreshToken(), CLIENT));
        assertRefused(Reason.SESSION_ENDED, () -> service.validate(login.accessToken()));

        store.isDown = true;
        assertThrows(SessionStoreException.class, () -> service.validate(login.accessToken()));
        assertThrows(SessionStoreException.class, () -> service.issue("alice", CLIENT));
        assertThrows(SessionStoreException.class, () -> service.refresh(second.refreshToken(), CLIENT));
        store.isDown = false;

        service.issue("bob", CLIENT);
        service.issue("bob", CLIENT);
        clock.advance(Duration.ofDays(32));
        assertEquals(2, service.purgeExpiredSessions());
        service.revokeAllSessions("bob");

        assertEquals(
                new TreeSet<>(List.of(
                        "session.aware.validations[outcome=accepted, reason=none]: 4",
                        "session.aware.validations[outcome=refused, reason=missing]: 1",
                        "session.aware.validations[outcome=refused, reason=malformed]: 1",
                        "session.aware.validations[outcome=refused, reason=session_ended]: 1",
                        "session.aware.validations[outcome=failed, reason=none]: 1",
                        "session.aware.verified.tokens[cache=miss]: 1",
                        "session.aware.verified.tokens[cache=hit]: 5",
                        "session.aware.logins[outcome=accepted, reason=none]: 3",
                        "session.aware.logins[outcome=refused, reason=not_allowed]: 1",
                        "session.aware.logins[outcome=refused, reason=session_limit]: 1",
                        "session.aware.refreshes[outcome=accepted, reason=none]: 2",
                        "session.aware.refreshes[outcome=refused, reason=refresh_token_reused]: 1",
                        "session.aware.refreshes[outcome=refused, reason=session_ended]: 1",
                        "session.aware.purged.sessions[]: 2",
                        "session.aware.store.calls[operation=create, outcome=success]: 5",
                        "session.aware.store.calls[operation=create, outcome=failure]: 1",
                        "session.aware.store.calls[operation=find, outcome=success]: 9",
                        "session.aware.store.calls[operation=find, outcome=failure]: 2",
                        "session.aware.store.calls[operation=list, outcome=success]: 1",
                        "session.aware.store.calls[operation=touch, outcome=success]: 1",
                        "session.aware.store.calls[operation=replace, outcome=success]: 2",
                        "session.aware.store.calls[operation=delete, outcome=success]: 2",
                        "session.aware.store.calls[operation=delete_all, outcome=success]: 1",
                        "session.aware.store.calls[operation=purge, outcome=success]: 1")),
                counted());
        assertEquals(before, meters(), "no meter was registered later");
    }

    @Test
    void recentReadsAreCountedWithTheirAgeAndMissesWithTheirCause() {
        SessionAwareTokenService service = aServiceOn(new FragileStore())
                .maxStaleness(Duration.ofMinutes(1))
                .metrics(metrics)
                .build();
        String token = service.issue("alice", CLIENT).accessToken();
        service.validate(token);
        double missesBefore = misses();
        service.validate(token);
        metrics.recentReadHit(Duration.ofSeconds(70).toNanos());

        assertEquals(1, missesBefore);
        assertEquals(70, registry.get("session.aware.recent.reads").timer().max(TimeUnit.SECONDS), 0.1);
        assertEquals(
                1,
                registry.get("session.aware.recent.read.misses")
                        .tag("cause", "not_remembered")
                        .counter()
                        .count());
    }

    private double misses() {
        return registry.get("session.aware.recent.read.misses").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void aSharedQueryIsOneEventOfAllItsReads() {
        metrics.readsShared(2);
        metrics.readsShared(64);

        DistributionSummary shared =
                registry.get("session.aware.store.shared.reads").summary();
        assertEquals(List.of(2L, 66.0, 64.0), List.of(shared.count(), shared.totalAmount(), shared.max()));
    }

    @Test
    void aCallOfTheStoreTakesItsNanoseconds() {
        metrics.storeAnswered(StoreOperation.FIND, 1_500);
        metrics.storeFailed(StoreOperation.FIND, 2_000_000_000);

        Timer answered = registry.get("session.aware.store.calls")
                .tags("operation", "find", "outcome", "success")
                .timer();
        Timer failed = registry.get("session.aware.store.calls")
                .tags("operation", "find", "outcome", "failure")
                .timer();
        assertEquals(1_500, answered.totalTime(TimeUnit.NANOSECONDS));
        assertEquals(2, failed.totalTime(TimeUnit.SECONDS));
    }

    /** Code that the service calls during a refresh may throw the refusal of an access token. */
    @Test
    void aReasonThatWasNotExpectedIsCountedToo() {
        metrics.refreshRefused(Reason.EXPIRED);
        metrics.refreshRefused(Reason.EXPIRED);

        assertEquals(Set.of("session.aware.refreshes[outcome=refused, reason=expired]: 2"), counted());
    }

    @Test
    void twoInstancesShareTheirMeters() {
        String before = meters();
        MicrometerSessionMetrics other = new MicrometerSessionMetrics(registry);

        metrics.loginAccepted();
        other.loginAccepted();

        assertEquals(Set.of("session.aware.logins[outcome=accepted, reason=none]: 2"), counted());
        assertEquals(before, meters());
    }

    @Test
    void nullIsRefused() {
        assertEquals(
                "registry",
                assertThrows(NullPointerException.class, () -> new MicrometerSessionMetrics(null))
                        .getMessage());
    }

    private static void assertRefused(Reason reason, Runnable call) {
        assertEquals(
                reason, assertThrows(InvalidTokenException.class, call::run).reason());
    }

    private String meters() {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getType() + " " + named(meter) + " in "
                        + meter.getId().getBaseUnit())
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Returns the meters that have counted something, with their counts. */
    private Set<String> counted() {
        Set<String> counts = new TreeSet<>();
        for (Meter meter : registry.getMeters()) {
            double count = meter.measure().iterator().next().getValue();
            if (count != 0) {
                counts.add(named(meter) + ": " + (long) count);
            }
        }
        return counts;
    }

    private static String named(Meter meter) {
        return meter.getId().getName()
                + meter.getId().getTags().stream()
                        .map(tag -> tag.getKey() + "=" + tag.getValue())
                        .toList();
    }

    private static final class FragileStore extends StoreWrapper {
        private boolean isDown;

        FragileStore() {
            super(new InMemorySessionStore());
        }

        @Override
        protected void beforeRead() {
            beforeWrite();
        }

        @Override
        protected void beforeWrite() {
            if (isDown) {
                throw new SessionStoreException("down");
            }
        }
    }
}
