package io.github.sessionaware.micrometer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** What Prometheus reads from an application with these meters. */
final class PrometheusScrape {
    private static final Pattern SELECTOR = Pattern.compile("(session_aware\\w*)(?:\\{([^}]*)\\})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|=)\"([^\"]*)\"");

    /** Prometheus adds these labels to what it reads. */
    private static final Set<String> LABELS_OF_TARGETS = Set.of("job", "instance");

    private static final double[] BORDERS = DoubleStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
            .map(milliseconds -> milliseconds * 1_000_000)
            .toArray();

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MicrometerSessionMetrics metrics;

    /** @param hasHistogram whether the timer has one, as docs/metrics.md configures it */
    PrometheusScrape(boolean hasHistogram) {
        if (hasHistogram) {
            registry.config().meterFilter(new MeterFilter() {
                @Override
                public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                    return id.getName().equals("session.aware.store.calls")
                            ? DistributionStatisticConfig.builder()
                                    .serviceLevelObjectives(BORDERS)
                                    .build()
                                    .merge(config)
                            : config;
                }
            });
        }
        metrics = new MicrometerSessionMetrics(registry);
    }

    MicrometerSessionMetrics metrics() {
        return metrics;
    }

    String text() {
        return registry.scrape();
    }

    /** Returns the names of the meters, without those of the parts of a meter. */
    Set<String> families() {
        return text().lines()
                .filter(line -> line.startsWith("# TYPE ") && !line.contains("_max "))
                .map(line -> line.split(" ", -1)[2])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the names with their labels. Buckets have the label "le". */
    Set<String> samples() {
        return text().lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Requires that each selector of an expression selects at least one sample. */
    void assertFinds(String expression) {
        List<MatchResult> selectors = SELECTOR.matcher(expression).results().toList();
        assertFalse(selectors.isEmpty(), expression);
        Set<String> samples = samples();
        for (MatchResult selector : selectors) {
            assertTrue(
                    samples.stream().anyMatch(sample -> isSelected(sample, selector)),
                    () -> selector.group() + " selects nothing");
        }
    }

    private static boolean isSelected(String sample, MatchResult selector) {
        String[] parts = sample.split("[{}]", -1);
        if (!parts[0].equals(selector.group(1))) {
            return false;
        }
        Map<String, String> labels = new HashMap<>();
        MATCHER.matcher(parts.length > 1 ? parts[1] : "")
                .results()
                .forEach(label -> labels.put(label.group(1), label.group(3)));
        String matchers = selector.group(2) == null ? "" : selector.group(2);
        return MATCHER.matcher(matchers)
                .results()
                .filter(matcher -> !LABELS_OF_TARGETS.contains(matcher.group(1)))
                .allMatch(matcher -> {
                    String value = labels.getOrDefault(matcher.group(1), "");
                    return matcher.group(2).equals("=")
                            ? value.equals(matcher.group(3))
                            : value.matches(matcher.group(3));
                });
    }
}
