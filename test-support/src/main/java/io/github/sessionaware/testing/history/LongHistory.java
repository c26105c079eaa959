package io.github.sessionaware.testing.history;

import org.junit.jupiter.api.Tag;

/** Takes more rounds than every build has time for. */
@Tag("thorough")
public interface LongHistory extends ExplainedHistory {

    @Override
    default int rounds() {
        return Integer.getInteger("history.rounds", 1_000);
    }
}
