package io.github.sessionaware.redis;

import io.github.sessionaware.SessionStoreException;

/** Decides whether enough replicas have acknowledged a change. */
final class Acknowledgements {
    private Acknowledgements() {}

    static void require(int replicas, long acknowledged) {
        if (acknowledged < replicas) {
            throw new SessionStoreException(
                    "Only " + acknowledged + " of " + replicas + " replicas have acknowledged in"
                            + " time. The outcome is unknown: the primary has made the change, and a failover may undo it. Call"
                            + " again");
        }
    }
}
