package io.github.sessionaware.benchmarks;

import io.github.sessionaware.Admission;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.redis.JedisAccess;
import io.github.sessionaware.redis.RedisSessionStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;

/**
 * Measures the CPU time that one call costs PostgreSQL, Redis and this process, for the inputs of {@link Scale}. CPU
 * time depends less than elapsed time on what else the machine does. The time of PostgreSQL is that of all its
 * processes. Redis gets calls from many callers, because it takes much longer for a call that comes alone.
 */
public final class Costs {
    private static final int WARM_UP = 5_000;
    private static final int CALLS = 20_000;
    private static final int ROUNDS = 3;
    private static final int CALLERS = 16;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Costs() {}

    public static void main(String... args) throws Exception {
        try (Postgres postgres = Postgres.start()) {
            System.out.println(postgres.version());
            Postgres.fill(Plan.MANY, 0);
            try (OursOnPostgres strict = new OursOnPostgres(SignedWith.HS256, Plan.MANY, Services::withDefaults);
                    OursOnPostgres bounded =
                            new OursOnPostgres(SignedWith.HS256, Plan.MANY, Services::withBoundedStaleness);
                    OursOnPostgres touching = new OursOnPostgres(
                            SignedWith.HS256,
                            Plan.MANY,
                            (store, signedWith) ->
                                    Services.withDefaults(store, signedWith).activityInterval(Duration.ofMillis(1)))) {
                List<Login.Client> clients = strict.logIn(Login.USED_SESSIONS);
                measure("validate that reads", i -> validate(strict, clients, i));
                measure("validate from memory", i -> validate(bounded, clients, i));
                measure("validate that reads and touches", i -> validate(touching, clients, i));
                logInAndOut(strict.service());
            }
        }
        try (Redis redis = Redis.start();
                RedisClient client = Redis.pool(CALLERS);
                Jedis jedis = Redis.connect()) {
            jedis.configSet("appendonly", "yes");
            measure(redis, new RedisSessionStore(JedisAccess.of(client)));
        }
    }

    private static void measure(Redis redis, RedisSessionStore store) throws Exception {
        int calls = WARM_UP + ROUNDS * CALLS;
        List<SessionRecord> sessions =
                Login.spreadOver(calls, calls).stream().map(Login::session).toList();
        // As under a session limit that is not reached.
        Admission admitted = Admission.decidedBy(present -> Optional.of(List.of()));
        measure(redis, "login", i -> store.create(sessions.get(i), admitted));
        measure(
                redis,
                "find",
                i -> store.find(sessions.get(i).userId(), sessions.get(i).id()));
        measure(redis, "touch", i -> {
            SessionRecord seen = sessions.get(i);
            store.touch(seen, seen.lastActiveAt().plusSeconds(60), seen.expiresAt());
        });
        measure(
                redis,
                "revocation",
                i -> store.delete(
                        sessions.get(i).userId(), Set.of(sessions.get(i).id())));
    }

    private static void validate(OursOnPostgres ours, List<Login.Client> clients, int call) {
        ours.service().validate(clients.get(call % clients.size()).credentials());
    }

    private static void logInAndOut(SessionAwareTokenService service) {
        List<IssuedTokens> issued = new ArrayList<>();
        measure("issue", i -> issued.add(service.issue("new user " + i % 1_000_000, ClientInfo.unknown())));
        measure(
                "revoke",
                i -> service.revokeSession(
                        issued.get(i).userId(), issued.get(i).session().id()));
    }

    /** Calls with the numbers 0, 1, 2 and so on, over warm-up and rounds. */
    private static void measure(String what, IntConsumer call) {
        int next = 0;
        for (int i = 0; i < WARM_UP; i++) {
            call.accept(next++);
        }
        for (int round = 0; round < ROUNDS; round++) {
            Duration database = database();
            long process = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < CALLS; i++) {
                call.accept(next++);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.1f µs of PostgreSQL, %.2f µs of this thread%n",
                    what,
                    database().minus(database).toNanos() / 1e3 / CALLS,
                    (THREADS.getCurrentThreadCpuTime() - process) / 1e3 / CALLS);
        }
    }

    private static void measure(Redis redis, String what, IntConsumer call) throws Exception {
        callAll(0, WARM_UP, call);
        for (int round = 0; round < ROUNDS; round++) {
            Duration before = redis.cpu();
            int from = WARM_UP + round * CALLS;
            callAll(from, from + CALLS, call);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.1f µs of Redis%n",
                    what,
                    redis.cpu().minus(before).toNanos() / 1e3 / CALLS);
        }
    }

    private static void callAll(int from, int to, IntConsumer call) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Callable<Void>> calls = IntStream.range(from, to)
                    .mapToObj(i -> (Callable<Void>) () -> {
                        call.accept(i);
                        return null;
                    })
                    .toList();
            for (Future<Void> each : callers.invokeAll(calls)) {
                each.get();
            }
        } finally {
            callers.shutdown();
        }
    }

    private static Duration database() {
        return Postgres.process()
                .children()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }
}
