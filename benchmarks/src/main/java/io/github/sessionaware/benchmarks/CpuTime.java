package io.github.sessionaware.benchmarks;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;
import org.openjdk.jmh.runner.IterationType;

/**
 * What a call takes of the processors, here and in the database: with all cores busy it decides about throughput, and
 * it differs less from one minute to the next.
 */
public final class ProcessorTime implements InternalProfiler {
    static final String HERE = "processor.here";
    static final String IN_DATABASE = "processor.database";

    private final ProcessHandle database = Postgres.process();
    private Duration hereBefore = Duration.ZERO;
    private Map<ProcessHandle, Duration> inDatabaseBefore = Map.of();
    private Cost measured = new Cost(Duration.ZERO, Duration.ZERO, 0);

    @Override
    public String getDescription() {
        return "Processor time of this process and of the database, in microseconds for each call";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        inDatabaseBefore = database.children().collect(Collectors.toMap(Function.identity(), ProcessorTime::of));
        hereBefore = of(ProcessHandle.current());
    }

    /**
     * The last iteration tells what those before it took: its connections are closed already, and what they took is
     * gone with them. Those of the first one are opened in it, so that it has to be a warm-up.
     */
    @Override
    public Collection<ScalarResult> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        Duration here = of(ProcessHandle.current()).minus(hereBefore);
        Duration inDatabase = inDatabaseBefore.entrySet().stream()
                .map(process -> of(process.getKey()).minus(process.getValue()))
                .reduce(Duration.ZERO, Duration::plus);
        Cost own = new Cost(here, inDatabase, result.getMetadata().getAllOps());
        if (!inDatabaseBefore.keySet().stream().allMatch(ProcessHandle::isAlive)) {
            return measured.ofEachCall();
        }
        if (iteration.getType() == IterationType.MEASUREMENT) {
            measured = measured.plus(own);
        }
        return own.ofEachCall();
    }

    private static Duration of(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private record Cost(Duration here, Duration inDatabase, long calls) {
        Cost plus(Cost other) {
            return new Cost(here.plus(other.here), inDatabase.plus(other.inDatabase), calls + other.calls);
        }

        List<ScalarResult> ofEachCall() {
            return List.of(ofEachCall(HERE, here), ofEachCall(IN_DATABASE, inDatabase));
        }

        private ScalarResult ofEachCall(String what, Duration all) {
            return new ScalarResult(what, all.toNanos() / 1e3 / calls, "us/op", AggregationPolicy.AVG);
        }
    }
}
