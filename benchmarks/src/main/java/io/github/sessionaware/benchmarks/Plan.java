package io.github.sessionaware.benchmarks;

import static io.github.sessionaware.benchmarks.Contender.HAND_WRITTEN;
import static io.github.sessionaware.benchmarks.Contender.HGET_ONLY;
import static io.github.sessionaware.benchmarks.Contender.JAVA_JWT;
import static io.github.sessionaware.benchmarks.Contender.JAVA_JWT_AND_MAP;
import static io.github.sessionaware.benchmarks.Contender.JAVA_JWT_AND_SELECT;
import static io.github.sessionaware.benchmarks.Contender.JAVA_JWT_NO_ACTIVITY_DUE;
import static io.github.sessionaware.benchmarks.Contender.JAVA_JWT_WITH_ACTIVITY;
import static io.github.sessionaware.benchmarks.Contender.OURS;
import static io.github.sessionaware.benchmarks.Contender.OURS_NO_ACTIVITY_DUE;
import static io.github.sessionaware.benchmarks.Contender.OURS_ON_POSTGRES;
import static io.github.sessionaware.benchmarks.Contender.OURS_ON_POSTGRES_BOUNDED;
import static io.github.sessionaware.benchmarks.Contender.OURS_ON_POSTGRES_SHARED_SELECTS;
import static io.github.sessionaware.benchmarks.Contender.OURS_ON_POSTGRES_WITHOUT_CACHE;
import static io.github.sessionaware.benchmarks.Contender.OURS_ON_REDIS;
import static io.github.sessionaware.benchmarks.Contender.OURS_WITHOUT_CACHE;
import static io.github.sessionaware.benchmarks.Contender.OURS_WITH_ACTIVITY;
import static io.github.sessionaware.benchmarks.Contender.SA_TOKEN_MIXIN;
import static io.github.sessionaware.benchmarks.Contender.SA_TOKEN_SIMPLE;
import static io.github.sessionaware.benchmarks.Contender.SA_TOKEN_SIMPLE_WITH_SIGNATURE;
import static io.github.sessionaware.benchmarks.Contender.SELECT_ONLY;
import static io.github.sessionaware.benchmarks.Contender.SPRING_SESSION;
import static io.github.sessionaware.benchmarks.Contender.SPRING_SESSION_REDIS;
import static io.github.sessionaware.benchmarks.SignedWith.ES256;
import static io.github.sessionaware.benchmarks.SignedWith.HS256;
import static io.github.sessionaware.benchmarks.SignedWith.RS256;
import static io.github.sessionaware.benchmarks.ValidateBenchmark.NEW_TOKENS;
import static io.github.sessionaware.benchmarks.ValidateBenchmark.REPEATED_TOKENS;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The groups of benchmarks and how long each one runs. */
record Plan(boolean quick) {
    static final int FEW = 1_000;
    static final int MANY = 1_000_000;
    static final int EXPIRED = 100_000;
    private static final int ACTIVE = 4_000;
    static final List<Integer> CALLERS = List.of(1, 2, 8, 64, 256);
    private static final List<Integer> MEMORY_CALLERS = List.of(2, 8, 64);
    static final List<Integer> STALENESS_CALLERS = List.of(1, 2);

    /**
     * Benchmarks that are compared with each other. Each round runs all of them in order, so that slow minutes of the
     * machine affect all of them. The results go into a file with the name of the group.
     */
    record Group(String name, int rounds, List<Options> runs) {}

    List<Group> groups() {
        return List.of(
                group("memory", 3, memory()),
                group("memory-callers", 3, memoryCallers()),
                group("algorithms", 3, algorithms()),
                group("postgres", 3, postgres()),
                group("callers", 5, callers()),
                group("staleness", 3, staleness()),
                group("activity", 5, activity()),
                group("devices", 3, devices()),
                group("redis", 3, redis()),
                group("renewal", 3, List.of(brief(of(RenewalBenchmark.class)))));
    }

    /** The number of rounds is odd, so that one round is the median. */
    private Group group(String name, int rounds, List<Options> runs) {
        return new Group(name, quick ? 1 : rounds, runs);
    }

    private List<Options> memory() {
        List<Options> runs = new ArrayList<>();
        for (Contender contender : List.of(
                HAND_WRITTEN, JAVA_JWT_AND_MAP, SA_TOKEN_MIXIN, SA_TOKEN_SIMPLE, SA_TOKEN_SIMPLE_WITH_SIGNATURE)) {
            runs.add(validate(contender, HS256, REPEATED_TOKENS, FEW));
        }
        for (SignedWith signedWith : List.of(HS256, RS256, ES256)) {
            runs.add(validate(JAVA_JWT, signedWith, REPEATED_TOKENS, FEW));
            runs.add(validate(OURS, signedWith, REPEATED_TOKENS, FEW));
        }
        runs.add(validate(JAVA_JWT, HS256, NEW_TOKENS, FEW));
        runs.add(validate(OURS, HS256, NEW_TOKENS, FEW));
        return runs;
    }

    private List<Options> memoryCallers() {
        List<Options> runs = new ArrayList<>();
        for (int callers : MEMORY_CALLERS) {
            for (Contender contender : List.of(JAVA_JWT_AND_MAP, OURS)) {
                runs.add(steady(
                        ofValidate(contender, HS256, REPEATED_TOKENS, FEW).threads(callers)));
            }
        }
        return runs;
    }

    private List<Options> algorithms() {
        List<Options> runs = new ArrayList<>();
        for (SignedWith signedWith : SignedWith.values()) {
            runs.add(brief(ofValidate(OURS_WITHOUT_CACHE, signedWith, REPEATED_TOKENS, FEW)));
        }
        runs.add(brief(of(IssueBenchmark.class)));
        return runs;
    }

