package io.github.sessionaware.servlet;

import io.github.sessionaware.AuthenticatedSession;

/**
 * Marks a request that a gate has let pass, for its later dispatches. Another filter's gate may trust another service.
 */
record Passed(RequestGate gate, AuthenticatedSession session) {
    static final String ATTRIBUTE = Passed.class.getName();
}
