/**
 * A runnable program on the JDK's own HTTP server: log in, list your devices, log one out.
 *
 * <p>Copy {@link io.github.sessionaware.examples.http.SessionFilter}.
 * {@link io.github.sessionaware.examples.http.ExampleServer} shows how to wire it.
 */
@NullMarked
package io.github.sessionaware.examples.http;

import org.jspecify.annotations.NullMarked;
