package io.github.sessionaware.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Simulates the requests of sessions, and what nodes remember of them. A session sends bursts of requests at random
 * times. A seed that does not change makes the results repeatable.
 *
 * @param nodes each request goes to one of so many nodes at random; 1 if a session stays on its node
 * @param burst how many requests a session sends within a second
 */
record Visits(int nodes, int burst) {
    private static final long SEED = 20_261_128;
    private static final int SESSIONS = 10_000;
    private static final double BURST_SECONDS = 1;

    /** Longer than the longest activity interval, so that sessions are due at all times. */
    private static final double WARM_UP_SECONDS = 1_200;

    private static final double MEASURED_SECONDS = 1_200;

    /**
     * What the requests cost.
     *
     * @param remembered the share of requests that a node answers from memory
     * @param touches how many times activity is recorded, in relation to the requests
     */
    record Cost(double remembered, double touches) {}

    /** Simulates sessions with so many requests per second each. */
    Cost simulate(double requestsPerSecond, Duration bound, Duration activityInterval) {
        SplittableRandom random = new SplittableRandom(SEED);
        Counts counts = new Counts();
        for (int session = 0; session < SESSIONS; session++) {
            simulateSession(random, requestsPerSecond / burst, seconds(bound), seconds(activityInterval), counts);
        }
        return new Cost((double) counts.remembered / counts.requests, (double) counts.touches / counts.requests);
    }

    private void simulateSession(
            SplittableRandom random, double burstsPerSecond, double bound, double activityInterval, Counts counts) {
        double[] readAt = new double[nodes];
        Arrays.fill(readAt, Double.NEGATIVE_INFINITY);
        double activeAt = -random.nextDouble() * activityInterval;
        double[] offsets = new double[burst];
        double begin = 0;
        while (begin < WARM_UP_SECONDS + MEASURED_SECONDS) {
            for (int i = 0; i < burst; i++) {
                offsets[i] = i == 0 ? 0 : random.nextDouble() * BURST_SECONDS;
            }
            Arrays.sort(offsets);
            for (double offset : offsets) {
                double now = begin + offset;
                int node = nodes == 1 ? 0 : random.nextInt(nodes);
                boolean isRemembered = now - readAt[node] <= bound;
                if (!isRemembered) {
                    readAt[node] = now;
                }
                boolean isDue = now - activeAt >= activityInterval;
                if (isDue) {
                    activeAt = now;
                }
                if (now >= WARM_UP_SECONDS) {
                    counts.requests++;
                    counts.remembered += isRemembered ? 1 : 0;
                    counts.touches += isDue ? 1 : 0;
                }
            }
            // The logarithm of StrictMath is the same on every machine.
            begin += -StrictMath.log(1 - random.nextDouble()) / burstsPerSecond;
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    private static final class Counts {
        private long requests;
        private long remembered;
        private long touches;
    }
}
