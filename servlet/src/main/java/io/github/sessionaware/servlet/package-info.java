/**
 * Sessions for servlet applications: {@link io.github.sessionaware.servlet.SessionFilter} stands before the servlets,
 * and {@link io.github.sessionaware.servlet.SessionRequestFilter} before the resources of JAX-RS.
 */
@NullMarked
package io.github.sessionaware.servlet;

import org.jspecify.annotations.NullMarked;
