package io.github.sessionaware.examples.frameworks;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The sample of docs/frameworks.md for an API whose error page writes the body of each 401 and 503. */
final class ErrorPageSample {
    private ErrorPageSample() {}

    static void sendErrors(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        HttpServletResponse answer = (HttpServletResponse) response;
        if ((answer.getStatus() == 401 || answer.getStatus() == 503) && !answer.isCommitted()) {
            answer.sendError(answer.getStatus());
        }
    }
}
