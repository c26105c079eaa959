package io.github.sessionaware.testing.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.testing.RandomRuns;
import io.github.sessionaware.testing.StoreFixture;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs random histories on two services over one store, beside a model that does the same arithmetic in plain
 * milliseconds. After every step both services must list what the model holds.
 */
public interface SessionModel extends StoreFixture {

    @Test
    default void servicesAgreeWithTheModel() throws Exception {
        Map<String, Integer> reached = new TreeMap<>();
        List<String> outcomes = Stream.of(Action.values())
                .flatMap(action -> action.outcomes().stream().map(outcome -> action + ": " + outcome))
                .sorted()
                .toList();

        RandomRuns.check(300, random -> runHistory(random, reached));
        // The rarest outcome is reached a few times in 300 histories, so one run in some hundreds misses it.
        for (int more = 0; more < 30 && !reached.keySet().containsAll(outcomes) && !RandomRuns.repeatsOne(); more++) {
            RandomRuns.check(100, random -> runHistory(random, reached));
        }

        System.out.println(getClass().getSimpleName() + ", steps by outcome: " + reached);
        if (!RandomRuns.repeatsOne()) {
            assertEquals(
                    outcomes,
                    List.copyOf(reached.keySet()),
                    "The histories must reach each of these outcomes and no others");
        }
    }

    private void runHistory(Random random, Map<String, Integer> reached) {
        World world = new World(emptyStores(), random);
        int length = 1 + random.nextInt(60);
        for (int step = 0; step < length; step++) {
            Action action = Action.random(random);
            try {
                String outcome = world.take(action, random.nextInt(2));
                reached.merge(action + ": " + outcome, 1, Integer::sum);
                world.compareLists();
                world.compareNotifications();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("The last of these steps failed:\n" + world.steps(), e);
            }
        }
    }
}
