package io.github.sessionaware.examples.devices;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Serves the style sheet, the script and the icon of the pages, and no other file. */
final class StaticServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Map<String, String> TYPES = Map.of(
            "/page.css",
            "text/css;charset=utf-8",
            "/page.js",
            "text/javascript;charset=utf-8",
            "/icon.svg",
            "image/svg+xml");

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String type = request.getPathInfo() == null ? null : TYPES.get(request.getPathInfo());
        if (type == null) {
            response.setStatus(404);
            return;
        }
        response.setContentType(type);
        response.setHeader("Cache-Control", "no-cache");
        try (InputStream file = StaticServlet.class.getResourceAsStream("/static" + request.getPathInfo())) {
            if (file != null) {
                file.transferTo(response.getOutputStream());
            }
        }
    }
}
