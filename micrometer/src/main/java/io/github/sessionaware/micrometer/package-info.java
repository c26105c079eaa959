/** Micrometer meters of a token service: see {@link io.github.sessionaware.micrometer.MicrometerSessionMetrics}. */
@NullMarked
package io.github.sessionaware.micrometer;

import org.jspecify.annotations.NullMarked;
