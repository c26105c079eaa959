package io.github.sessionaware;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** The service's only source of time. Drops what is finer than a millisecond, as stores do. */
record ServiceClock(InstantSource source) {
    Instant now() {
        return source.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
