package io.github.sessionaware.examples.http;

import static io.github.sessionaware.examples.http.ExampleClient.header;
import static io.github.sessionaware.examples.http.ExampleClient.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.sessionaware.examples.http.ExampleClient.LoggedIn;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DevicesTest {
    private ExampleServer server;
    private ExampleClient client;

    @BeforeEach
    void start() throws Exception {
        server = Servers.inMemory();
        client = new ExampleClient(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theListHasBothDevicesAndMarksTheOneThatAsks() {
        LoggedIn firefox = client.logIn("alice", "Firefox on Linux");
        LoggedIn iphone = client.logIn("alice", "Safari on iPhone");

        assertEquals(Set.of(firefox.deviceId(), iphone.deviceId()), Set.copyOf(client.deviceIds(firefox)));
        assertTrue(client.device(firefox, firefox).get("current").asBoolean());
        assertFalse(client.device(firefox, iphone).get("current").asBoolean());

        JsonNode listed = client.device(firefox, iphone);
        assertEquals("Safari on iPhone", listed.get("userAgent").asText());
        assertEquals("127.0.0.1", listed.get("ip").asText());
        assertEquals(listed.get("createdAt"), listed.get("lastActiveAt"));
    }

    @Test
    void aLoggedOutDeviceIsRefusedAtItsNextRequestAndTheOtherIsNot() {
        LoggedIn firefox = client.logIn("alice", "Firefox on Linux");
        LoggedIn iphone = client.logIn("alice", "Safari on iPhone");
        assertEquals(200, client.get("/me", iphone).statusCode());

        HttpResponse<String> loggedOut = client.delete("/devices/" + iphone.deviceId(), firefox);

        assertEquals(204, loggedOut.statusCode());
        HttpResponse<String> refused = client.get("/me", iphone);
        assertEquals(401, refused.statusCode());
        assertTrue(header(refused, "WWW-Authenticate").startsWith("Bearer "), header(refused, "WWW-Authenticate"));
        assertTrue(header(refused, "WWW-Authenticate").contains("error=\"invalid_token\""));
        assertEquals("alice", json(client.get("/me", firefox)).get("user").asText());
        assertEquals(List.of(firefox.deviceId()), client.deviceIds(firefox));
    }

    @Test
    void oneRequestLogsOutAllOtherDevicesOfTheUser() {
        LoggedIn firefox = client.logIn("alice", "Firefox on Linux");
        LoggedIn iphone = client.logIn("alice", "Safari on iPhone");
        LoggedIn tablet = client.logIn("alice", "Tablet");
        LoggedIn bob = client.logIn("bob", "Chrome");

        JsonNode answer = json(client.post("/devices/revoke-others", firefox));

        assertEquals(2, answer.get("loggedOut").asInt());
        assertEquals(List.of(firefox.deviceId()), client.deviceIds(firefox));
        assertEquals(401, client.get("/me", iphone).statusCode());
        assertEquals(401, client.get("/me", tablet).statusCode());
        assertEquals(200, client.get("/me", bob).statusCode());
    }

    @Test
    void logoutNeedsTheRefreshTokenAloneAndEndsOnlyItsSession() {
        LoggedIn firefox = client.logIn("alice", "Firefox on Linux");
        LoggedIn iphone = client.logIn("alice", "Safari on iPhone");

        String logout = "refreshToken=" + firefox.refreshToken();
        assertEquals(204, client.postForm("/logout", logout).statusCode());
        assertEquals(204, client.postForm("/logout", logout).statusCode(), "it may be repeated");
        assertEquals(204, client.postForm("/logout", "refreshToken=x").statusCode());

        assertEquals(401, client.get("/me", firefox).statusCode());
        assertEquals(List.of(iphone.deviceId()), client.deviceIds(iphone));
    }

    @Test
    void aDeviceOfAnotherUserIsAnsweredLikeAnUnknownOneAndStays() {
        LoggedIn alice = client.logIn("alice", "Firefox on Linux");
        LoggedIn bob = client.logIn("bob", "Chrome");

        HttpResponse<String> foreign = client.delete("/devices/" + bob.deviceId(), alice);
        HttpResponse<String> unknown = client.delete("/devices/AAAAAAAAAAAAAAAAAAAAAAAA", alice);
        HttpResponse<String> malformed = client.delete("/devices/1%27%20OR%201", alice);

        assertEquals(404, foreign.statusCode());
        assertEquals(404, unknown.statusCode());
        assertEquals(404, malformed.statusCode());
        assertEquals(unknown.body(), foreign.body());
        assertEquals(unknown.body(), malformed.body());
        assertEquals(200, client.get("/me", bob).statusCode());
    }

    @Test
    void aUserAgentCannotBreakTheJson() {
        String userAgent = "\"},{\"current\":true}\\ <script>";

        LoggedIn device = client.logIn("alice", userAgent);

        assertEquals(userAgent, client.device(device, device).get("userAgent").asText());
        assertEquals(1, client.deviceIds(device).size());
    }

    @Test
    void aLabelIsShownOnEveryDeviceUntilItIsRemoved() {
        LoggedIn firefox = client.logIn("alice", "Firefox on Linux");
        LoggedIn tablet = client.logIn("alice", "Tablet");
        String path = "/devices/" + tablet.deviceId() + "/label";

        assertEquals(204, client.postForm(path, "label=kitchen+tablet", firefox).statusCode());
        assertEquals(
                "kitchen tablet", client.device(tablet, tablet).get("label").asText());

        assertEquals(
                400, client.postForm(path, "label=" + "x".repeat(65), firefox).statusCode());
        LoggedIn bob = client.logIn("bob", "Chrome");
        assertEquals(404, client.postForm(path, "label=mine", bob).statusCode());
        assertEquals(
                "kitchen tablet", client.device(tablet, tablet).get("label").asText());

        assertEquals(204, client.postForm(path, "label=", firefox).statusCode());
        assertFalse(client.device(tablet, tablet).has("label"));
    }

    @Test
    void simultaneousRequestsOfTwoUsersNeverSeeTheOtherUser() {
        LoggedIn alice = client.logIn("alice", "Firefox on Linux");
        LoggedIn bob = client.logIn("bob", "Chrome");

        List<Boolean> ownUserSeen = inParallel(400, i -> {
            String seen = json(client.get("/me", i % 2 == 0 ? alice : bob))
                    .get("user")
                    .asText();
            return seen.equals(i % 2 == 0 ? "alice" : "bob");
        });

        assertEquals(0, Collections.frequency(ownUserSeen, false), "requests that saw the other user");
    }

    private interface Call<T> {
        T make(int number);
    }

    private static <T> List<T> inParallel(int calls, Call<T> call) {
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            List<CompletableFuture<T>> pending = IntStream.range(0, calls)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> call.make(i), threads))
                    .toList();
            List<T> results = new ArrayList<>();
            pending.forEach(future -> results.add(future.join()));
            return results;
        } finally {
            threads.shutdown();
        }
    }
}
