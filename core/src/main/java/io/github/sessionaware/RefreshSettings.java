package io.github.sessionaware;

import io.github.sessionaware.SessionListener.Novelty;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a service that issues refresh tokens.
 *
 * @param hashes one or more; the first makes the hashes and the tokens, and each of them recognizes its own
 * @param claims from the user id and the session to the claims of a refreshed token; null if it carries none
 * @param refusedRetries a retry that differs in one of these is refused
 */
record RefreshSettings(
        List<RefreshHash> hashes,
        @Nullable BiFunction<String, Session, Map<String, ?>> claims,
        Set<Novelty> refusedRetries) {

    /** Returns the hash that makes hashes and tokens. */
    RefreshHash hash() {
        return hashes.get(0);
    }
}
