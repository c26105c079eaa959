package io.github.sessionaware.benchmarks;

import static io.github.sessionaware.benchmarks.Contender.FLOOR;
import static io.github.sessionaware.benchmarks.Contender.HELD_CONNECTION;
import static io.github.sessionaware.benchmarks.Contender.JAVA_JWT;
import static io.github.sessionaware.benchmarks.Contender.JAVA_JWT_AND_MAP;
import static io.github.sessionaware.benchmarks.Contender.JAVA_JWT_AND_SELECT;
import static io.github.sessionaware.benchmarks.Contender.JAVA_JWT_AT_A_PACE;
import static io.github.sessionaware.benchmarks.Contender.JAVA_JWT_AT_REST;
import static io.github.sessionaware.benchmarks.Contender.OURS;
import static io.github.sessionaware.benchmarks.Contender.OURS_AT_A_PACE;
import static io.github.sessionaware.benchmarks.Contender.OURS_AT_REST;
import static io.github.sessionaware.benchmarks.Contender.OURS_ON_POSTGRES;
import static io.github.sessionaware.benchmarks.Contender.OURS_ON_POSTGRES_ALONE;
import static io.github.sessionaware.benchmarks.Contender.OURS_ON_POSTGRES_WITHOUT_CACHE;
import static io.github.sessionaware.benchmarks.Contender.OURS_WITHOUT_CACHE;
import static io.github.sessionaware.benchmarks.Contender.SA_TOKEN_MIXIN;
import static io.github.sessionaware.benchmarks.Contender.SA_TOKEN_SIMPLE;
import static io.github.sessionaware.benchmarks.Contender.SA_TOKEN_SIMPLE_WITH_SIGNATURE;
import static io.github.sessionaware.benchmarks.Contender.SPRING_SESSION;
import static io.github.sessionaware.benchmarks.SignedWith.ES256;
import static io.github.sessionaware.benchmarks.SignedWith.HS256;
import static io.github.sessionaware.benchmarks.SignedWith.RS256;
import static io.github.sessionaware.benchmarks.ValidateBenchmark.FIRST_SIGHT;
import static io.github.sessionaware.benchmarks.ValidateBenchmark.SEEN_BEFORE;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What is run, in which groups, and for how long. */
record Plan(boolean quick) {
    static final int FEW = 1_000;
    static final int MANY = 1_000_000;
    static final int EXPIRED = 100_000;
    static final int ACTIVE = 4_000;
    static final List<Integer> CALLERS = List.of(1, 2, 8, 64, 256);
    static final List<Integer> MEMORY_CALLERS = List.of(2, 8, 64);

    /**
     * Run from the first to the last, and in as many rounds again, so that those that are compared have the same good
     * and bad minutes of the machine. The results lie in a file of its name.
     */
    record Group(String name, int rounds, List<Options> runs) {}

    List<Group> groups() {
        return List.of(
                group("memory", 3, memory()),
                group("memory-callers", 3, memoryCallers()),
                group("algorithms", 3, algorithms()),
                group("postgres", 3, postgres()),
                group("callers", 5, callers()),
                group("activity", 5, activity()),
                group("devices", 3, devices()));
    }

    /** Odd, so that there is a middle one. */
    private Group group(String name, int rounds, List<Options> runs) {
        return new Group(name, quick ? 1 : rounds, runs);
    }

    private List<Options> memory() {
        List<Options> runs = new ArrayList<>();
        for (Contender contender :
                List.of(FLOOR, JAVA_JWT_AND_MAP, SA_TOKEN_MIXIN, SA_TOKEN_SIMPLE, SA_TOKEN_SIMPLE_WITH_SIGNATURE)) {
            runs.add(validate(contender, HS256, SEEN_BEFORE, FEW));
        }
        for (SignedWith signedWith : List.of(HS256, RS256, ES256)) {
            runs.add(validate(JAVA_JWT, signedWith, SEEN_BEFORE, FEW));
            runs.add(validate(OURS, signedWith, SEEN_BEFORE, FEW));
        }
        runs.add(validate(JAVA_JWT, HS256, FIRST_SIGHT, FEW));
        runs.add(validate(OURS, HS256, FIRST_SIGHT, FEW));
        return runs;
    }

