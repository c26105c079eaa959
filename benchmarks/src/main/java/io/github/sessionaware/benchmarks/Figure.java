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

/** One case as JMH measured it, in every round. A machine has better and worse minutes, so rounds are compared. */
record Figure(String benchmark, Map<String, String> params, int callers, List<Round> rounds) {

    /**
     * In microseconds and bytes.
     *
     * @param p99 of the calls that were timed, and 0 where only averages were taken
     * @param here processor time of a call in our process; no number where it was not looked at
     * @param inDatabase likewise in the database
     */
    record Round(double mean, double p99, double bytesPerCall, double here, double inDatabase) {}

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
                secondary(result, ProcessorTime.HERE),
                secondary(result, ProcessorTime.IN_DATABASE));
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

    boolean isFirstSight() {
        return String.valueOf(ValidateBenchmark.FIRST_SIGHT).equals(params.get("tokens"));
    }

    boolean isAmong(int sessions) {
        return String.valueOf(sessions).equals(params.get("sessions"));
    }

    double mean() {
        return means().middle();
    }

    double p99() {
        return spreadOf(Round::p99).middle();
    }

    double bytesPerCall() {
        return bytes().middle();
    }

    double processorHere() {
        return spreadOf(Round::here).middle();
    }

    double processorInDatabase() {
        return spreadOf(Round::inDatabase).middle();
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

    /** How often the other's time. */
    Spread times(Figure other) {
        return ratio(this, other, Round::mean);
    }

    Spread p99Times(Figure other) {
        return ratio(this, other, Round::p99);
    }

    /** How often the other's throughput. */
    Spread throughputTimes(Figure other) {
        return ratio(other, this, Round::mean);
    }

    private static Spread ratio(Figure one, Figure other, ToDoubleFunction<Round> what) {
        return Spread.of(IntStream.range(0, one.rounds.size())
                .mapToDouble(i -> what.applyAsDouble(one.rounds.get(i)) / what.applyAsDouble(other.rounds.get(i)))
                .toArray());
    }

    /** Of all rounds. */
    record Spread(double least, double middle, double most) {
        static Spread of(double... rounds) {
            double[] inOrder = rounds.clone();
            Arrays.sort(inOrder);
            return new Spread(inOrder[0], inOrder[inOrder.length / 2], inOrder[inOrder.length - 1]);
        }

        /** From the least to the most, and nothing of what was measured once. */
        @Override
        public String toString() {
            return least == most ? "" : Report.number(least) + " – " + Report.number(most);
        }
    }
}
