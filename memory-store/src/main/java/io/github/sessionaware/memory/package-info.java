/** Keeps sessions in the memory of one process: see {@link io.github.sessionaware.memory.InMemorySessionStore}. */
@NullMarked
package io.github.sessionaware.memory;

import org.jspecify.annotations.NullMarked;
