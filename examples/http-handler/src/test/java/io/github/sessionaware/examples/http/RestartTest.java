package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.examples.http.ExampleClient.LoggedIn;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    @TempDir
    Path data;

    @Test
    void aRestartKeepsLoginsAndLogouts() throws Exception {
        LoggedIn firefox;
        LoggedIn iphone;
        try (ExampleServer server = Servers.onFiles(data)) {
            ExampleClient client = new ExampleClient(server);
            firefox = client.logIn("alice", "Firefox on Linux");
            iphone = client.logIn("alice", "Safari on iPhone");
            client.delete("/devices/" + iphone.deviceId(), firefox);
        }

        try (ExampleServer server = Servers.onFiles(data)) {
            ExampleClient client = new ExampleClient(server);
            assertEquals(200, client.get("/me", firefox).statusCode());
            assertEquals(List.of(firefox.deviceId()), client.deviceIds(firefox));
            assertEquals(401, client.get("/me", iphone).statusCode());
        }
    }

    @Test
    void aGivenDatabaseReplacesTheOneInTheFolder() throws Exception {
        String[] args = {"--data", data.toString(), "--jdbc-url", "jdbc:h2:" + data.resolve("mine")};
        LoggedIn device;
        try (ExampleServer server = Servers.with(args)) {
            device = new ExampleClient(server).logIn("alice", "Firefox on Linux");
        }

        try (ExampleServer server = Servers.with(args)) {
            assertEquals(200, new ExampleClient(server).get("/me", device).statusCode());
        }
        try (ExampleServer other = Servers.onFiles(data)) {
            assertEquals(401, new ExampleClient(other).get("/me", device).statusCode());
        }
    }

    @Test
    void inMemoryARestartEndsAllLogins() throws Exception {
        LoggedIn device;
        try (ExampleServer server = Servers.with("--memory")) {
            ExampleClient client = new ExampleClient(server);
            device = client.logIn("alice", "Firefox on Linux");
            assertEquals(200, client.get("/me", device).statusCode());
        }

        try (ExampleServer server = Servers.with("--memory")) {
            assertEquals(401, new ExampleClient(server).get("/me", device).statusCode());
        }
    }
}
