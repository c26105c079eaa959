package io.github.sessionaware.tck;

import io.github.sessionaware.SessionStore;

/**
 * A group of rules. {@link SessionStoreContract} implements every group. The methods of an interface are public, so
 * each rule is marked {@code @hidden}, which keeps it out of the contract's javadoc.
 */
interface Rules {

    SessionStore store();

    SessionStore otherNode(SessionStore store);

    boolean dropsExpired();
}
