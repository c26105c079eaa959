/** Measures what a validate costs, compared with the alternatives. {@link Benchmarks} runs it. */
@NullMarked
package io.github.sessionaware.benchmarks;

import org.jspecify.annotations.NullMarked;
