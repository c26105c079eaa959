package io.github.sessionaware.testing.invariants;

import io.github.sessionaware.testing.StoreFixture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Races of callers on two nodes. To change the number of rounds, set the system property {@code races.rounds}. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
public interface Races extends StoreFixture {
    int CALLERS = 32;

    /** Returns how often each race is run. */
    default int rounds() {
        return Integer.getInteger("races.rounds", 2);
    }
}
