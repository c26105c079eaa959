package io.github.sessionaware.benchmarks;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One benchmark with its parameters, as JMH measured it in every round. Ratios compare figures of the same round,
 * because a machine has fast and slow minutes.
 */
record Figure(String benchmark, Map<String, String> params, int callers, List<Round> rounds) {

    /**
     * Times are in microseconds.
     *
     * @param p99 the 99th percentile of the calls, or 0 if JMH measured only the average
     * @param cpuInProcess the CPU time of a call in this process, or NaN if it was not measured
     * @param cpuInDatabase the CPU time of a call in the database, or NaN if it was not measured
     */
    record Round(double mean, double p99, double bytesPerCall, double cpuInProcess, double cpuInDatabase) {}

    static List<Figure> read(Path file) throws IOException {
        Map<List<Object>, Figure> cases = new LinkedHashMap<>();
        for (JsonNode result : new ObjectMapper().readTree(file.toFile())) {
            Figure one = ofOneRound(result);
            cases.merge(List.of(one.benchmark, one.params, one.callers), one, Figure::then);
        }
        return List.copyOf(cases.values());
    }

    private static Figure ofOneRound(JsonNode result) {
        String name = result.path("benchmark").asText();
        Map<String, String> params = new HashMap<>();
        result.path("params")
                .properties()
                .forEach(param -> params.put(param.getKey(), param.getValue().asText()));
        return new Figure(
                name.substring(name.lastIndexOf('.') + 1),
                params,
                result.path("threads").asInt(),
                List.of(roundOf(result)));
    }

    private Figure then(Figure next) {
        List<Round> all = new ArrayList<>(rounds);
        all.addAll(next.rounds);
        return new Figure(benchmark, params, callers, all);
    }

    private static Round roundOf(JsonNode result) {
        JsonNode time = result.path("primaryMetric");
        return new Round(
                time.path("score").asDouble(),
                result.path("mode").asText().equals("sample")
                        ? time.path("scorePercentiles").path("99.0").asDouble()
                        : 0,
                secondary(result, "gc.alloc.rate.norm"),
                secondary(result, CpuTime.IN_PROCESS),
                secondary(result, CpuTime.IN_DATABASE));
    }

    private static double secondary(JsonNode result, String metric) {
        return result.path("secondaryMetrics").path(metric).path("score").asDouble(Double.NaN);
    }

    Contender contender() {
        return Contender.valueOf(requireNonNull(params.get("contender")));
    }

    boolean is(Contender contender) {
        return contender.name().equals(params.get("contender"));
    }

    boolean is(SignedWith signedWith) {
        return signedWith.name().equals(params.get("signedWith"));
    }

    boolean isNewToken() {
        return String.valueOf(ValidateBenchmark.NEW_TOKENS).equals(params.get("tokens"));
    }

    boolean isAmong(int sessions) {
        return String.valueOf(sessions).equals(params.get("sessions"));
    }

    double mean() {
        return means().median();
    }

    double p99() {
        return spreadOf(Round::p99).median();
    }

    double bytesPerCall() {
        return bytes().median();
    }

    double cpuInProcess() {
        return spreadOf(Round::cpuInProcess).median();
    }

    double cpuInDatabase() {
        return spreadOf(Round::cpuInDatabase).median();
    }

    Spread bytes() {
        return spreadOf(Round::bytesPerCall);
    }

    double perSecond() {
        return callers * 1e6 / mean();
    }

    Spread means() {
        return spreadOf(Round::mean);
    }

    private Spread spreadOf(ToDoubleFunction<Round> what) {
        return Spread.of(rounds.stream().mapToDouble(what).toArray());
    }

    /** Returns the time of this figure divided by the time of the other. */
    Spread times(Figure other) {
        return ratio(this, other, Round::mean);
    }

    Spread p99Times(Figure other) {
        return ratio(this, other, Round::p99);
    }

    /** Returns the throughput of this figure divided by the throughput of the other. */
    Spread throughputTimes(Figure other) {
        return ratio(other, this, Round::mean);
    }

    private static Spread ratio(Figure one, Figure other, ToDoubleFunction<Round> what) {
        return Spread.of(IntStream.range(0, one.rounds.size())
                .mapToDouble(i -> what.applyAsDouble(one.rounds.get(i)) / what.applyAsDouble(other.rounds.get(i)))
                .toArray());
    }

    /** The range and the median over all rounds. */
    record Spread(double min, double median, double max) {
        static Spread of(double... rounds) {
            double[] inOrder = rounds.clone();
            Arrays.sort(inOrder);
            return new Spread(inOrder[0], inOrder[inOrder.length / 2], inOrder[inOrder.length - 1]);
        }

        /** Returns the range, or the empty string after a single round. */
        @Override
        public String toString() {
            return min == max ? "" : Report.number(min) + " – " + Report.number(max);
        }
    }
}
