package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** An API with the default chain, over HTTP. It writes no line of security configuration. */
class BearerOverHttpTest {
    private static WebApplication application;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableMethodSecurity
    static class Application {
        @Bean
        SessionAwareTokenServiceBuilderCustomizer claims() {
            return builder -> builder.claimsOnRefresh((userId, session) -> Map.of("authorities", List.of()));
        }
    }

    @RestController
    static class Api {
        private final SessionFilter sessions;
        private final SessionAwareTokenService tokens;

        Api(SessionFilter sessions, SessionAwareTokenService tokens) {
            this.sessions = sessions;
            this.tokens = tokens;
        }

        @PostMapping("/login")
        Map<String, String> login(
                HttpServletRequest request, HttpServletResponse response, @RequestParam("user") String user) {
            return body(sessions.issue(request, response, user, LoginOptions.defaults()));
        }

        @PostMapping("/refresh")
        Map<String, String> refresh(
                HttpServletRequest request, HttpServletResponse response, @RequestParam("token") String token) {
            return body(sessions.refresh(request, response, token));
        }

        @PostMapping("/logout")
        void logout(HttpServletRequest request, HttpServletResponse response) {
            sessions.signOut(request, response);
        }

        @GetMapping("/me")
        String me(@AuthenticationPrincipal AuthenticatedSession session) {
            return session.userId() + " "
                    + SecurityContextHolder.getContext().getAuthentication().getName();
        }

        @GetMapping("/later")
        Callable<String> later() {
            return () -> SecurityContextHolder.getContext().getAuthentication().getName();
        }

        @GetMapping("/open")
        String open(@AuthenticationPrincipal AuthenticatedSession session) {
            return session == null ? "nobody" : session.userId();
        }

        @GetMapping("/open/plain")
        String plain() {
            return "plain";
        }

        @GetMapping("/dangerous")
        String dangerous(@AuthenticationPrincipal AuthenticatedSession session) {
            session.requireAuthenticatedWithin(Duration.ZERO);
            return "done";
        }

        @PreAuthorize("hasAuthority('orders:write')")
        @GetMapping("/orders")
        String orders() {
            return "ordered";
        }

        @PostMapping("/password")
        void password(@AuthenticationPrincipal AuthenticatedSession session) {
            tokens.revokeOthers(session, EndCause.PASSWORD_CHANGED);
        }

        private static Map<String, String> body(IssuedTokens issued) {
            return Map.of("access", issued.accessToken(), "refresh", String.valueOf(issued.refreshToken()));
        }
    }

    @BeforeAll
    static void start() {
        application = started();
    }

    private static WebApplication started(String... properties) {
        String[] all = new String[properties.length + 3];
        all[0] = "session-aware-jwt.web.open=/login,/refresh,/open/*";
        all[1] = "session-aware-jwt.web.authorities-claim=authorities";
        all[2] = "session-aware-jwt.refresh-tokens.secret=" + TestApplication.OTHER_SECRET;
        System.arraycopy(properties, 0, all, 3, properties.length);
        return WebApplication.start(List.of(Application.class, Api.class), all);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void aLiveSessionNamesItsUser() {
        HttpResponse<String> answer = application.get("/me", "Authorization", bearer("alice"));

        assertEquals("alice alice", answer.body());
        assertEquals(200, answer.statusCode());
    }

    @Test
    void aMissingTokenAForgedOneAndARevokedOneGet401WithTheChallenge() {
        String revoked = bearer("alice");
        application.tokens().revokeAllSessions("alice");

        assertChallenge("Bearer realm=\"api\"", application.get("/me"));
        assertChallenge(
                "Bearer realm=\"api\", error=\"invalid_token\"", application.get("/me", "Authorization", revoked));
        assertChallenge(
                "Bearer realm=\"api\", error=\"invalid_token\"",
                application.get("/me", "Authorization", revoked + "x"));
        assertChallenge(
                "Bearer realm=\"api\", error=\"invalid_token\"",
                application.get("/me", "Authorization", "Bearer x.y.z"));
    }

    private static void assertChallenge(String beginning, HttpResponse<String> answer) {
        assertEquals(401, answer.statusCode());
        String challenge = answer.headers().firstValue("WWW-Authenticate").orElseThrow();
        assertTrue(challenge.startsWith(beginning), challenge);
    }

    @Test
    void aLoginAnswersWithTokensThatNobodyCaches() {
        HttpResponse<String> answer = application.send("POST", "/login?user=bob");

        assertEquals(200, answer.statusCode());
        assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElseThrow());
        String access = member("access", answer);
        assertEquals(
                "bob bob",
                application.get("/me", "Authorization", "Bearer " + access).body());
    }

