package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sessionaware.clientinfo.DeviceKind;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.TestService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Right and wrong uses of the JSON API. Every response must be as {@code openapi.json} describes it. */
class ApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final FakeClock clock = new FakeClock(TestService.START);

    private static OpenApi openApi;

    private final HttpClient client = HttpClient.newHttpClient();

    @RegisterExtension
    static final TestServer server = new TestServer(clock);

    @BeforeAll
    static void readOpenApi() throws Exception {
        openApi = new OpenApi();
    }

    @AfterAll
    static void everyDescribedResponseWasSeen() throws Exception {
        openApi.checkAllWereSeen();
    }

    @Test
    void anyoneCanReadTheDescription() throws Exception {
        assertEquals(
                openApi.text(), call("GET", "/api/openapi.json", null, null).body());
    }

    @ParameterizedTest
    @CsvSource({
        "console, Mozilla/5.0 (PlayStation; PlayStation 5/6.50) AppleWebKit/605.1.15",
        "television, Roku/DVP-12.0 (12.0.0.4182-46)",
        "watch, MyHeart/2 (Apple Watch; watchOS 10.5)",
    })
    void theListShowsTheKindOfEachDevice(String kind, String userAgent) throws Exception {
        JsonNode app = login(userAgent);

        JsonNode sessions = json(call("GET", "/api/sessions", app, null)).get("sessions");

        assertEquals(
                List.of(kind),
                StreamSupport.stream(sessions.spliterator(), false)
                        .filter(session -> session.get("current").asBoolean())
                        .map(session -> session.get("kind").asText())
                        .toList());
    }

    @Test
    void theDescriptionNamesEveryKindOfDevice() throws Exception {
        JsonNode kinds = JSON.readTree(openApi.text()).at("/components/schemas/Session/properties/kind/enum");

        assertEquals(
                Stream.of(DeviceKind.values())
                        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                        .toList(),
                StreamSupport.stream(kinds.spliterator(), false)
                        .map(JsonNode::asText)
                        .toList());
    }

    @Test
    void anAppSignsInListsRefreshesAndSignsOutAnotherDevice() throws Exception {
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
    void anotherSessionEndsOnlyAfterARecentPassword() throws Exception {
        JsonNode app = login("MyShop/3");
        JsonNode other = login("MyShop/3");
        clock.advance(PagesServlet.RECENT.plusMillis(1));
        app = json(call("POST", "/api/refresh", null, refresh(app)));
        String path = "/api/sessions/" + other.get("sessionId").asText();

        assertTooLongAgo(call("DELETE", path, app, null));
        assertTooLongAgo(call("DELETE", "/api/sessions?others", app, null));
        assertRefused(403, "wrong_password", call("POST", "/api/confirm", app, "{\"password\":\"x\"}"));
        JsonNode confirmed = json(call("POST", "/api/confirm", app, loginOf("alice")));

        assertEquals(204, call("DELETE", path, confirmed, null).statusCode());
        assertUnauthorized(call("GET", "/api/sessions", app, null));
    }

    private static void assertTooLongAgo(HttpResponse<String> answer) {
        assertEquals(401, answer.statusCode());
        assertTrue(answer.headers().firstValue("WWW-Authenticate").orElseThrow().contains("max_age=\"300\""));
    }

    @Test
    void onlyTheQueryOthersSignsOutAllOtherSessions() throws Exception {
        JsonNode app = login("MyShop/3");
        JsonNode other = login("MyShop/3");

        for (String unclear : new String[] {"", "?", "?other", "?others=no", "?others&x", "?x&others"}) {
            assertRefused(400, "say_others", call("DELETE", "/api/sessions" + unclear, app, null));
        }
        assertUnauthorized(call("DELETE", "/api/sessions?others", null, null));
        assertEquals(200, call("GET", "/api/sessions", other, null).statusCode());
        assertEquals(
                1,
                json(call("DELETE", "/api/sessions?others", app, null))
                        .get("ended")
                        .asInt());
        assertEquals(
                0,
                json(call("DELETE", "/api/sessions?others=", app, null))
                        .get("ended")
                        .asInt());
        assertEquals(401, call("GET", "/api/sessions", other, null).statusCode());
    }

    @Test
    void wrongRequestsAreRefusedWithJson() throws Exception {
        assertUnauthorized(call("GET", "/api/sessions", null, null));
        assertUnauthorized(call("DELETE", "/api/sessions/x", null, null));
        assertUnauthorized(call("POST", "/api/confirm", null, "{}"));
        assertRefused(401, "not_signed_in", call("POST", "/api/refresh", null, "{\"refreshToken\":\"x\"}"));
        assertRefused(
                401, "wrong_credentials", call("POST", "/api/login", null, "{\"user\":\"alice\",\"password\":\"x\"}"));
        assertRefused(
                401,
                "wrong_credentials",
                call("POST", "/api/login", null, "{\"user\":\"alice\\u0000\",\"password\":\"\\ud800\"}"));
        for (String method : new String[] {"GET", "HEAD", "OPTIONS", "PUT"}) {
            assertEquals(405, call(method, "/api/login", null, null).statusCode());
        }
        assertRefused(405, "method_not_allowed", call("POST", "/api/sessions", login("MyShop/3"), "{}"));
        for (String path : new String[] {"/api", "/api/nothing", "/api/sessions/", "/api/sessions/x/y"}) {
            assertRefused(404, "nothing_here", call("GET", path, login("MyShop/3"), null));
        }
    }

    /** Not a 401, because an app that sent a wrong refresh request should keep its token. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "1",
                "\0",
                "{}",
                "{\"user\":1,\"refreshToken\":1}",
                "{\"user\":\"alice\"}",
                "\"refreshToken\"",
                "{\"refreshToken\":null}",
                "{\"user\":\"alice\",\"password\":\"x\",\"password\":\"y\",\"refreshToken\":\"x\",\"refreshToken\":\"y\"}",
                "{\"user\":\"alice\",\"password\":\"x\",\"refreshToken\":\"x\"} {}",
                "{\"user\":\"alice\",\"password\":\"x\",\"refreshToken\":\"x\"}x"
            })
    void aBodyWithoutTheRequiredStringsIsRefusedWith400(String body) throws Exception {
        assertRefused(400, "invalid_body", call("POST", "/api/login", null, body));
        assertRefused(400, "invalid_body", call("POST", "/api/refresh", null, body));
        if (!body.contains("password")) {
            assertRefused(400, "invalid_body", call("POST", "/api/confirm", login("MyShop/3"), body));
        }
    }

    @Test
    void aBodyOfExactlyTheLimitIsReadAndALongerOneIsRefused() throws Exception {
        String login = loginOf("alice");

        json(call("POST", "/api/login", null, login + " ".repeat(8192 - login.length())));
        JsonNode app = login("MyShop/3");
        for (String path : new String[] {"/api/login", "/api/refresh", "/api/confirm"}) {
            assertRefused(413, "body_too_large", call("POST", path, app, login + " ".repeat(8193 - login.length())));
            assertRefused(400, "invalid_body", call("POST", path, app, "{\"a\":" + "[".repeat(8000)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application"})
    void anyContentTypeButJsonIsRefused(String type) throws Exception {
        String token = login("MyShop/3").get("accessToken").asText();
        for (String path : new String[] {"/api/login", "/api/refresh", "/api/confirm"}) {
            HttpRequest.Builder request =
                    to(path).header("Authorization", "Bearer " + token).POST(BodyPublishers.ofString(loginOf("alice")));
            assertRefused(415, "not_json", send(type.isEmpty() ? request : request.header("Content-Type", type)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "Application/JSON; charset=utf-8", "application/json;x"})
    void theContentTypeMayHaveParametersAndUpperCase(String type) throws Exception {
        json(send(to("/api/login").header("Content-Type", type).POST(BodyPublishers.ofString(loginOf("alice")))));
    }

    @Test
    void aSessionOfAnotherUserIsAnsweredLikeAnUnknownOne() throws Exception {
        JsonNode alice = login("MyShop/3");
        JsonNode bob = json(call("POST", "/api/login", null, loginOf("bob")));
        String bobs = "/api/sessions/" + bob.get("sessionId").asText();

        HttpResponse<String> none = call("DELETE", "/api/sessions/" + "x".repeat(24), alice, null);
        HttpResponse<String> foreign = call("DELETE", bobs, alice, null);

        assertRefused(404, "no_such_session", none);
        assertRefused(404, "no_such_session", foreign);
        assertEquals(none.headers().map().keySet(), foreign.headers().map().keySet());
        assertEquals(400, call("DELETE", bobs + "%2F", alice, null).statusCode());
        assertEquals(200, call("GET", "/api/sessions", bob, null).statusCode());
    }

    @Test
    void aTokenIsAcceptedOnlyFromASingleAuthorizationHeader() throws Exception {
        String token = login("MyShop/3").get("accessToken").asText();

        assertEquals(
                200,
                send(to("/api/sessions").header("Authorization", "bEARER  " + token))
                        .statusCode());
        for (String odd :
                new String[] {"", "Bearer", "Bearer " + token + " x", "Bearer " + token + ",", "Basic eDp5", token}) {
            assertUnauthorized(send(to("/api/sessions").header("Authorization", odd)));
        }
        assertUnauthorized(call("GET", "/api/sessions?access_token=" + token, null, null));
        for (String second : new String[] {token, "x"}) {
            assertUnauthorized(send(to("/api/sessions")
                    .header("Authorization", "Bearer " + token)
                    .header("Authorization", "Bearer " + second)));
        }
    }

    /** The password of another user is still checked, so that this test disturbs no other. */
    @Test
    void tooManyWrongPasswordsAreAnsweredWith429() throws Exception {
        String wrong = "{\"user\":\"mallory\",\"password\":\"x\"}";
        HttpResponse<String> answer = call("POST", "/api/login", null, wrong);
        for (int i = 0; i < 100 && answer.statusCode() == 401; i++) {
            answer = call("POST", "/api/login", null, wrong);
        }

        assertRefused(429, "too_many_attempts", answer);
        assertEquals(200, call("POST", "/api/login", null, loginOf("alice")).statusCode());
        JsonNode app = login("MyShop/3");
        HttpResponse<String> confirmation = call("POST", "/api/confirm", app, wrong);
        for (int i = 0; i < 100 && confirmation.statusCode() == 403; i++) {
            confirmation = call("POST", "/api/confirm", app, wrong);
        }
        assertRefused(429, "too_many_attempts", confirmation);
    }

    /** With a Bearer challenge, an app that refreshes on that challenge would loop. */
    @Test
    void aRefusedRefreshHasTheChallengeOfTheLogin() throws Exception {
        HttpResponse<String> refused = call("POST", "/api/refresh", null, "{\"refreshToken\":\"x\"}");

        assertEquals(
                "Form realm=\"api\"",
                refused.headers().firstValue("WWW-Authenticate").orElseThrow());
    }

    /** Otherwise pages of other sites could act for the user. */
    @Test
    void cookiesDoNotAuthenticate() throws Exception {
        JsonNode app = login("MyShop/3");
        HttpRequest.Builder request = to("/api/sessions")
                .header("Cookie", "__Host-access=" + app.get("accessToken").asText());

        assertUnauthorized(send(request));
    }

    @Test
    void anOutageIsAnsweredWith503() throws Exception {
        JsonNode app = login("MyShop/3");

        server.takeStoreAway();

        assertUnavailable(call("GET", "/api/sessions", app, null));
        assertUnavailable(call("DELETE", "/api/sessions?others", app, null));
        assertUnavailable(call("DELETE", "/api/sessions/x", app, null));
        assertUnavailable(call("POST", "/api/login", null, loginOf("alice")));
        assertUnavailable(call("POST", "/api/refresh", null, refresh(app)));
        assertUnavailable(call("POST", "/api/confirm", app, loginOf("alice")));
    }

    private JsonNode login(String userAgent) throws Exception {
        return json(send(to("/api/login")
                .header("User-Agent", userAgent)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(loginOf("alice")))));
    }

    private HttpResponse<String> call(String method, String path, JsonNode tokens, String body) throws Exception {
        HttpRequest.Builder request =
                to(path).method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (tokens != null) {
            request.header(
                    "Authorization", "Bearer " + tokens.get("accessToken").asText());
        }
        return send(request);
    }

    /** Sends every request of this class, so that every response is checked, also for the absence of CORS headers. */
    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = client.send(
                request.header("Origin", "https://elsewhere.example").build(), BodyHandlers.ofString());
        assertTrue(answer.headers().map().keySet().stream().noneMatch(name -> name.startsWith("access-control-")));
        openApi.check(answer);
        return answer;
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
    }

    private static String loginOf(String user) {
        return "{\"user\":\"" + user + "\",\"password\":\"" + Users.DEMO.get(user) + "\"}";
    }

    private static String refresh(JsonNode tokens) {
        return "{\"refreshToken\":" + tokens.get("refreshToken") + "}";
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        assertEquals(200, answer.statusCode(), answer::body);
        return JSON.readTree(answer.body());
    }

    /** The answers of the filter have no body. */
    private static void assertUnauthorized(HttpResponse<String> answer) {
        assertEquals(401, answer.statusCode());
        assertEquals("", answer.body());
        assertTrue(answer.headers().firstValue("WWW-Authenticate").orElseThrow().startsWith("Bearer "));
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertEquals(503, answer.statusCode());
        assertEquals("", answer.body());
        assertEquals("5", answer.headers().firstValue("Retry-After").orElseThrow());
    }

    private static void assertRefused(int status, String error, HttpResponse<String> answer) throws Exception {
        assertEquals(status, answer.statusCode(), answer::body);
        assertEquals(error, JSON.readTree(answer.body()).get("error").asText());
    }
}
