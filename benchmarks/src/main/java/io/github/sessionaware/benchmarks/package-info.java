/** What a validate costs, beside what one would use instead. Started by {@link Benchmarks}. */
@NullMarked
package io.github.sessionaware.benchmarks;

import org.jspecify.annotations.NullMarked;
