package io.github.sessionaware.benchmarks;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One result of JMH's, in microseconds and bytes.
 *
 * @param error half of the interval that holds the mean with a confidence of 99.9 %
 * @param p99 0 unless every call was timed
 */
record Figure(
        String benchmark,
        Map<String, String> params,
        int callers,
        double mean,
        double error,
        double p99,
        double bytesPerCall) {

    static List<Figure> read(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Figure> figures = new ArrayList<>();
        for (JsonNode result : json.readTree(file.toFile())) {
            JsonNode primary = result.path("primaryMetric");
            String name = result.path("benchmark").asText();
            Map<String, String> params = new HashMap<>();
            result.path("params")
                    .properties()
                    .forEach(
                            param -> params.put(param.getKey(), param.getValue().asText()));
            figures.add(new Figure(
                    name.substring(name.lastIndexOf('.') + 1),
                    params,
                    result.path("threads").asInt(),
                    primary.path("score").asDouble(),
                    primary.path("scoreError").asDouble(),
                    primary.path("scorePercentiles").path("99.0").asDouble(),
                    result.path("secondaryMetrics")
                            .path("gc.alloc.rate.norm")
                            .path("score")
                            .asDouble()));
        }
        return figures;
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

    double perSecond() {
        return callers * 1e6 / mean;
    }
}
