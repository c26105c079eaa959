package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.examples.http.ExampleClient.LoggedIn;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.HeldLogin;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PasswordChangeTest {
    private static final String OLD = "alice-demo-password";
    private static final String NEXT = "another-password";

    private final HeldLogin store = new HeldLogin(new InMemorySessionStore());
    private ExampleServer server;
    private ExampleClient client;

    @BeforeEach
    void start() throws Exception {
        server = Servers.on(store);
        client = new ExampleClient(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aNewPasswordLogsOutAllOtherDevicesAndRenewsTheTokensOfThisOne() {
        LoggedIn firefox = client.logIn("alice", "Firefox on Linux");
        LoggedIn iphone = client.logIn("alice", "Safari on iPhone");
        LoggedIn bob = client.logIn("bob", "Firefox on Linux");

        LoggedIn renewed = LoggedIn.of(change(firefox, OLD, NEXT));

        assertEquals(firefox.deviceId(), renewed.deviceId());
        assertEquals(200, client.get("/me", renewed).statusCode());
        assertEquals(401, client.get("/me", firefox).statusCode());
        assertEquals(401, client.get("/me", iphone).statusCode());
        assertEquals(200, client.get("/me", bob).statusCode());
        assertEquals(401, logIn(OLD).statusCode());
        assertEquals(200, logIn(NEXT).statusCode());
    }

    @Test
    void aRefusedChangeChangesNothing() {
        LoggedIn firefox = client.logIn("alice", "Firefox on Linux");

        assertEquals(403, change(firefox, "wrong", NEXT).statusCode());
        assertEquals(400, change(firefox, OLD, "short").statusCode());
        assertEquals(
                400, client.postForm("/password", "current=" + OLD, firefox).statusCode());

        assertEquals(200, client.get("/me", firefox).statusCode());
        assertEquals(200, logIn(OLD).statusCode());
    }

    @Test
    void aLoginThatCheckedTheOldPasswordIsRefusedOnceThePasswordHasChanged() throws Exception {
        LoggedIn firefox = client.logIn("alice", "Firefox on Linux");

        HttpResponse<String> late = store.during(() -> logIn(OLD), () -> {
            assertEquals(200, change(firefox, OLD, NEXT).statusCode());
            return null;
        });

        assertEquals(403, late.statusCode());
        assertEquals("{\"error\":\"The password has changed\"}\n", late.body());
        LoggedIn again = LoggedIn.of(logIn(NEXT));
        assertEquals(2, client.deviceIds(again).size(), "the device that changed the password, and this login");
    }

    /** The user replaces a stolen password, while the thief is about to replace it too. */
    @Test
    void ofTwoChangesThatCheckedTheSamePasswordOnlyOneSucceeds() {
        Users users = new Users(1);
        int checked = users.check("alice", OLD).orElseThrow();

        List<Boolean> changes =
                List.of(users.change("alice", checked, NEXT), users.change("alice", checked, "thief's"));

        assertEquals(List.of(true, false), changes);
        assertEquals(checked + 1, users.check("alice", NEXT).orElseThrow());
    }

    private HttpResponse<String> logIn(String password) {
        return client.postForm("/login", "user=alice&password=" + password);
    }

    private HttpResponse<String> change(LoggedIn device, String current, String next) {
        return client.postForm("/password", "current=" + current + "&next=" + next, device);
    }
}
