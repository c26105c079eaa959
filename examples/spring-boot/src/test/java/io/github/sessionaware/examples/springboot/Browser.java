package io.github.sessionaware.examples.springboot;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sends what the scripts of a page send, with the cookies of one browser. It follows no redirects. */
final class Browser {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    final Map<String, String> cookies = new TreeMap<>();
    private final URI address;

    Browser(URI address) {
        this.address = address;
    }

    /** Sends the form of the sign-in page. */
    HttpResponse<String> signIn(String name, String password) {
        return send("POST", "/sign-in", "name", name, "password", password);
    }

    int status(String method, String path, String... fields) {
        return send(method, path, fields).statusCode();
    }

    HttpResponse<String> get(String path) {
        return send("GET", path);
    }

    /** Sends a form with these names and values, if there are any. */
    HttpResponse<String> send(String method, String path, String... fields) {
        return sendFrom("same-origin", method, path, fields);
    }

    /** Sends a request that a page of the given site has caused. */
    HttpResponse<String> sendFrom(String site, String method, String path, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .header("Sec-Fetch-Mode", "cors")
                .header("Sec-Fetch-Site", site);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        if (fields.length == 0) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/x-www-form-urlencoded");
            request.method(method, BodyPublishers.ofString(form(fields)));
        }
        return keepingCookies(request.build());
    }

    private static String form(String... fields) {
        return Stream.iterate(0, i -> i < fields.length, i -> i + 2)
                .map(i -> fields[i] + "=" + URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private HttpResponse<String> keepingCookies(HttpRequest request) {
        HttpResponse<String> response;
        try {
            response = CLIENT.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        for (String cookie : response.headers().allValues("Set-Cookie")) {
            String name = cookie.substring(0, cookie.indexOf('='));
            if (cookie.contains("Expires=Thu, 01 Jan 1970")) {
                cookies.remove(name);
            } else {
                cookies.put(name, cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';')));
            }
        }
        return response;
    }
}
