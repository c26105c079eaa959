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
 * Measures the CPU time of a call in this process and in the database. If all cores are busy, CPU time determines the
 * throughput, and it varies less than the time of a call.
 */
public final class CpuTime implements InternalProfiler {
    static final String IN_PROCESS = "cpu.process";
    static final String IN_DATABASE = "cpu.database";

    private final ProcessHandle database = Postgres.process();
    private Duration inProcessBefore = Duration.ZERO;
    private Map<ProcessHandle, Duration> inDatabaseBefore = Map.of();
    private Cost measured = new Cost(Duration.ZERO, Duration.ZERO, 0);

    @Override
    public String getDescription() {
        return "CPU time of this process and of the database, in microseconds per call";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        inDatabaseBefore = database.children().collect(Collectors.toMap(Function.identity(), CpuTime::of));
        inProcessBefore = of(ProcessHandle.current());
    }

    /**
     * Returns the cost of the iteration. After the last one, the benchmark has closed its connections, and the CPU time
     * of their processes is lost. So the last iteration reports the mean of the previous ones. The first iteration
     * opens the connections, so it must be a warm-up.
     */
    @Override
    public Collection<ScalarResult> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        Duration inProcess = of(ProcessHandle.current()).minus(inProcessBefore);
        Duration inDatabase = inDatabaseBefore.entrySet().stream()
                .filter(process -> process.getKey().isAlive())
                .map(process -> of(process.getKey()).minus(process.getValue()))
                .reduce(Duration.ZERO, Duration::plus);
        Cost own = new Cost(inProcess, inDatabase, result.getMetadata().getAllOps());
        boolean isComplete = inDatabaseBefore.keySet().stream().allMatch(ProcessHandle::isAlive);
        if (!isComplete && measured.calls > 0) {
            return measured.perCall();
        }
        if (iteration.getType() == IterationType.MEASUREMENT) {
            measured = measured.plus(own);
        }
        return own.perCall();
    }

    private static Duration of(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private record Cost(Duration inProcess, Duration inDatabase, long calls) {
        Cost plus(Cost other) {
            return new Cost(inProcess.plus(other.inProcess), inDatabase.plus(other.inDatabase), calls + other.calls);
        }

        List<ScalarResult> perCall() {
            return List.of(perCall(IN_PROCESS, inProcess), perCall(IN_DATABASE, inDatabase));
        }

        private ScalarResult perCall(String what, Duration all) {
            return new ScalarResult(what, all.toNanos() / 1e3 / calls, "us/op", AggregationPolicy.AVG);
        }
    }
}
