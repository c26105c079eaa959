package io.github.sessionaware.servlet;

import java.security.Principal;

/**
 * The user of a request, named by the user id. It is not nested in a class of servlets or of JAX-RS, because an
 * application may have only one of the two on its class path.
 */
record UserPrincipal(String getName) implements Principal {
    @Override
    public String toString() {
        return getName;
    }
}
