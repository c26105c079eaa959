package io.github.sessionaware.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Keeps cookies by name as a browser does, but follows no redirects. It writes requests byte by byte, because libraries
 * refuse to send what attackers send.
 *
 * <p>{@link #send} is a whole round trip. {@link #exchange} leaves the cookies alone, and {@link #accept} takes those
 * of an answer later: so a test chooses the order in which the answers of several requests arrive.
 */
final class Browser {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final int port;
    private final Map<String, String> cookies = new TreeMap<>();
    private final Map<String, String> standing = new LinkedHashMap<>();
    private String address = "127.0.0.1";

    Browser(int port) {
        this.port = port;
    }

    /** Sends a header with each request. */
    Browser with(String header, String value) {
        standing.put(header, value);
        return this;
    }

    /** Connects from another address of this machine. */
    Browser from(String address) {
        this.address = address;
        return this;
    }

    Map<String, String> cookies() {
        return cookies;
    }

    /** Returns the names of the cookies for one kind of token, in their order. */
    List<String> names(String kind) {
        return cookies.keySet().stream()
                .filter(name -> name.startsWith("__Host-session-" + kind + "-"))
                .toList();
    }

    String value(String kind) {
        return cookies.get(names(kind).get(0));
    }

    /** Makes a copy of this browser as it is now, such as one whose next answers get lost. */
    Browser copy() {
        Browser copy = new Browser(port);
        copy.cookies.putAll(cookies);
        copy.standing.putAll(standing);
        copy.address = address;
        return copy;
    }

    Answer get(String path, String... headers) {
        return send("GET", path, Map.of(), headers);
    }

    Answer post(String path, Map<String, String> fields, String... headers) {
        return send("POST", path, fields, headers);
    }

    Browser signedIn(String user) {
        Answer answer = post("/sign-in", Map.of("user", user));
        if (answer.status() != 303) {
            throw new AssertionError("not signed in: " + answer);
        }
        return this;
    }

    Answer send(String method, String path, Map<String, String> fields, String... headers) {
        return accept(exchange(method, path, fields, headers));
    }

    /**
     * Sends a request as a page of the application makes it: a navigation, or with POST a form.
     *
     * @param headers such as {@code Accept: text/html}; each replaces the browser's own of that name, and one without a
     *     value removes it
     */
    Answer exchange(String method, String path, Map<String, String> fields, String... headers) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("Host", List.of("localhost:" + port));
        all.put("Sec-Fetch-Site", List.of("same-origin"));
        all.put("Sec-Fetch-Mode", List.of("navigate"));
        all.put("Accept", List.of("text/html,*/*;q=0.8"));
        all.put("User-Agent", List.of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"));
        String body = "";
        if (!method.equals("GET") && !method.equals("HEAD")) {
            all.put("Origin", List.of("http://localhost:" + port));
            all.put("Content-Type", List.of("application/x-www-form-urlencoded"));
            body = fields.entrySet().stream()
                    .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
            all.put("Content-Length", List.of(String.valueOf(body.length())));
        }
        if (!cookies.isEmpty()) {
            all.put(
                    "Cookie",
                    List.of(cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; "))));
        }
        all.put("Connection", List.of("close"));
        standing.forEach((name, value) -> all.put(name, List.of(value)));
        Map<String, List<String>> own = new LinkedHashMap<>();
        for (String header : headers) {
            int colon = header.indexOf(':');
            own.computeIfAbsent(header.substring(0, colon), name -> new ArrayList<>())
                    .add(header.substring(colon + 1).stripLeading());
        }
        all.putAll(own);
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        all.forEach((name, values) -> values.stream()
                .filter(value -> !value.isEmpty())
                .forEach(value -> head.append(name).append(": ").append(value).append("\r\n")));
        return raw(head + "\r\n" + body);
    }

    /** Sends any bytes, one per character, and returns what comes until the server closes the connection. */
    Answer raw(String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(address), 0)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return Answer.parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the cookies of an answer that arrives now. */
    Answer accept(Answer answer) {
        for (String header : answer.setCookies()) {
            String pair = header.substring(0, header.indexOf(';'));
            String name = pair.substring(0, pair.indexOf('='));
            if (Answer.isDeletion(header)) {
                cookies.remove(name);
            } else {
                cookies.put(name, pair.substring(name.length() + 1));
            }
        }
        return answer;
    }
}