    private List<Options> postgres() {
        List<Options> runs = new ArrayList<>();
        for (int sessions : List.of(FEW, MANY)) {
            runs.add(validate(SELECT_ONLY, HS256, REPEATED_TOKENS, sessions));
            runs.add(validate(JAVA_JWT_AND_SELECT, HS256, REPEATED_TOKENS, sessions));
            runs.add(validate(OURS_ON_POSTGRES, HS256, REPEATED_TOKENS, sessions));
        }
        runs.add(validate(OURS_ON_POSTGRES, HS256, NEW_TOKENS, FEW));
        for (SignedWith signedWith : List.of(RS256, ES256)) {
            runs.add(validate(OURS_ON_POSTGRES, signedWith, REPEATED_TOKENS, FEW));
            runs.add(validate(OURS_ON_POSTGRES_WITHOUT_CACHE, signedWith, REPEATED_TOKENS, FEW));
        }
        runs.add(validate(SPRING_SESSION, HS256, REPEATED_TOKENS, FEW));
        return runs;
    }

    private List<Options> callers() {
        List<Options> runs = new ArrayList<>();
        for (int callers : CALLERS) {
            runs.add(sampled(ofValidate(JAVA_JWT_AND_SELECT, HS256, REPEATED_TOKENS, MANY), callers));
            runs.add(sampled(ofValidate(OURS_ON_POSTGRES, HS256, REPEATED_TOKENS, MANY), callers));
            // With fewer callers no select is shared.
            if (callers > Postgres.CONNECTIONS) {
                runs.add(sampled(ofValidate(OURS_ON_POSTGRES_SHARED_SELECTS, HS256, REPEATED_TOKENS, MANY), callers));
            }
        }
        return runs;
    }

    private List<Options> staleness() {
        List<Options> runs = new ArrayList<>();
        for (int callers : STALENESS_CALLERS) {
            for (Contender contender : List.of(OURS, OURS_ON_POSTGRES_BOUNDED, OURS_ON_POSTGRES)) {
                runs.add(steady(
                        ofValidate(contender, HS256, REPEATED_TOKENS, FEW).threads(callers)));
            }
        }
        return runs;
    }

    private List<Options> activity() {
        List<Options> runs = new ArrayList<>();
        for (Contender contender :
                List.of(JAVA_JWT_NO_ACTIVITY_DUE, JAVA_JWT_WITH_ACTIVITY, OURS_NO_ACTIVITY_DUE, OURS_WITH_ACTIVITY)) {
            runs.add(sampled(ofValidate(contender, HS256, ACTIVE, MANY), 8));
        }
        return runs;
    }

    private List<Options> redis() {
        return List.of(
                validate(HGET_ONLY, HS256, REPEATED_TOKENS, FEW),
                validate(OURS_ON_REDIS, HS256, REPEATED_TOKENS, FEW),
                validate(SPRING_SESSION_REDIS, HS256, REPEATED_TOKENS, FEW));
    }

    private List<Options> devices() {
        return List.of(
                brief(ofValidate(SELECT_ONLY, HS256, REPEATED_TOKENS, MANY)),
                brief(of(DevicesBenchmark.class)
                        .param("sessions", String.valueOf(MANY))
                        .addProfiler(CpuTime.class)));
    }

    private Options validate(Contender contender, SignedWith signedWith, int tokens, int sessions) {
        return steady(ofValidate(contender, signedWith, tokens, sessions));
    }

    private Options steady(ChainedOptionsBuilder options) {
        return options.warmupIterations(quick ? 2 : 3)
                .warmupTime(TimeValue.milliseconds(quick ? 500 : 1_000))
                .measurementIterations(quick ? 3 : 4)
                .measurementTime(TimeValue.milliseconds(500))
                .build();
    }

    /**
     * Measures percentiles of single calls. The calls must be long compared with reading the clock. If all cores are
     * busy, the compiler competes with the callers, and the code reaches its full speed only after ten seconds of
     * warm-up. With one caller, cores fall asleep between a query and its answer, and the time to wake them varies from
     * one half-second to the next. So this run measures longer.
     */
    private Options sampled(ChainedOptionsBuilder options, int callers) {
        boolean busy = callers > 1;
        return options.mode(Mode.SampleTime)
                .addProfiler(CpuTime.class)
                .threads(callers)
                .warmupIterations(quick ? 2 : busy ? 12 : 5)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(quick ? 3 : busy ? 6 : 12)
                .measurementTime(TimeValue.milliseconds(500))
                .build();
    }

    /** A login and a refresh reach their full speed only after four seconds of warm-up. */
    private Options brief(ChainedOptionsBuilder options) {
        return options.warmupIterations(quick ? 2 : 5)
                .warmupTime(TimeValue.milliseconds(quick ? 500 : 1_000))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(quick ? 300 : 400))
                .build();
    }

    private static ChainedOptionsBuilder ofValidate(
            Contender contender, SignedWith signedWith, int tokens, int sessions) {
        return of(ValidateBenchmark.class)
                .param("contender", contender.name())
                .param("signedWith", signedWith.name())
                .param("tokens", String.valueOf(tokens))
                .param("sessions", String.valueOf(sessions));
    }

    private static ChainedOptionsBuilder of(Class<?> benchmark) {
        return new OptionsBuilder()
                .include(benchmark.getName() + "\\.")
                .forks(1)
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend(
                        "-Xms1g",
                        "-Xmx1g",
                        "-D" + Postgres.PORT + "=" + Integer.getInteger(Postgres.PORT),
                        "-D" + Redis.PORT + "=" + Integer.getInteger(Redis.PORT))
                .shouldFailOnError(true);
    }
}
