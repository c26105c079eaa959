package io.github.sessionaware.examples.http;

import static io.github.sessionaware.examples.http.ExampleClient.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.sessionaware.examples.http.ExampleClient.LoggedIn;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {
    private static ExampleServer server;
    private static ExampleClient client;
    private static LoggedIn device;

    @BeforeAll
    static void start() throws Exception {
        server = Servers.inMemory();
        client = new ExampleClient(server);
        device = client.logIn("alice", "Firefox on Linux");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user=alice&password=wrong",
                "user=alice&password=",
                "user=alice&password=bob-demo-password",
                "user=Alice&password=alice-demo-password",
                "user=mallory&password=alice-demo-password",
                "user=&password=x",
                "user=%00&password=%FF"
            })
    void aWrongPasswordAndAnUnknownUserAreAnsweredAlike(String form) {
        HttpResponse<String> response = client.postForm("/login", form);

        assertEquals(401, response.statusCode());
        assertEquals("{\"error\":\"Wrong user or password\"}\n", response.body());
        assertEquals("Form realm=\"api\"", header(response, "WWW-Authenticate"));
        assertEquals("no-store", header(response, "Cache-Control"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user=alice",
                "password=alice-demo-password",
                "user=alice&password=%",
                "user=alice&password=%zz",
                "user=alice&user=bob&password=bob-demo-password",
                "user&password",
                "=",
                "&&&",
                "{\"user\":\"alice\"}"
            })
    void aMalformedFormIsAnsweredWith400(String form) {
        assertEquals(400, client.postForm("/login", form).statusCode());
    }

    @Test
    void aRefreshReturnsNewTokensOfTheSameSession() {
        LoggedIn login = client.logIn("bob", "Firefox on Linux");

        LoggedIn next = LoggedIn.of(client.postForm("/refresh", "refreshToken=" + login.refreshToken()));

        assertEquals(login.deviceId(), next.deviceId());
        assertNotEquals(login.refreshToken(), next.refreshToken());
        assertEquals(200, client.get("/me", next).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "~~", "%00"})
    void aMalformedRefreshTokenIsAnsweredWith401(String token) {
        HttpResponse<String> response = client.postForm("/refresh", "refreshToken=" + token);

        assertEquals(401, response.statusCode());
        assertEquals("{\"error\":\"Log in again\"}\n", response.body());
    }

    @Test
    void anotherContentTypeIsAnsweredWith415() {
        HttpResponse<String> response = client.send(client.request("/login")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));

        assertEquals(415, response.statusCode());
        assertEquals(415, client.send("POST", "/login").statusCode());
    }

    @Test
    void aFormOfExactlyTheLimitIsReadAndOneByteMoreIsAnsweredWith413() {
        String form = "user=alice&password=";
        String filler = "x".repeat(Form.MAX_BYTES - form.length());

        assertEquals(401, client.postForm("/login", form + filler).statusCode());
        assertEquals(413, client.postForm("/login", form + filler + "x").statusCode());
    }

    @Test
    void aHugeBodyIsAnsweredWithAndWithoutAContentLength() {
        byte[] huge = new byte[5_000_000];

        assertEquals(
                413,
                client.send("POST", "/login", BodyPublishers.ofByteArray(huge)).statusCode());
        assertEquals(
                413,
                client.send("POST", "/login", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(huge)))
                        .statusCode());
        assertEquals(
                401,
                client.send("DELETE", "/devices/x", BodyPublishers.ofByteArray(huge))
                        .statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked\r\n\r\nzz\r\nuser", "Content-Length: 99\r\n\r\nuser=alice"})
    void anIncompleteBodyIsAnsweredWith400(String lengthAndBody) throws Exception {
        String request = "POST /login HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\n" + lengthAndBody;
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();

            byte[] statusLine = socket.getInputStream().readNBytes(12);

            assertEquals("HTTP/1.1 400", new String(statusLine, StandardCharsets.US_ASCII));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/mexyz", "/me/", "/ME", "//me", "/%6De", "/devices/", "/devices/a/b", "/loginx"})
    void anyOtherPathIsAnsweredWith404(String path) {
        assertEquals(404, client.get(path, device).statusCode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GET     | /login                 | POST
                    POST    | /me                    | GET, HEAD
                    OPTIONS | /me                    | GET, HEAD
                    TRACE   | /devices               | GET, HEAD
                    DELETE  | /devices               | GET, HEAD
                    PUT     | /devices/abc           | DELETE
                    GET     | /devices/revoke-others | DELETE, POST
                    BREW    | /logout                | POST
                    """)
    void aWrongMethodIsAnsweredWith405AndTheAllowedMethods(String method, String path, String allowed) {
        HttpResponse<String> response = client.send(method, path, device);

        assertEquals(405, response.statusCode());
        assertEquals(allowed, header(response, "Allow"));
    }

    @Test
    void headIsAnsweredLikeGetWithoutABody() {
        HttpResponse<String> get = client.get("/me", device);
        HttpResponse<String> head = client.send("HEAD", "/me", device);

        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        assertEquals(header(get, "Content-Length"), header(head, "Content-Length"));
        assertEquals(401, client.send("HEAD", "/me").statusCode());
    }

    @Test
    void aRequestWithoutATokenGetsAChallengeWithoutAnErrorCode() {
        HttpResponse<String> response = client.send("GET", "/me");

        assertEquals(401, response.statusCode());
        assertEquals("Bearer realm=\"api\"", header(response, "WWW-Authenticate"));
    }

    @Test
    void severalAuthorizationHeadersAreRefused() {
        HttpResponse<String> response = client.send(client.request("/me")
                .header("Authorization", "Bearer " + device.token())
                .header("Authorization", "Bearer " + device.token()));

        assertEquals(401, response.statusCode());
        assertEquals(200, client.get("/me", device).statusCode());
    }

    @Test
    void noResponseMayBeCached() {
        assertEquals("no-store", header(client.get("/me", device), "Cache-Control"));
        assertEquals("no-store", header(client.get("/devices", device), "Cache-Control"));
        assertEquals("no-store", header(client.post("/devices/revoke-others", device), "Cache-Control"));
        assertEquals("no-store", header(client.delete("/devices/unknown", device), "Cache-Control"));
        assertEquals("no-store", header(client.send("GET", "/me"), "Cache-Control"));
        HttpResponse<String> login = client.postForm("/login", "user=bob&password=bob-demo-password");
        assertEquals(200, login.statusCode());
        assertEquals("no-store", header(login, "Cache-Control"));
    }
}
