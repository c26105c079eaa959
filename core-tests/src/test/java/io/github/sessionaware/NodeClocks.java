package io.github.sessionaware;

import java.util.function.LongSupplier;

/** The two clocks of a node. */
record NodeClocks(LongSupplier monotonic, ServiceClock wall) {}
