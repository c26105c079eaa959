/**
 * JSON Web Tokens that can be taken back: a signed token per login that carries the id of a session record, and a
 * service that accepts the token only while that record exists.
 *
 * <p>Begin at {@link io.github.sessionaware.SessionAwareTokenService}. Authors of a store begin at
 * {@link io.github.sessionaware.SessionStore}.
 *
 * <p>Nothing in this package is null unless annotated {@link org.jspecify.annotations.Nullable}; passing null elsewhere
 * throws a {@link NullPointerException} that names the parameter. A user id of null is refused like every other bad
 * one, with {@link IllegalArgumentException}.
 */
@NullMarked
package io.github.sessionaware;

import org.jspecify.annotations.NullMarked;
