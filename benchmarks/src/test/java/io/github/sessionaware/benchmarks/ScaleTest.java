package io.github.sessionaware.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The simulation agrees with what can be computed, and docs/scale.md shows what it prints. */
class ScaleTest {
    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    @Test
    void thePageHasTheTablesThatTheProgramPrints() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "scale.md"));

        for (String table : Scale.tables()) {
            assertTrue(page.contains(table + "\n"), () -> "docs/scale.md lacks this table:\n" + table);
        }
    }

    /** A read answers the requests of the next five seconds, so one in 1.5 requests reads. */
    @Test
    void singleRequestsOnTheSameNodeAreRememberedAsComputed() {
        assertEquals(0.5 / 1.5, new Visits(1, 1).simulate(0.1, BOUND, INTERVAL).remembered(), 0.002);
    }

    @Test
    void singleRequestsOnAThousandNodesAreRememberedAsComputed() {
        double seen = 0.1 * 5 / 1_000;

        assertEquals(
                seen / (1 + seen),
                new Visits(1_000, 1).simulate(0.1, BOUND, INTERVAL).remembered(),
                0.00005);
    }

    /** Once a minute is over, the next request comes after ten seconds on average. */
    @Test
    void activityIsRecordedAsOftenAsComputed() {
        assertEquals(10.0 / 70, new Visits(1, 1).simulate(0.1, BOUND, INTERVAL).touches(), 0.001);
    }

    @Test
    void aBurstReadsOnceOnTheSameNode() {
        double remembered = new Visits(1, 5).simulate(0.001, BOUND, INTERVAL).remembered();

        assertEquals(0.8, remembered, 0.005);
    }
}
