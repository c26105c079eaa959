package io.github.sessionaware.examples.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds a handler by whole path and method. The server itself matches only prefixes, so {@code /mexyz} would reach
 * {@code /me}.
 */
final class Router implements HttpHandler {
    private final List<Route> routes = new ArrayList<>();

    private record Route(String method, Pattern path, HttpHandler handler) {}

    Router on(String method, String path, HttpHandler handler) {
        routes.add(new Route(method, Pattern.compile(path), handler));
        return this;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        List<Route> samePath = routes.stream()
                .filter(route -> route.path().matcher(path).matches())
                .toList();
        if (samePath.isEmpty()) {
            throw new HttpError(404, "Not found");
        }
        String method = exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
        for (Route route : samePath) {
            if (route.method().equals(method)) {
                route.handler().handle(exchange);
                return;
            }
        }
        exchange.getResponseHeaders().set("Allow", allowed(samePath));
        throw new HttpError(405, "Method not allowed");
    }

    private static String allowed(List<Route> routes) {
        TreeSet<String> methods = new TreeSet<>();
        for (Route route : routes) {
            methods.add(route.method());
            if (route.method().equals("GET")) {
                methods.add("HEAD");
            }
        }
        return String.join(", ", methods);
    }
}
