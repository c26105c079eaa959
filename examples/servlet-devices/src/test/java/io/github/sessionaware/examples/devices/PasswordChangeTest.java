package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A sign-in checks the old password, and stores its session after the password has changed. */
class PasswordChangeTest {
    private static final String OLD = Users.DEMO.get("alice");
    private static final String NEXT = "another-demo-password";

    @RegisterExtension
    final TestServer server = new TestServer();

    @Test
    void aSignInWithTheOldPasswordIsRefusedOnceThePasswordHasChanged() throws Exception {
        Browser laptop = browser().signedIn("alice");
        Browser phone = browser();

        HttpResponse<String> late = server.duringSignIn(
                () -> phone.post("/sign-in", Map.of("user", "alice", "password", OLD)), () -> change(laptop));

        assertEquals(401, late.statusCode());
        assertTrue(late.body().contains("Your password has just been changed."), late.body());
        assertEquals(Map.of(), phone.cookies());
        assertOnlySession(laptop);
    }

    @Test
    void aLoginOfAnAppIsRefusedLikeAWrongPassword() throws Exception {
        Browser laptop = browser().signedIn("alice");

        HttpResponse<String> late = server.duringSignIn(() -> login(OLD), () -> change(laptop));

        HttpResponse<String> wrong = login("wrong");
        assertEquals(401, late.statusCode());
        assertEquals(wrong.body(), late.body());
        assertEquals(
                wrong.headers().allValues("WWW-Authenticate"), late.headers().allValues("WWW-Authenticate"));
        assertOnlySession(laptop);
    }

    /** A thief with the old password and a session is about to change the password, and the user is faster. */
    @Test
    void ofTwoChangesThatCheckedTheSamePasswordOnlyOneSucceeds() {
        Users users = new Users(1);
        int checked = users.check("alice", OLD).orElseThrow();

        assertTrue(users.change("alice", checked, NEXT));

        assertFalse(users.change("alice", checked, "chosen by the thief"));
        assertEquals(checked + 1, users.check("alice", NEXT).orElseThrow());
    }

    private static void assertOnlySession(Browser browser) throws Exception {
        assertTrue(browser.get("/devices").body().contains("You aren't signed in anywhere else."));
    }

    private static HttpResponse<String> change(Browser browser) throws Exception {
        HttpResponse<String> answer = browser.submit("/password", "/password", Map.of("current", OLD, "next", NEXT));
        assertEquals(303, answer.statusCode());
        return answer;
    }

    private HttpResponse<String> login(String password) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/api/login"))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"user\":\"alice\",\"password\":\"" + password + "\"}"))
                                .build(),
                        BodyHandlers.ofString());
    }

    private Browser browser() {
        return new Browser(server.port(), "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    }
}
