package io.github.sessionaware.examples.frameworks;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Sends what a browser sends. It keeps cookies that are {@code Secure} although the server has no TLS, as Chrome and
 * Firefox do for {@code localhost}. It follows no redirects.
 */
final class Browser {
    private static final Pattern FIELD = Pattern.compile("<input type=hidden name=\"([^\"]*)\" value=\"([^\"]*)\">");

    final Map<String, String> cookies = new TreeMap<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI address;
    private final String userAgent;

    Browser(URI address, String userAgent) {
        this.address = address;
        this.userAgent = userAgent;
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, Map<String, String> fields) throws Exception {
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    /** Opens the sign-in page, fills in its form and sends it. */
    HttpResponse<String> signIn(String page, String user, String password) throws Exception {
        return post("/sign-in", filledIn(get(page), user, password));
    }

    static Map<String, String> filledIn(HttpResponse<String> page, String user, String password) {
        Map<String, String> fields = new LinkedHashMap<>(Map.of("user", user, "password", password));
        Matcher hidden = FIELD.matcher(page.body());
        while (hidden.find()) {
            fields.put(
                    hidden.group(1),
                    hidden.group(2).replace("&quot;", "\"").replace("&lt;", "<").replace("&amp;", "&"));
        }
        return fields;
    }

    static String location(HttpResponse<?> response) {
        return URI.create(response.headers().firstValue("Location").orElse("")).toString();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .header("Accept", "text/html,application/xhtml+xml")
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Site", "same-origin")
                .header("User-Agent", userAgent);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
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