    @Test
    void aRefreshTokenIsExchangedOnAnOpenPathWithAnExpiredAccessToken() {
        HttpResponse<String> login = application.send("POST", "/login?user=carol");
        String refresh = member("refresh", login);

        HttpResponse<String> answer =
                application.send("POST", "/refresh?token=" + refresh, "Authorization", "Bearer expired");

        assertEquals(200, answer.statusCode());
        assertEquals(401, application.send("POST", "/refresh?token=x").statusCode());
    }

    @Test
    void aLogoutEndsTheSession() {
        String bearer = bearer("dave");

        assertEquals(
                200,
                application.send("POST", "/logout", "Authorization", bearer).statusCode());

        assertEquals(401, application.get("/me", "Authorization", bearer).statusCode());
    }

    @Test
    void anOpenPathHasItsUserIfThereIsOne() {
        assertEquals(
                "erin",
                application.get("/open", "Authorization", bearer("erin")).body());
        assertEquals(
                "nobody", application.get("/open", "Authorization", "Bearer x").body());
        assertEquals("nobody", application.get("/open").body());
    }

    @Test
    void authoritiesComeFromTheClaim() {
        LoginOptions allowed = LoginOptions.defaults().withClaims(Map.of("authorities", List.of("orders:write")));
        String frank = application
                .tokens()
                .issue("frank", ClientInfo.unknown(), allowed)
                .accessToken();

        assertEquals(
                "ordered",
                application.get("/orders", "Authorization", "Bearer " + frank).body());
        assertEquals(
                403,
                application.get("/orders", "Authorization", bearer("mallory")).statusCode());
    }

    @Test
    void aRequestThatContinuesOnAnotherThreadKeepsItsUser() {
        assertEquals(
                "grace",
                application.get("/later", "Authorization", bearer("grace")).body());
    }

    @Test
    void anOldAuthenticationGetsTheChallengeOfStepUp() {
        HttpResponse<String> answer = application.get("/dangerous", "Authorization", bearer("heidi"));

        assertChallenge("Bearer realm=\"api\", error=\"insufficient_user_authentication\"", answer);
    }

    @Test
    void anUnknownPathIsNotFoundForUsersAndClosedForOthers() {
        assertEquals(
                404,
                application.get("/nothing", "Authorization", bearer("ivan")).statusCode());
        assertEquals(401, application.get("/nothing").statusCode());
    }

    @Test
    void aFailedStoreGets503AndOpenPathsAreNotAffected() {
        try (WebApplication other = started("session-aware-jwt.purge.enabled=false")) {
            String token = "Bearer "
                    + other.tokens().issue("judy", ClientInfo.unknown()).accessToken();
            other.bean(HikariDataSource.class).close();

            HttpResponse<String> answer = other.get("/me", "Authorization", token);

            assertEquals(503, answer.statusCode());
            assertTrue(answer.headers().firstValue("Retry-After").isPresent());
            assertEquals(
                    "plain", other.get("/open/plain", "Authorization", token).body());
            assertEquals(503, other.send("POST", "/login?user=judy").statusCode());
            assertEquals(401, other.get("/me", "Authorization", token + "x").statusCode());
        }
    }

    @Test
    void anAnswerNamesNoDetailOfTheFailure() {
        HttpResponse<String> answer = application.get("/me", "Authorization", "Bearer x.y.z");

        assertFalse(answer.body().contains("Exception"), answer.body());
    }

    private static String member(String name, HttpResponse<String> answer) {
        String body = answer.body();
        int begin = body.indexOf("\"" + name + "\":\"") + name.length() + 4;
        return body.substring(begin, body.indexOf('"', begin));
    }

    private static String bearer(String user) {
        return "Bearer "
                + application.tokens().issue(user, ClientInfo.unknown()).accessToken();
    }
}
