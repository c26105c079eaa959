/**
 * The contract that every store of sessions must pass, as tests to inherit: see
 * {@link io.github.sessionaware.tck.SessionStoreContract}.
 */
@NullMarked
package io.github.sessionaware.tck;

import org.jspecify.annotations.NullMarked;
