package io.github.sessionaware.examples.devices;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Keeps cookies and sends forms as a browser does, but follows no redirects. */
final class Browser {
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    private static final Pattern HIDDEN = Pattern.compile("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");

    private static final String KNOWN = "__Host-known";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, String> cookies = new TreeMap<>();
    private String known = "";
    private final URI server;
    private final String userAgent;
    private String address;

    Browser(int port, String userAgent) {
        this.server = URI.create("http://localhost:" + port);
        this.userAgent = userAgent;
    }

    /** Sends this client address with all requests, as a proxy would. */
    Browser from(String address) {
        this.address = address;
        return this;
    }

    /** The cookies of a session, which a sign-out deletes. */
    Map<String, String> cookies() {
        return cookies;
    }

    /** Returns the name of the only cookie of a kind, {@code access} or {@code refresh}. */
    String cookie(String kind) {
        List<String> names = cookies.keySet().stream()
                .filter(name -> name.startsWith("__Host-session-" + kind + "-"))
                .toList();
        if (names.size() != 1) {
            throw new AssertionError("expected one cookie of the kind " + kind + ", has " + cookies.keySet());
        }
        return names.get(0);
    }

    Browser withoutAccessToken() {
        cookies.remove(cookie("access"));
        return this;
    }

    /** The cookie that makes this a known browser, or an empty string. */
    String known() {
        return known;
    }

    void known(String cookie) {
        known = cookie;
    }

    Browser signedIn(String user) throws Exception {
        HttpResponse<String> answer = post("/sign-in", Map.of("user", user, "password", Users.DEMO.get(user)));
        if (answer.statusCode() != 303) {
            throw new AssertionError("not signed in: " + answer.statusCode());
        }
        return this;
    }

    /**
     * Returns another tab of this browser as it is now, whose requests carry these cookies until their answers arrive.
     */
    Browser tab() {
        Browser tab = new Browser(server.getPort(), userAgent);
        tab.cookies.putAll(cookies);
        tab.address = address;
        return tab;
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    /** Returns the hidden fields of the forms on a page. */
    Map<String, String> fields(String page) throws Exception {
        Map<String, String> fields = new TreeMap<>();
        Matcher field = HIDDEN.matcher(get(page).body());
        while (field.find()) {
            fields.put(field.group(1), field.group(2));
        }
        return fields;
    }

    HttpResponse<String> json(String path, String user, String password) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"user\":\"" + user + "\",\"password\":\"" + password + "\"}")));
    }

    /** Sends a form with the CSRF token from the page that contains it. */
    HttpResponse<String> submit(String page, String path, Map<String, String> fields, String... headers)
            throws Exception {
        Matcher token = TOKEN.matcher(get(page).body());
        if (!token.find()) {
            throw new AssertionError("no form on " + page);
        }
        Map<String, String> all = new TreeMap<>(fields);
        all.put("csrf", token.group(1));
        List<String> sent = new ArrayList<>(List.of("Referer", server + page));
        sent.addAll(List.of(headers));
        return post(path, all, sent.toArray(String[]::new));
    }

    HttpResponse<String> post(String path, Map<String, String> fields, String... headers) throws Exception {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve(path)).headers("User-Agent", userAgent, "Accept", "text/html");
        if (address != null) {
            request.header("X-Forwarded-For", address);
        }
        Map<String, String> all = new TreeMap<>(cookies);
        if (!known.isEmpty()) {
            all.put(KNOWN, known);
        }
        if (!all.isEmpty()) {
            request.header(
                    "Cookie",
                    all.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        receive(answer);
        return answer;
    }

    /** Keeps the cookies of an answer, which may be one to another tab. */
    void receive(HttpResponse<String> answer) {
        for (String header : answer.headers().allValues("Set-Cookie")) {
            List<String> parts = List.of(header.split("; ", -1));
            String[] cookie = parts.get(0).split("=", 2);
            if (!cookie[0].startsWith("__Host-")
                    || !parts.containsAll(List.of("Path=/", "Secure", "HttpOnly", "SameSite=Lax"))) {
                throw new AssertionError("not a safe cookie: " + header);
            }
            if (cookie[0].equals(KNOWN)) {
                known = cookie[1];
            } else if (cookie[1].isEmpty()) {
                cookies.remove(cookie[0]);
            } else {
                cookies.put(cookie[0], cookie[1]);
            }
        }
    }
}
