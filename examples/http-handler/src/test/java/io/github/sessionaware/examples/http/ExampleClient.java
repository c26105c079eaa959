package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sends the requests of the tests, with the token of a device. */
final class ExampleClient {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String server;

    ExampleClient(ExampleServer server) {
        this(server.address().getPort());
    }

    ExampleClient(int port) {
        this.server = "http://127.0.0.1:" + port;
    }

    record LoggedIn(String token, String refreshToken, String deviceId) {
        static LoggedIn of(HttpResponse<String> response) {
            JsonNode answer = json(response);
            return new LoggedIn(
                    answer.get("accessToken").asText(),
                    answer.get("refreshToken").asText(),
                    answer.get("deviceId").asText());
        }
    }

    LoggedIn logIn(String user, String userAgent) {
        return LoggedIn.of(postForm("/login", "user=" + user + "&password=" + user + "-demo-password", userAgent));
    }

    HttpResponse<String> postForm(String path, String form, String userAgent) {
        return send(request(path)
                .header("User-Agent", userAgent)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    HttpResponse<String> postForm(String path, String form) {
        return postForm(path, form, "JUnit");
    }

    HttpResponse<String> postForm(String path, String form, LoggedIn device) {
        return send(request(path)
                .header("Authorization", "Bearer " + device.token())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    HttpResponse<String> get(String path, LoggedIn device) {
        return send("GET", path, device);
    }

    HttpResponse<String> delete(String path, LoggedIn device) {
        return send("DELETE", path, device);
    }

    HttpResponse<String> post(String path, LoggedIn device) {
        return send("POST", path, device);
    }

    HttpResponse<String> send(String method, String path, LoggedIn device) {
        return send(request(path)
                .header("Authorization", "Bearer " + device.token())
                .method(method, BodyPublishers.noBody()));
    }

    HttpResponse<String> send(String method, String path, BodyPublisher body) {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(method, body));
    }

    HttpResponse<String> send(String method, String path) {
        return send(request(path).method(method, BodyPublishers.noBody()));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server + path)).timeout(Duration.ofSeconds(60));
    }

    List<String> deviceIds(LoggedIn device) {
        List<String> ids = new ArrayList<>();
        json(get("/devices", device)).forEach(listed -> ids.add(listed.get("id").asText()));
        return ids;
    }

    JsonNode device(LoggedIn asking, LoggedIn wanted) {
        for (JsonNode listed : json(get("/devices", asking))) {
            if (listed.get("id").asText().equals(wanted.deviceId())) {
                return listed;
            }
        }
        throw new AssertionError("not listed");
    }

    static JsonNode json(HttpResponse<String> response) {
        assertEquals(200, response.statusCode(), response.body());
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("(none)");
    }
}
