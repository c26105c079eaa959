package io.github.sessionaware.benchmarks;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;

/**
 * Measures the CPU time that one call costs PostgreSQL and this process, for the inputs of {@link Scale}. CPU time
 * depends less than elapsed time on what else the machine does. The time of PostgreSQL is that of all its processes.
 */
public final class Costs {
    private static final int WARM_UP = 5_000;
    private static final int CALLS = 20_000;
    private static final int ROUNDS = 3;

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

    private static Duration database() {
        return Postgres.process()
                .children()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }
}
