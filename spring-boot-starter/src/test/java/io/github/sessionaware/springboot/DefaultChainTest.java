package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.springboot.TestServer.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.actuate.web.exchanges.HttpExchangeRepository;
import org.springframework.boot.actuate.web.exchanges.InMemoryHttpExchangeRepository;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;

/**
 * An application with Spring Security and no chain of its own, as HTTP clients see it. Its clients keep the
 * server.tokens().
 */
class DefaultChainTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableMethodSecurity
    @Import({Pages.Infrastructure.class, Pages.class})
    static class Shop {
        /** For the endpoint with the latest requests, which an operator may read. */
        @Bean
        HttpExchangeRepository exchanges() {
            return new InMemoryHttpExchangeRepository();
        }
    }

    private static final String OPERATORS =
            "/actuator/metrics/*,/actuator/httpexchanges,/actuator/beans,/actuator/conditions,/actuator/mappings";

    @RegisterExtension
    static final TestServer server = new TestServer(
            Shop.class,
            "session-aware-jwt.web.open=/login,/refresh,/open/*,/style.css," + OPERATORS,
            "management.endpoints.web.exposure.include=*",
            "management.endpoint.health.probes.enabled=true",
            "management.endpoint.health.probes.add-additional-paths=true",
            "session-aware-jwt.web.authorities-claim=roles",
            "session-aware-jwt.web.jwks.enabled=true",
            "session-aware-jwt.web.devices.enabled=true");

    private static String signedIn(String user) {
        return "Authorization: Bearer "
                + server.tokens().issue(user, ClientInfo.unknown()).accessToken();
    }

    @Test
    void aLiveSessionIsThePrincipalAndCostsOneRead() {
        String alice = signedIn("alice");
        server.store().reads.set(0);

        Answer answer = server.get("/me", alice);

        assertEquals(200, answer.status());
        assertEquals("alice alice", answer.body());
        assertEquals(1, server.store().reads.get());
        assertEquals("(none)", answer.header("set-cookie"));
    }

    @Test
    void aMissingARevokedAndAMalformedTokenGet401WithTheChallenge() {
        String revoked = signedIn("alice");
        server.tokens().revokeAllSessions("alice");

        assertChallenge("Bearer realm=\"api\"", server.get("/me"));
        assertChallenge("Bearer realm=\"api\", error=\"invalid_token\"", server.get("/me", revoked));
        Answer malformed = server.get("/me", "Authorization: Bearer x.y.z");
        assertChallenge("Bearer realm=\"api\", error=\"invalid_token\"", malformed);
        assertFalse(malformed.body().contains("Exception"), malformed.body());
    }

    private static void assertChallenge(String beginning, Answer answer) {
        assertEquals(401, answer.status());
        assertTrue(answer.header("www-authenticate").startsWith(beginning), answer.toString());
    }

    @Test
    void aForgedTokenGets401AndReadsNothing() {
        Answer answer = server.get("/me", signedIn("alice") + "x");

        assertChallenge("Bearer realm=\"api\", error=\"invalid_token\"", answer);
        assertEquals(0, server.store().reads.get());
    }

    @Test
    void aLoginAnswersWithTokensThatNobodyCachesAndARefreshExchangesThem() {
        Answer login = server.post("/login?user=bob");
        assertEquals(200, login.status());
        assertEquals("no-store", login.header("cache-control"));
        assertEquals(
                "bob bob",
                server.get("/me", "Authorization: Bearer " + login.member("accessToken"))
                        .body());

        Answer refresh =
                server.post("/refresh?refreshToken=" + login.member("refreshToken"), "Authorization: Bearer expired");
        assertEquals(200, refresh.status());
        assertEquals(401, server.post("/refresh?refreshToken=x").status());
    }

    @Test
    void authoritiesComeFromTheClaim() {
        String root = "Authorization: Bearer " + server.post("/login?user=root").member("accessToken");

        assertEquals("for admins", server.get("/admin", root).body());
        assertEquals(403, server.get("/admin", signedIn("alice")).status());
    }

    @Test
    void anOldAuthenticationGetsTheChallengeOfStepUp() {
        String alice = signedIn("alice");
        server.clock().advance(Duration.ofMinutes(5).plusMillis(1));

        assertChallenge(
                "Bearer realm=\"api\", error=\"insufficient_user_authentication\"", server.get("/danger", alice));
    }

    @Test
    void anOutageGets503AndAForgedToken401AllTheSame() {
        String alice = signedIn("alice");
        server.store().isDown = true;

        Answer answer = server.get("/me", alice);

        assertEquals(503, answer.status());
        assertEquals("5", answer.header("retry-after"));
        assertEquals(503, server.get("/me", alice, "Accept: text/html").status());
        assertEquals(503, server.get("/open/count").status());
        assertEquals(401, server.get("/me", alice + "x").status());
        server.store().isDown = false;
        assertEquals(200, server.get("/me", alice).status());
    }

    @Test
    void anOpenPathReadsNothingUnlessTheApplicationAsksForItsUser() {
        String alice = signedIn("alice");
        server.store().reads.set(0);

        assertTrue(server.get("/style.css", alice).body().contains("margin"));
        assertEquals("plain", server.get("/open/plain", alice).body());
        assertEquals(0, server.store().reads.get());
        server.store().isDown = true;
        assertEquals(200, server.get("/style.css", alice).status());
        assertEquals("plain", server.get("/open/plain", alice).body());
        server.store().isDown = false;
        server.store().reads.set(0);
        assertEquals("alice alice", server.get("/open/me", alice).body());
        assertEquals(1, server.store().reads.get());
        assertEquals("nobody", server.get("/open/me").body());
        assertEquals("nobody", server.get("/open/me", alice + "x").body());
        assertEquals(400, server.get("/open/..;/me").status());
    }

    @Test
    void aLogoutEndsTheSession() {
        String alice = signedIn("alice");

        assertEquals(200, server.post("/logout", alice).status());
        assertEquals(401, server.get("/me", alice).status());
    }

    @Test
    void theLogoutOfTheRequestEndsTheSession() {
        String alice = signedIn("alice");

        assertEquals(200, server.post("/container-logout", alice).status());
        assertEquals(401, server.get("/me", alice).status());
    }

    @Test
    void aForwardAfterASignOutHasNoUser() {
        String alice = signedIn("alice");

        assertEquals("changed", server.post("/change", alice).body());
        assertEquals(401, server.post("/leave-and-forward", alice).status());
    }

    @Test
    void anErrorKeepsItsStatusAndItsBody() {
        String alice = signedIn("alice");

        Answer bug = server.get("/fails", alice);
        assertEquals(500, bug.status());
        assertTrue(bug.body().contains("\"path\":\"/fails\""), bug.body());
        assertEquals(404, server.get("/unknown", alice).status());
        assertEquals(401, server.get("/unknown").status());
        Answer login = server.post("/login?user=mallory");
        assertEquals(403, login.status());
        assertTrue(login.body().contains("\"status\":403"), login.body());
    }

    @Test
    void aPreflightRequestNeedsNoSessionAndARefusalNamesTheOrigin() {
        String origin = "Origin: https://app.example";
        Answer preflight = server.send("OPTIONS", "/cross", origin, "Access-Control-Request-Method: GET");

        assertEquals(200, preflight.status());
        assertEquals("https://app.example", preflight.header("access-control-allow-origin"));
        Answer refusal = server.get("/cross", origin);
        assertEquals(401, refusal.status());
        assertEquals("https://app.example", refusal.header("access-control-allow-origin"));
        assertEquals("cross", server.get("/cross", origin, signedIn("alice")).body());
        assertEquals(
                403,
                server.send("OPTIONS", "/cross", "Origin: https://evil.example", "Access-Control-Request-Method: GET")
                        .status());
        assertEquals(401, server.send("OPTIONS", "/me").status());
    }

    @Test
    void anAsynchronousRequestIsValidatedOnce() {
        String alice = signedIn("alice");
        server.store().reads.set(0);

        assertEquals("alice", server.get("/async", alice).body());
        assertEquals(1, server.store().reads.get());
    }

    @Test
    void theKeySetIsOpenAndHoldsNoSecret() {
        Answer answer = server.get("/.well-known/jwks.json");

        assertEquals(200, answer.status());
        assertTrue(answer.header("content-type").startsWith("application/jwk-set+json"), answer.toString());
        assertEquals("max-age=60, public", answer.header("cache-control"));
        assertEquals("{\"keys\":[]}", answer.body());
    }

    @Test
    void theSessionsOfTheUserAreListed() {
        ClientInfo phone = ClientInfo.builder()
                .device("Safari on iPhone")
                .ipAddress("203.0.113.9")
                .build();
        server.tokens().issue("alice", phone);
        server.tokens().issue("bob", ClientInfo.unknown());

        Answer answer = server.get("/sessions", signedIn("alice"));

        assertEquals(200, answer.status());
        assertEquals("no-store", answer.header("cache-control"));
        assertEquals(2, answer.body().split("\"id\"", -1).length - 1);
        assertEquals(1, answer.body().split("\"current\":true", -1).length - 1);
        assertTrue(answer.body().contains("\"name\":\"Safari on iPhone\""), answer.body());
        assertTrue(answer.body().contains("\"address\":\"203.0.113.9\""), answer.body());
        assertTrue(answer.body().contains("\"createdAt\":\"2"), answer.body());
    }

    @Test
    void aUserSignsOutOneSessionOfTheirOwnThisOneOrAllOthers() {
        String alice = signedIn("alice");
        String phone =
                server.tokens().issue("alice", ClientInfo.unknown()).session().id();
        String bobs =
                server.tokens().issue("bob", ClientInfo.unknown()).session().id();

        assertEquals(404, server.send("DELETE", "/sessions/" + bobs, alice).status());
        assertEquals(204, server.send("DELETE", "/sessions/" + phone, alice).status());
        assertEquals(404, server.send("DELETE", "/sessions/" + phone, alice).status());
        assertEquals(1, server.tokens().listSessions("bob").size());

        signedIn("alice");
        signedIn("alice");
        assertEquals(400, server.send("DELETE", "/sessions", alice).status());
        Answer others = server.send("DELETE", "/sessions?others", alice);
        assertEquals("{\"ended\":2}", others.body());
        assertEquals("no-store", others.header("cache-control"));
        String current = server.tokens().listSessions("alice").get(0).id();
        assertEquals(204, server.send("DELETE", "/sessions/" + current, alice).status());
        assertEquals(List.of(), server.tokens().listSessions("alice"));
    }

    @Test
    void signingOutAnotherSessionNeedsARecentAuthentication() {
        String phone =
                server.tokens().issue("alice", ClientInfo.unknown()).session().id();
        String alice = signedIn("alice");
        String current = server.tokens().listSessions("alice").stream()
                .map(Session::id)
                .filter(id -> !id.equals(phone))
                .findFirst()
                .orElseThrow();
        server.clock().advance(Duration.ofMinutes(5).plusMillis(1));

        Answer other = server.send("DELETE", "/sessions/" + phone, alice);
        assertEquals(401, other.status());
        assertTrue(other.header("www-authenticate").contains("insufficient_user_authentication"), other.toString());
        assertEquals(401, server.send("DELETE", "/sessions?others", alice).status());
        assertEquals(2, server.tokens().listSessions("alice").size());
        assertEquals(204, server.send("DELETE", "/sessions/" + current, alice).status());
    }

    @Test
    void aUserIsNoOperator() {
        String root = "Authorization: Bearer " + server.post("/login?user=root").member("accessToken");

        for (String endpoint : List.of("", "/env", "/configprops", "/loggers", "/threaddump", "/scheduledtasks")) {
            assertEquals(401, server.get("/actuator" + endpoint).status(), endpoint);
            assertEquals(403, server.get("/actuator" + endpoint, root).status(), endpoint);
        }
        assertEquals(403, server.post("/actuator/loggers/ROOT", root).status());
    }

    @Test
    void theHealthIsOpenAlsoWhileSessionsCannotBeRead() {
        server.store().isDown = true;

        for (String path : List.of("/actuator/health", "/actuator/health/readiness", "/livez")) {
            Answer answer = server.get(path);
            assertEquals(200, answer.status(), path);
            assertTrue(answer.body().contains("UP"), answer.body());
        }
    }

    @Test
    void anOperatorSeesNoTokenAndNoSessionInTheActuator() {
        Answer login = server.post("/login?user=alice");
        String token = login.member("accessToken");
        String session = server.tokens().listSessions("alice").get(0).id();
        assertEquals(
                "alice alice",
                server.get("/me", "Authorization: Bearer " + token).body());
        server.get("/me", "Authorization: Bearer " + token + "x");

        for (String endpoint : List.of(
                "httpexchanges",
                "beans",
                "conditions",
                "mappings",
                "metrics/session.aware.validations",
                "metrics/session.aware.logins",
                "metrics/session.aware.store.calls",
                "metrics/http.server.requests",
                "metrics/spring.security.authorizations")) {
            Answer answer = server.get("/actuator/" + endpoint);
            assertEquals(200, answer.status(), endpoint);
            for (String secret : List.of(
                    token,
                    login.member("refreshToken"),
                    session,
                    TestApplication.SECRET,
                    TestApplication.OTHER_SECRET)) {
                assertFalse(answer.body().contains(secret), endpoint);
            }
        }
        assertTrue(server.get("/actuator/httpexchanges").body().contains("/me"), "it has the requests");
    }
}
