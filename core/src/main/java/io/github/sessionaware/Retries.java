package io.github.sessionaware;

import java.util.Optional;
import java.util.function.Supplier;

/** Repeats an attempt to change a session while other callers change it first. */
final class Retries {
    /** Bounds the loop. A retry happens only after another caller has changed the same session. */
    private static final int MAX_ATTEMPTS = 100;

    private Retries() {}

    /** An empty result means that another caller changed the session first. */
    static <T> T untilDone(Supplier<Optional<T>> attempt) {
        for (int attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
            Optional<T> result = attempt.get();
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw new SessionStoreException(
                "Other callers changed the session at each of " + MAX_ATTEMPTS + " attempts to change it; try again");
    }
}
