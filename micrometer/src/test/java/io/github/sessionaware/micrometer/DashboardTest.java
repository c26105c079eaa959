package io.github.sessionaware.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/grafana-dashboard.json shows every meter, and no other. */
class DashboardTest {
    private static final Pattern NAME = Pattern.compile("session_aware\\w*");
    private static final String DATA_SOURCE = "${datasource}";

    private final JsonNode dashboard = read();
    private final PrometheusScrape scrape = new PrometheusScrape(true);

    @Test
    void everyExpressionFindsItsMetersInPrometheus() {
        List<String> expressions = expressions();

        assertTrue(expressions.size() > 15, () -> expressions.size() + " expressions");
        expressions.forEach(scrape::assertFinds);
    }

    @Test
    void everySelectorIsLimitedToTheChosenApplications() {
        for (String expression : expressions()) {
            assertEquals(
                    NAME.matcher(expression).results().count(),
                    Pattern.compile("session_aware\\w*\\{job=~\"\\$job\"")
                            .matcher(expression)
                            .results()
                            .count(),
                    expression);
        }
    }

    @Test
    void everyMeterIsShown() {
        Set<String> shown = new TreeSet<>();
        expressions()
                .forEach(expression -> NAME.matcher(expression).results().forEach(name -> shown.add(name.group())));

        Set<String> published = new TreeSet<>();
        scrape.samples().forEach(sample -> published.add(sample.split("\\{", 2)[0]));
        assertEquals(published, shown);
    }

    @Test
    void theDataSourceIsAVariable() {
        List<String> sources = new ArrayList<>();
        dashboard
                .findValues("datasource")
                .forEach(source -> sources.add(source.path("uid").asText()));

        assertEquals(Set.of(DATA_SOURCE), Set.copyOf(sources));
        assertEquals("datasource", dashboard.at("/templating/list/0/name").asText());
        assertEquals("datasource", dashboard.at("/templating/list/0/type").asText());
        assertEquals("prometheus", dashboard.at("/templating/list/0/query").asText());
    }

    @Test
    void noPanelOverlapsAnother() {
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertTrue(ids.add(panel.path("id").asInt()), panel::toString);
            JsonNode place = panel.path("gridPos");
            for (int x = place.path("x").asInt();
                    x < place.path("x").asInt() + place.path("w").asInt();
                    x++) {
                assertTrue(x < 24, panel::toString);
                for (int y = place.path("y").asInt();
                        y < place.path("y").asInt() + place.path("h").asInt();
                        y++) {
                    assertTrue(cells.add(x + " " + y), panel::toString);
                }
            }
        }
    }

    private List<String> expressions() {
        List<String> expressions = new ArrayList<>();
        dashboard.findValues("expr").forEach(expression -> expressions.add(expression.asText()));
        return expressions;
    }

    private static JsonNode read() {
        try {
            return new ObjectMapper()
                    .readTree(Path.of("..", "docs", "grafana-dashboard.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
