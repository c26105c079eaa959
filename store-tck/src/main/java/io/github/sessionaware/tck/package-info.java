/** The contract of {@code SessionStore} as tests: see {@link io.github.sessionaware.tck.SessionStoreContract}. */
@NullMarked
package io.github.sessionaware.tck;

import org.jspecify.annotations.NullMarked;
