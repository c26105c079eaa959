package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The JSON face, as a mobile app uses it. */
class ApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();

    @RegisterExtension
    final TestServer server = new TestServer();

    @Test
    void anAppSignsInListsRefreshesAndSignsAnotherOut() throws Exception {
        JsonNode app = login("MyShop/3 (Android 14)");
        JsonNode laptop = login("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");

        JsonNode sessions = json(call("GET", "/api/sessions", app, null)).get("sessions");
        assertEquals(2, sessions.size());
        JsonNode other = sessions.get(0).get("current").asBoolean() ? sessions.get(1) : sessions.get(0);
        assertEquals("Firefox on Linux", other.get("name").asText());
        assertEquals("desktop", other.get("kind").asText());
        assertEquals(laptop.get("sessionId"), other.get("id"));

        JsonNode next = json(call("POST", "/api/refresh", null, refresh(app)));
        assertNotEquals(app.get("refreshToken"), next.get("refreshToken"));
        assertEquals(app.get("sessionId"), next.get("sessionId"));

        String path = "/api/sessions/" + other.get("id").asText();
        assertEquals(204, call("DELETE", path, next, null).statusCode());
        assertEquals(404, call("DELETE", path, next, null).statusCode());
        HttpResponse<String> refused = call("GET", "/api/sessions", laptop, null);
        assertEquals(401, refused.statusCode());
        assertTrue(refused.headers()
                .firstValue("WWW-Authenticate")
                .orElseThrow()
                .startsWith("Bearer realm=\"api\", error=\"invalid_token\""));
    }

    @Test
    void allOthersAreSignedOutIfThatIsSaid() throws Exception {
        JsonNode app = login("MyShop/3");
        JsonNode other = login("MyShop/3");

        assertEquals(400, call("DELETE", "/api/sessions", app, null).statusCode());
        assertEquals(200, call("GET", "/api/sessions", other, null).statusCode());
        assertEquals(
                1,
                json(call("DELETE", "/api/sessions?others", app, null))
                        .get("ended")
                        .asInt());
        assertEquals(401, call("GET", "/api/sessions", other, null).statusCode());
    }

    @Test
    void whatIsNotRightIsRefusedAsJson() throws Exception {
        assertRefused(401, call("GET", "/api/sessions", null, null));
        assertRefused(401, call("POST", "/api/refresh", null, "{\"refreshToken\":\"x\"}"));
        assertRefused(401, call("POST", "/api/refresh", null, "{\"refreshToken\":1}"));
        assertRefused(401, call("POST", "/api/login", null, "{\"user\":\"alice\",\"password\":\"x\"}"));
        for (String odd : new String[] {"", "null", "[]", "{", "1", "{\"user\":1}", "{\"user\":\"alice\"}", "\0"}) {
            assertRefused(400, call("POST", "/api/login", null, odd));
        }
        assertRefused(405, call("GET", "/api/login", null, null));
        assertRefused(405, call("POST", "/api/sessions", null, "{}"));
        assertRefused(404, call("GET", "/api/nothing", null, null));
    }

    /** Cookies alone do nothing here, so that no other site's page can. */
    @Test
    void cookiesAreNotLookedAt() throws Exception {
        JsonNode app = login("MyShop/3");
        HttpRequest request = HttpRequest.newBuilder(uri("/api/sessions"))
                .header("Cookie", "__Host-access=" + app.get("accessToken").asText())
                .build();

        assertRefused(401, client.send(request, BodyHandlers.ofString()));
    }

    @Test
    void anOutageIsNoRefusal() throws Exception {
        JsonNode app = login("MyShop/3");

        server.takeStoreAway();

        HttpResponse<String> answer = call("GET", "/api/sessions", app, null);
        assertRefused(503, answer);
        assertEquals("5", answer.headers().firstValue("Retry-After").orElseThrow());
        assertRefused(503, call("POST", "/api/refresh", null, refresh(app)));
    }

    private JsonNode login(String userAgent) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/api/login"))
                .header("User-Agent", userAgent)
                .POST(BodyPublishers.ofString("{\"user\":\"alice\",\"password\":\"" + Users.DEMO.get("alice") + "\"}"))
                .build();
        return json(client.send(request, BodyHandlers.ofString()));
    }

    private HttpResponse<String> call(String method, String path, JsonNode tokens, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (tokens != null) {
            request.header(
                    "Authorization", "Bearer " + tokens.get("accessToken").asText());
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + server.port() + path);
    }

    private static String refresh(JsonNode tokens) {
        return "{\"refreshToken\":" + tokens.get("refreshToken") + "}";
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        assertEquals(200, answer.statusCode(), answer::body);
        return JSON.readTree(answer.body());
    }

    private static void assertRefused(int status, HttpResponse<String> answer) throws Exception {
        assertEquals(status, answer.statusCode(), answer::body);
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(JSON.readTree(answer.body()).get("error").isTextual());
    }
}
