package io.github.sessionaware.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;

/** A servlet container on a free port of the loopback interface. */
interface Container {
    /**
     * Starts one application twice, at the root and at {@code /app}. The filter is mapped to all paths and dispatches.
     * At the root, the statuses 403, 404, 500 and 503 lead to the page {@code /error}. The other has no such page.
     *
     * @return the port
     */
    int start(Filter filter, HttpServlet servlet) throws Exception;

    void stop() throws Exception;
}
