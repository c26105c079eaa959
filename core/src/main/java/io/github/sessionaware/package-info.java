/**
 * JSON Web Tokens that can be revoked. Each login gets a signed token that carries the id of a session record, and the
 * service accepts the token only while that record exists.
 *
 * <p>Start with {@link io.github.sessionaware.SessionAwareTokenService}. Authors of a store start with
 * {@link io.github.sessionaware.SessionStore}.
 *
 * <p>Nothing in this package is null unless annotated {@link org.jspecify.annotations.Nullable}; passing null elsewhere
 * throws a {@link NullPointerException} that names the parameter. A user id that is null is refused like every other
 * invalid one, with {@link IllegalArgumentException}.
 */
@NullMarked
package io.github.sessionaware;

import org.jspecify.annotations.NullMarked;
