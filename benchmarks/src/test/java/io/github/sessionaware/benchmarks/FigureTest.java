package io.github.sessionaware.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How raw results become figures. The second of three rounds was ten times as slow for all contenders. */
class FigureTest {
    private static final double EXACT = 1e-9;

    @TempDir
    private Path folder;

    @Test
    void theRoundsOfABenchmarkBecomeOneFigure() throws Exception {
        List<Figure> figures = threeRounds();

        assertEquals(
                List.of(Contender.OURS, Contender.JAVA_JWT),
                figures.stream().map(Figure::contender).toList());
        assertEquals(2.2, figures.get(0).mean(), EXACT);
        assertEquals(8 * 1e6 / 2.2, figures.get(0).perSecond(), EXACT);
        assertEquals(6, figures.get(1).p99(), EXACT);
        assertEquals(100, figures.get(0).bytesPerCall(), EXACT);
        assertEquals(12, figures.get(0).cpuInProcess(), EXACT);
        assertEquals(5, figures.get(0).cpuInDatabase(), EXACT);
    }

    @Test
    void ratiosCompareFiguresOfTheSameRound() throws Exception {
        Figure ours = threeRounds().get(0);
        Figure javaJwt = threeRounds().get(1);

        assertEquals(0.5, ours.times(javaJwt).median(), EXACT, "the medians are 2.2 and 4");
        assertEquals("0.50 – 0.55", ours.times(javaJwt).toString());
        assertEquals(2, ours.throughputTimes(javaJwt).median(), EXACT);
        assertEquals(0.5, ours.p99Times(javaJwt).median(), EXACT);
    }

    @Test
    void aSingleRoundHasNoRange() throws Exception {
        Figure once = read(result(Contender.OURS, 2, 3)).get(0);

        assertEquals("", once.means().toString());
    }

    private List<Figure> threeRounds() throws Exception {
        return read(
                result(Contender.OURS, 2, 3),
                result(Contender.JAVA_JWT, 4, 6),
                result(Contender.OURS, 20, 30),
                result(Contender.JAVA_JWT, 40, 60),
                result(Contender.OURS, 2.2, 3),
                result(Contender.JAVA_JWT, 4, 6));
    }

    private List<Figure> read(String... results) throws Exception {
        return Figure.read(
                Files.writeString(folder.resolve("group.json"), List.of(results).toString()));
    }

    private static String result(Contender contender, double mean, double p99) {
        return String.format(Locale.ROOT, """
                {
                  "benchmark": "io.github.sessionaware.benchmarks.ValidateBenchmark.validate",
                  "mode": "sample",
                  "threads": 8,
                  "params": {"contender": "%s", "tokens": "1000"},
                  "primaryMetric": {"score": %s, "scorePercentiles": {"99.0": %s}},
                  "secondaryMetrics": {
                    "gc.alloc.rate.norm": {"score": 100},
                    "cpu.process": {"score": 12},
                    "cpu.database": {"score": 5}
                  }
                }
                """, contender, mean, p99);
    }
}
