package io.github.sessionaware.examples.devices;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Responses that several servlets and filters give. */
final class Answers {
    private Answers() {}

    static void page(HttpServletResponse response, int status, String html) throws IOException {
        response.setStatus(status);
        response.setContentType("text/html;charset=utf-8");
        response.getOutputStream().write(html.getBytes(StandardCharsets.UTF_8));
    }

    /** Redirects to a page of this application. Callers never take the path from a request. */
    static void seeOther(HttpServletResponse response, String path) {
        response.setStatus(303);
        response.setHeader("Location", path);
    }
}
