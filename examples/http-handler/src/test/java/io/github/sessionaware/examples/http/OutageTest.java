package io.github.sessionaware.examples.http;

import static io.github.sessionaware.examples.http.ExampleClient.header;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.examples.http.ExampleClient.LoggedIn;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageTest {
    @TempDir
    Path data;

    private final SwitchableStore store = new SwitchableStore();
    private ExampleServer server;
    private ExampleClient client;
    private LoggedIn device;

    @BeforeEach
    void start() throws Exception {
        server = Servers.on(store);
        client = new ExampleClient(server);
        device = client.logIn("alice", "Firefox on Linux");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anOutageAnswersALiveSessionWith503AndNot401() {
        store.isDown = true;

        assertUnavailable(client.get("/me", device));
    }

    @Test
    void anOutageInsideAHandlerIsAnsweredWith503() {
        store.isListDown = true;

        assertEquals(200, client.get("/me", device).statusCode());
        assertUnavailable(client.get("/devices", device));
    }

    @Test
    void anOutageAnswersALoginWith503() {
        store.isDown = true;

        assertUnavailable(client.postForm("/login", "user=alice&password=alice-demo-password"));
    }

    @Test
    void aForgedTokenIsAnsweredWith401DuringAnOutage() {
        store.isDown = true;

        assertEquals(
                401,
                client.get("/me", new LoggedIn("not.a.token", "none", "none")).statusCode());
    }

    @Test
    void aDatabaseWithoutItsTableIsAnsweredWith503() throws Exception {
        String url = "jdbc:h2:mem:lost";
        try (ExampleServer onDatabase = Servers.with("--jdbc-url", url, "--data", data.toString())) {
            ExampleClient other = new ExampleClient(onDatabase);
            LoggedIn listed = other.logIn("alice", "Firefox on Linux");

            try (Connection connection = DriverManager.getConnection(url)) {
                connection.createStatement().execute("SHUTDOWN");
            }

            assertUnavailable(other.get("/me", listed));
        }
    }

    @Test
    void sessionsContinueAfterAnOutage() {
        store.isDown = true;
        assertUnavailable(client.get("/me", device));
        store.isDown = false;

        assertEquals(200, client.get("/me", device).statusCode());
    }

    private static void assertUnavailable(HttpResponse<String> response) {
        assertEquals(503, response.statusCode());
        assertEquals("5", header(response, "Retry-After"));
        assertEquals("no-store", header(response, "Cache-Control"));
        assertEquals("(none)", header(response, "WWW-Authenticate"));
        assertEquals("{\"error\":\"Temporarily unavailable\"}\n", response.body());
    }
}
