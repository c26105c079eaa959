package io.github.sessionaware.testing.invariants;

import org.junit.jupiter.api.Tag;

/** Runs each race more often than every build has time for. */
@Tag("thorough")
public interface ManyRounds extends Races {

    @Override
    default int rounds() {
        return Integer.getInteger("races.rounds", 10);
    }
}