    private List<Options> memoryCallers() {
        List<Options> runs = new ArrayList<>();
        for (int callers : MEMORY_CALLERS) {
            for (Contender contender : List.of(JAVA_JWT_AND_MAP, OURS)) {
                runs.add(steady(ofValidate(contender, HS256, SEEN_BEFORE, FEW).threads(callers)));
            }
        }
        return runs;
    }

    private List<Options> algorithms() {
        List<Options> runs = new ArrayList<>();
        for (SignedWith signedWith : SignedWith.values()) {
            runs.add(brief(ofValidate(OURS_WITHOUT_CACHE, signedWith, SEEN_BEFORE, FEW)));
        }
        runs.add(brief(of(IssueBenchmark.class)));
        return runs;
    }

    private List<Options> postgres() {
        List<Options> runs = new ArrayList<>();
        for (int sessions : List.of(FEW, MANY)) {
            runs.add(validate(HELD_CONNECTION, HS256, SEEN_BEFORE, sessions));
            runs.add(validate(JAVA_JWT_AND_SELECT, HS256, SEEN_BEFORE, sessions));
            runs.add(validate(OURS_ON_POSTGRES, HS256, SEEN_BEFORE, sessions));
        }
        runs.add(validate(OURS_ON_POSTGRES, HS256, FIRST_SIGHT, FEW));
        for (SignedWith signedWith : List.of(RS256, ES256)) {
            runs.add(validate(OURS_ON_POSTGRES, signedWith, SEEN_BEFORE, FEW));
            runs.add(validate(OURS_ON_POSTGRES_WITHOUT_CACHE, signedWith, SEEN_BEFORE, FEW));
        }
        runs.add(validate(SPRING_SESSION, HS256, SEEN_BEFORE, FEW));
        return runs;
    }

    private List<Options> callers() {
        List<Options> runs = new ArrayList<>();
        for (int callers : CALLERS) {
            runs.add(sampled(ofValidate(JAVA_JWT_AND_SELECT, HS256, SEEN_BEFORE, MANY), callers));
            if (callers > Postgres.CONNECTIONS) {
                runs.add(sampled(ofValidate(OURS_ON_POSTGRES_ALONE, HS256, SEEN_BEFORE, MANY), callers));
            }
            runs.add(sampled(ofValidate(OURS_ON_POSTGRES, HS256, SEEN_BEFORE, MANY), callers));
        }
        return runs;
    }

    private List<Options> activity() {
        List<Options> runs = new ArrayList<>();
        for (Contender contender : List.of(JAVA_JWT_AT_REST, JAVA_JWT_AT_A_PACE, OURS_AT_REST, OURS_AT_A_PACE)) {
            runs.add(sampled(ofValidate(contender, HS256, ACTIVE, MANY), 8));
        }
        return runs;
    }

    private List<Options> devices() {
        return List.of(
                brief(ofValidate(HELD_CONNECTION, HS256, SEEN_BEFORE, MANY)),
                brief(of(DevicesBenchmark.class).param("sessions", String.valueOf(MANY))));
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
     * With percentiles of single calls, which takes calls that are long beside a look at the clock. Where all cores are
     * busy the compiler is one among many, and it takes ten seconds until the code is as fast as it gets. Where they
     * are not, they fall asleep between a query and its answer, and what it takes to wake them differs from one half of
     * a second to the next.
     */
    private Options sampled(ChainedOptionsBuilder options, int callers) {
        boolean busy = callers > 2;
        return options.mode(Mode.SampleTime)
                .addProfiler(ProcessorTime.class)
                .threads(callers)
                .warmupIterations(quick ? 2 : busy ? 12 : 5)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(quick ? 3 : busy ? 6 : 12)
                .measurementTime(TimeValue.milliseconds(500))
                .build();
    }

    private Options brief(ChainedOptionsBuilder options) {
        return options.warmupIterations(quick ? 2 : 3)
                .warmupTime(TimeValue.milliseconds(500))
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
                .jvmArgsAppend("-Xms1g", "-Xmx1g", "-D" + Postgres.PORT + "=" + Integer.getInteger(Postgres.PORT))
                .shouldFailOnError(true);
    }
}
