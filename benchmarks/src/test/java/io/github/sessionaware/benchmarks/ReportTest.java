package io.github.sessionaware.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.options.Options;

/** The plan, the report, the template and the published page agree. The raw results of this test are made up. */
class ReportTest {
    private static final Path TEMPLATE = Path.of("RESULTS.template.md");
    private static final Path PUBLISHED_PAGE = Path.of("RESULTS.md");
    private static final Path PUBLISHED_CHART = Path.of("results.svg");

    @TempDir
    private static Path folder;

    private static Path page;
    private static Path chart;

    @BeforeAll
    static void reportOnAllGroupsOfThePlan() throws Exception {
        ObjectMapper json = new ObjectMapper();
        for (Plan.Group group : new Plan(false).groups()) {
            List<Map<String, Object>> results = new ArrayList<>();
            for (Options run : group.runs()) {
                results.addAll(resultsOf(run));
            }
            json.writeValue(folder.resolve(group.name() + ".json").toFile(), results);
        }
        Purge.Latency latency = new Purge.Latency(1, 2, 3, 4);
        Map<String, Object> others = Map.of(
                "machine", new Machine("2026-01-01", false, 2, "a processor", "a system", "a JDK", "a database"),
                "purge", new Purge(100_000, 1, latency, latency),
                "heap", List.of(new Heap("1g", 10, 10, "all logged in", 1), new Heap("64m", 0, 5, "full", 1)),
                "remembered", new RememberedToken(1, 2));
        for (Map.Entry<String, Object> each : others.entrySet()) {
            json.writeValue(folder.resolve(each.getKey() + ".json").toFile(), each.getValue());
        }
        page = folder.resolve("page.md");
        chart = folder.resolve("chart.svg");
        Report.main(folder.toString(), TEMPLATE.toString(), page.toString(), chart.toString());
    }

    @Test
    void thePublishedPageHasTheTextOfTheTemplate() throws Exception {
        String published = Files.readString(PUBLISHED_PAGE);
        int from = 0;
        for (String text : Files.readString(TEMPLATE).split("\\{\\{[\\w-]+}}", -1)) {
            int found = published.indexOf(text, from);

            assertTrue(found >= 0, () -> PUBLISHED_PAGE + " does not have this text of the template: " + text);
            from = found + text.length();
        }
    }

    @Test
    void thePublishedPageHasTheRowsOfTheReport() throws Exception {
        assertEquals(rows(page), rows(PUBLISHED_PAGE));
    }

    @Test
    void thePublishedChartHasTheLabelsOfTheReport() throws Exception {
        assertEquals(labels(chart), labels(PUBLISHED_CHART));
    }

    /** Makes up one result for each benchmark that the run selects. */
    private static List<Map<String, Object>> resultsOf(Options run) {
        Map<String, String> params = new TreeMap<>();
        for (String name : List.of("contender", "signedWith", "tokens", "sessions")) {
            run.getParameter(name).orElse(List.of()).forEach(value -> params.put(name, value));
        }
        String benchmark = run.getIncludes().get(0);
        if (benchmark.contains("ValidateBenchmark")) {
            return List.of(result("validate", params, run));
        }
        if (benchmark.contains("DevicesBenchmark")) {
            return Stream.of("issue", "list", "refresh", "revoke")
                    .map(name -> result(name, params, run))
                    .toList();
        }
        if (benchmark.contains("RenewalBenchmark")) {
            return Stream.of(RenewalBenchmark.Store.values())
                    .flatMap(store ->
                            Stream.of("refresh", "renew").map(name -> result(name, Map.of("store", store.name()), run)))
                    .toList();
        }
        return Stream.of(SignedWith.values())
                .map(signedWith -> result("issue", Map.of("signedWith", signedWith.name()), run))
                .toList();
    }

    private static Map<String, Object> result(String benchmark, Map<String, String> params, Options run) {
        return Map.of(
                "benchmark",
                "a.Class." + benchmark,
                "mode",
                run.getBenchModes().isEmpty() ? "avgt" : "sample",
                "threads",
                run.getThreads().orElse(1),
                "params",
                params,
                "primaryMetric",
                Map.of("score", 1, "scorePercentiles", Map.of("99.0", 1)));
    }

    /** Returns each row of a table up to its first cell with words. Its other cells hold figures. */
    private static Set<String> rows(Path page) throws IOException {
        return find("(?m)^\\|( [^a-zA-Z|]*\\|)* [^|]*[a-zA-Z]{2}[^|]*\\|", page);
    }

    private static Set<String> labels(Path chart) throws IOException {
        return find("class=\"(title|label)\" .*", chart).stream()
                .map(text -> text.substring(text.indexOf('>') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> find(String regex, Path file) throws IOException {
        return Pattern.compile(regex)
                .matcher(Files.readString(file))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
