package io.github.sessionaware.benchmarks;

import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures a login on the in-memory store, where signing is most of the cost. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class IssueBenchmark {
    static final String USER = "user-1";

    @Param
    public SignedWith signedWith;

    private SessionAwareTokenService service;

    /** Each login ends the previous one, so that the store does not grow. */
    @Setup
    public void setUp() {
        service = Services.withDefaults(new InMemorySessionStore(), signedWith)
                .sessionLimit(new SessionLimit(1, AtLimit.END_OLDEST))
                .build();
    }

    @Benchmark
    public IssuedTokens issue() {
        return service.issue(USER, Login.CLIENT);
    }
}
