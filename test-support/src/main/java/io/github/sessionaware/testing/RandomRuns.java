package io.github.sessionaware.testing;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs a test many times, each time with another random source. A failure names the seed of its run. To repeat that run
 * alone, set the system property {@code random.seed} to the seed.
 */
public final class RandomRuns {
    private static final String PROPERTY = "random.seed";

    private RandomRuns() {}

    /** Fails with the first run that fails. */
    public static void check(int runs, Run run) throws Exception {
        if (repeatsOne()) {
            run(seed(), run);
            return;
        }
        // Seeds in a row would not do: Random gives them nearly the same first number.
        for (int i = 0; i < runs; i++) {
            run(seed(), run);
        }
    }

    /** Tells whether {@link #check} repeats a single run. One run cannot reach what many runs reach together. */
    public static boolean repeatsOne() {
        return Long.getLong(PROPERTY) != null;
    }

    /** Returns the seed of the system property, or a random one. */
    public static long seed() {
        return Long.getLong(PROPERTY, ThreadLocalRandom.current().nextLong());
    }

    /** Says how to repeat a run with this seed. */
    public static String repeat(long seed) {
        return "Repeat it with -D" + PROPERTY + "=" + seed;
    }

    private static void run(long seed, Run run) throws Exception {
        try {
            run.with(new Random(seed));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("This run failed. " + repeat(seed), e);
        }
    }

    /** One run of a test. It takes everything that varies from the random source. */
    @FunctionalInterface
    public interface Run {
        void with(Random random) throws Exception;
    }
}
