package io.github.sessionaware.benchmarks;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionMetrics;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.micrometer.MicrometerSessionMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures what meters add to {@code validate} of a remembered token, on the in-memory store. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class MetricsBenchmark {
    private SessionAwareTokenService plain;
    private SessionAwareTokenService metered;
    private String token;

    @Setup
    public void setUp() {
        InMemorySessionStore store = new InMemorySessionStore();
        SessionMetrics metrics = new MicrometerSessionMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        plain = Services.withDefaults(store, SignedWith.HS256).build();
        metered =
                Services.withDefaults(store, SignedWith.HS256).metrics(metrics).build();
        token = plain.issue("user-1", Login.CLIENT).accessToken();
    }

    @Benchmark
    public AuthenticatedSession withoutMetrics() {
        return plain.validate(token);
    }

    @Benchmark
    public AuthenticatedSession withMicrometer() {
        return metered.validate(token);
    }
}
