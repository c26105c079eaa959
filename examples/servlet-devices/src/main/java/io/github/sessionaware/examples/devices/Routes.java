package io.github.sessionaware.examples.devices;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds a handler by method and path. Other paths get a 404, and other methods a 405 with the allowed ones. */
final class Routes {
    private final Refusal refusal;
    private final List<Route> routes = new ArrayList<>();

    Routes(Refusal refusal) {
        this.refusal = refusal;
    }

    /** Adds a handler. The path is a pattern that the whole undecoded path must match. */
    Routes on(String method, String path, Handler handler) {
        routes.add(new Route(method, Pattern.compile(path), handler));
        return this;
    }

    void answer(String method, HttpServletRequest request, HttpServletResponse response) throws IOException {
        List<String> allowed = new ArrayList<>();
        for (Route route : routes) {
            Matcher path = route.path().matcher(request.getRequestURI());
            if (path.matches()) {
                if (route.method().equals(method)) {
                    route.handler().handle(request, response, path);
                    return;
                }
                allowed.add(route.method());
            }
        }
        if (allowed.isEmpty()) {
            refusal.answer(response, 404);
        } else {
            response.setHeader("Allow", String.join(", ", allowed));
            refusal.answer(response, 405);
        }
    }

    interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response, Matcher path) throws IOException;
    }

    interface Refusal {
        void answer(HttpServletResponse response, int status) throws IOException;
    }

    private record Route(String method, Pattern path, Handler handler) {}
}
