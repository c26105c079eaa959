/**
 * A runnable program on the JDK's own HTTP server: log in, list your devices, log one out.
 *
 * <p>What to copy is {@link io.github.sessionaware.examples.http.SessionFilter}; how it is wired is in
 * {@link io.github.sessionaware.examples.http.ExampleServer}.
 */
@NullMarked
package io.github.sessionaware.examples.http;

import org.jspecify.annotations.NullMarked;
