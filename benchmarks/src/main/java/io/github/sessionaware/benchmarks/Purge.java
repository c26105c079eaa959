package io.github.sessionaware.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionAwareTokenService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jmh.util.SampleBuffer;
import org.openjdk.jmh.util.Statistics;

/** A purge of expired sessions while callers validate. Latencies are in microseconds. */
record Purge(int purged, double purgeSeconds, Latency alone, Latency meanwhile) {
    private static final int CALLERS = 8;

    /** One more than {@link Plan#MANY}, so that the purge gets a new table that no other benchmark has changed. */
    private static final int LIVE = Plan.MANY + 1;

    record Latency(double perSecond, double p50, double p99, double p999) {}

    static Purge measure(boolean quick) throws Exception {
        Postgres.fill(LIVE, Plan.EXPIRED);
        try (HikariDataSource pool = Postgres.pool(LIVE);
                HikariDataSource another = Postgres.pool(LIVE)) {
            SessionAwareTokenService service = Services.withDefaults(Services.storeOn(pool), SignedWith.HS256)
                    .build();
            SessionAwareTokenService scheduled = Services.withDefaults(Services.storeOn(another), SignedWith.HS256)
                    .build();
            List<Login> logins = Login.spreadOver(LIVE, Login.USED_SESSIONS);
            long now = System.currentTimeMillis();
            Postgres.recordActivity(pool, logins, i -> now);
            String[] tokens = Login.clients(logins, Login.USED_SESSIONS, SignedWith.HS256).stream()
                    .map(Login.Client::credentials)
                    .toArray(String[]::new);
            Duration before = Duration.ofSeconds(quick ? 4 : 10);
            during(sleeping(before), service, tokens);
            Latency alone = during(sleeping(before), service, tokens);
            long start = System.nanoTime();
            int[] purged = new int[1];
            Latency meanwhile = during(() -> purged[0] = scheduled.purgeExpiredSessions(), service, tokens);
            return new Purge(purged[0], (System.nanoTime() - start) / 1e9, alone, meanwhile);
        }
    }

    private static Callable<?> sleeping(Duration time) {
        return () -> {
            Thread.sleep(time.toMillis());
            return time;
        };
    }

    private static Latency during(Callable<?> work, SessionAwareTokenService service, String[] tokens)
            throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<SampleBuffer>> measured = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int first = caller * tokens.length / CALLERS;
                measured.add(callers.submit(() -> validateUntil(over, service, tokens, first)));
            }
            long start = System.nanoTime();
            work.call();
            over.set(true);
            double seconds = (System.nanoTime() - start) / 1e9;
            SampleBuffer all = new SampleBuffer();
            for (Future<SampleBuffer> one : measured) {
                all.addAll(one.get());
            }
            Statistics nanos = all.getStatistics(1);
            return new Latency(
                    nanos.getN() / seconds,
                    nanos.getPercentile(50) / 1e3,
                    nanos.getPercentile(99) / 1e3,
                    nanos.getPercentile(99.9) / 1e3);
        } finally {
            over.set(true);
            callers.shutdown();
        }
    }

    private static SampleBuffer validateUntil(
            AtomicBoolean over, SessionAwareTokenService service, String[] tokens, int first) {
        SampleBuffer nanos = new SampleBuffer();
        for (int i = first; !over.get(); i++) {
            long start = System.nanoTime();
            service.validate(tokens[i % tokens.length]);
            nanos.add(System.nanoTime() - start);
        }
        return nanos;
    }
}
