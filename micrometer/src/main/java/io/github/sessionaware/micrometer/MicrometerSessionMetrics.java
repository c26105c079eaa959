package io.github.sessionaware.micrometer;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.SessionMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Publishes the figures of a service as Micrometer meters, whose names begin with {@code session.aware}.
 *
 * <pre>{@code
 * SessionMetrics metrics = new MicrometerSessionMetrics(registry);
 * JdbcSessionStore store = new JdbcSessionStore(dataSource).withMetrics(metrics);
 * SessionAwareTokenService tokens = SessionAwareTokenService.builder()
 *         .issuer("https://shop.example")
 *         .signingKey(SigningKey.hmac256(secret))
 *         .sessionStore(store)
 *         .metrics(metrics)
 *         .build();
 * }</pre>
 *
 * <p>The constructor registers all meters, so each of them begins at zero, and no call looks a meter up. Configure the
 * registry before that: its filters change only meters that are registered later. The values of tags are closed sets,
 * and never users or sessions. Several instances on one registry share their meters.
 *
 * <p>The timer {@code session.aware.store.calls} measures each call of the store. No timer measures a whole
 * {@code validate}: it consists of one find and, unless the service remembers the token, one signature check.
 *
 * <p>Immutable and thread-safe.
 */
public final class MicrometerSessionMetrics implements SessionMetrics {

    /** An access token is never refused for them, so these counters would stay at zero and mislead. */
    private static final Set<Reason> NEVER_OF_VALIDATIONS = EnumSet.of(
            Reason.UNKNOWN_REFRESH_TOKEN,
            Reason.REFRESH_TOKEN_REUSED,
            Reason.RETRY_FROM_ELSEWHERE,
            Reason.DEVICE_PROOF_REQUIRED,
            Reason.NOT_DEVICE_BOUND,
            Reason.ALREADY_BOUND,
            Reason.WRONG_CHALLENGE);

    /** Neither a refresh token nor the proof of a device is refused for them. */
    private static final Set<Reason> NEVER_OF_REFRESHES = EnumSet.of(
            Reason.ALREADY_BOUND,
            Reason.UNKNOWN_KEY,
            Reason.WRONG_ISSUER,
            Reason.WRONG_AUDIENCE,
            Reason.NOT_YET_VALID,
            Reason.EXPIRED,
            Reason.STATELESS,
            Reason.OTHER_GENERATION);

    private final Outcomes<Reason> validations;
    private final Counter failedValidations;
    private final Counter tokenCacheHits;
    private final Counter tokenCacheMisses;
    private final Timer recentReads;
    private final Map<RecentReadMiss, Counter> recentReadMisses;
    private final Outcomes<LoginRefusal> logins;
    private final Outcomes<Reason> refreshes;
    private final Map<StoreOperation, Timer> answeredCalls;
    private final Map<StoreOperation, Timer> failedCalls;
    private final DistributionSummary sharedReads;
    private final Counter purgedSessions;

    /**
     * Registers the meters.
     *
     * @param registry publishes the meters
     */
    public MicrometerSessionMetrics(MeterRegistry registry) {
        requireNonNull(registry, "registry");
        validations = new Outcomes<>(
                registry,
                "session.aware.validations",
                "validations",
                "Requests that were validated",
                allExcept(NEVER_OF_VALIDATIONS),
                Reason.class);
        failedValidations = validations.register("failed");
        tokenCacheHits = verifiedTokens(registry, "hit");
        tokenCacheMisses = verifiedTokens(registry, "miss");
        recentReads = Timer.builder("session.aware.recent.reads")
                .description("Age of the recent reads that answered a validate")
                .register(registry);
        recentReadMisses = new EnumMap<>(RecentReadMiss.class);
        for (RecentReadMiss cause : RecentReadMiss.values()) {
            recentReadMisses.put(
                    cause,
                    Counter.builder("session.aware.recent.read.misses")
                            .baseUnit("validations")
                            .description("Requests that no recent read answered")
                            .tag("cause", Outcomes.tag(cause))
                            .register(registry));
        }
        logins = new Outcomes<>(
                registry,
                "session.aware.logins",
                "logins",
                "Logins that created a session or were refused",
                EnumSet.allOf(LoginRefusal.class),
                LoginRefusal.class);
        refreshes = new Outcomes<>(
                registry,
                "session.aware.refreshes",
                "refreshes",
                "Refresh tokens and proofs of devices that were exchanged or refused",
                allExcept(NEVER_OF_REFRESHES),
                Reason.class);
        answeredCalls = storeCalls(registry, "success");
        failedCalls = storeCalls(registry, "failure");
        sharedReads = DistributionSummary.builder("session.aware.store.shared.reads")
                .baseUnit("reads")
                .description("Finds that shared a query with others, per query")
                .register(registry);
        purgedSessions = Counter.builder("session.aware.purged.sessions")
                .baseUnit("sessions")
                .description("Expired sessions that were removed from the store")
                .register(registry);
    }

    private static Set<Reason> allExcept(Set<Reason> others) {
        Set<Reason> reasons = EnumSet.allOf(Reason.class);
        reasons.removeAll(others);
        return reasons;
    }

    private static Counter verifiedTokens(MeterRegistry registry, String cache) {
        return Counter.builder("session.aware.verified.tokens")
                .baseUnit("tokens")
                .description("Tokens that passed verification, from the cache or by their signature")
                .tag("cache", cache)
                .register(registry);
    }

    private static Map<StoreOperation, Timer> storeCalls(MeterRegistry registry, String outcome) {
        Map<StoreOperation, Timer> timers = new EnumMap<>(StoreOperation.class);
        for (StoreOperation operation : StoreOperation.values()) {
            timers.put(
                    operation,
                    Timer.builder("session.aware.store.calls")
                            .description("Calls of the session store")
                            .tag("operation", Outcomes.tag(operation))
                            .tag("outcome", outcome)
                            .register(registry));
        }
        return timers;
    }

    @Override
    public void validateAccepted() {
        validations.accepted();
    }

    @Override
    public void validateRefused(Reason reason) {
        validations.refused(reason);
    }

    @Override
    public void validateFailed() {
        failedValidations.increment();
    }

    @Override
    public void tokenCacheHit() {
        tokenCacheHits.increment();
    }

    @Override
    public void tokenCacheMiss() {
        tokenCacheMisses.increment();
    }

    @Override
    public void recentReadHit(long ageNanoseconds) {
        recentReads.record(ageNanoseconds, TimeUnit.NANOSECONDS);
    }

    @Override
    public void recentReadMiss(RecentReadMiss cause) {
        requireNonNull(recentReadMisses.get(cause)).increment();
    }

    @Override
    public void loginAccepted() {
        logins.accepted();
    }

    @Override
    public void loginRefused(LoginRefusal refusal) {
        logins.refused(refusal);
    }

    @Override
    public void refreshAccepted() {
        refreshes.accepted();
    }

    @Override
    public void refreshRefused(Reason reason) {
        refreshes.refused(reason);
    }

    @Override
    public void storeAnswered(StoreOperation operation, long nanoseconds) {
        requireNonNull(answeredCalls.get(operation)).record(nanoseconds, TimeUnit.NANOSECONDS);
    }

    @Override
    public void storeFailed(StoreOperation operation, long nanoseconds) {
        requireNonNull(failedCalls.get(operation)).record(nanoseconds, TimeUnit.NANOSECONDS);
    }

    @Override
    public void readsShared(int finds) {
        sharedReads.record(finds);
    }

    @Override
    public void sessionsPurged(int sessions) {
        purgedSessions.increment(sessions);
    }
}
