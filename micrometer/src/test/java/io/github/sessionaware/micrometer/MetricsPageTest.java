package io.github.sessionaware.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/metrics.md lists the meters as the code registers them, and its expressions find them in Prometheus. */
class MetricsPageTest {
    private static final Pattern METER =
            Pattern.compile("(?m)^\\| `(session[.a-z]+)` \\| (\\w+) \\| ([^|]*)\\| [^|]+ \\| `(\\w+)` \\|$");
    private static final Pattern TAG = Pattern.compile("(?m)^\\| (?:`(session[.a-z]+)`)? ?\\| `(\\w+)` \\| (.+) \\|$");
    private static final Pattern CODE = Pattern.compile("`(\\w+)`");
    private static final Pattern PROMQL = Pattern.compile("```promql\n(.*?)```", Pattern.DOTALL);

    private final String page = read();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    MetricsPageTest() {
        new MicrometerSessionMetrics(registry);
    }

    @Test
    void theTableOfMetersIsThatOfTheCode() {
        Map<String, String> documented = new TreeMap<>();
        Set<String> inPrometheus = new TreeSet<>();
        METER.matcher(page).results().forEach(row -> {
            documented.put(row.group(1), row.group(2) + " " + codes(row.group(3)));
            inPrometheus.add(row.group(4));
        });

        Map<String, String> registered = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            Set<String> tags = new TreeSet<>();
            meter.getId().getTags().forEach(tag -> tags.add(tag.getKey()));
            String kind =
                    meter.getId().getType().name().toLowerCase(Locale.ROOT).replace("distribution_", "");
            registered.put(meter.getId().getName(), kind + " " + tags);
        }
        assertEquals(registered, documented);
        assertEquals(new PrometheusScrape(false).families(), inPrometheus);
    }

    @Test
    void theTableOfTagsHasEveryValue() {
        Map<String, Set<String>> documented = new TreeMap<>();
        String meter = "";
        for (MatchResult row : TAG.matcher(page).results().toList()) {
            meter = row.group(1) == null ? meter : row.group(1);
            documented.put(meter + " " + row.group(2), codes(row.group(3)));
        }

        Map<String, Set<String>> registered = new TreeMap<>();
        for (Meter each : registry.getMeters()) {
            for (Tag tag : each.getId().getTags()) {
                registered
                        .computeIfAbsent(each.getId().getName() + " " + tag.getKey(), name -> new TreeSet<>())
                        .add(tag.getValue());
            }
        }
        assertEquals(registered, documented);
    }

    @Test
    void everyExpressionFindsItsMetersInPrometheus() {
        PrometheusScrape scrape = new PrometheusScrape(true);
        List<String> expressions = PROMQL.matcher(page)
                .results()
                .map(found -> found.group(1).strip())
                .toList();

        assertTrue(expressions.size() > 10, () -> expressions.size() + " expressions");
        expressions.forEach(scrape::assertFinds);
        expressions.forEach(expression -> assertFalse(expression.contains("$"), expression));
    }

    private static Set<String> codes(String cell) {
        Set<String> codes = new TreeSet<>();
        CODE.matcher(cell).results().forEach(code -> codes.add(code.group(1)));
        return codes;
    }

    private static String read() {
        try {
            return Files.readString(Path.of("..", "docs", "metrics.md"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
