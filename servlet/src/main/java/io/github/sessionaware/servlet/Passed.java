package io.github.sessionaware.servlet;

import io.github.sessionaware.AuthenticatedSession;

/** Marks a request that a filter has let pass, for its later dispatches. Another filter may trust another service. */
record Passed(SessionFilter filter, AuthenticatedSession session) {
    static final String ATTRIBUTE = Passed.class.getName();
}
