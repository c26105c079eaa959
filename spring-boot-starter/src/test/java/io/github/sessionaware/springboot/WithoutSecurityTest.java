package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.servlet.SessionFilter;
import io.github.sessionaware.springboot.TestServer.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/** An application that has excluded the auto-configuration of Spring Security: the filter stands alone. */
class WithoutSecurityTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
                "org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.OAuth2ResourceServerWebSecurityAutoConfiguration",
                "org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet.OAuth2ResourceServerAutoConfiguration",
                "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
                "org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration",
                "org.springframework.boot.autoconfigure.security.oauth2.resource.servlet.OAuth2ResourceServerAutoConfiguration",
                "org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration"
            })
    @Import({Pages.Infrastructure.class, Pages.class})
    static class Shop {
        @Bean
        FilterRegistrationBean<CorsFilter> cors() {
            CorsConfiguration cors = new CorsConfiguration();
            cors.addAllowedOrigin("https://app.example");
            UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
            source.registerCorsConfiguration("/**", cors);
            FilterRegistrationBean<CorsFilter> registration = new FilterRegistrationBean<>(new CorsFilter(source));
            registration.setOrder(-102);
            return registration;
        }
    }

    @RegisterExtension
    static final TestServer server = new TestServer(
            Shop.class,
            "session-aware-jwt.web.open=/login,/refresh,/open/*,/style.css",
            "session-aware-jwt.web.authorities-claim=roles",
            "session-aware-jwt.web.jwks.enabled=true",
            "session-aware-jwt.web.devices.enabled=true");

    private static String signedIn(LoginOptions options) {
        return "Authorization: Bearer "
                + server.tokens().issue("alice", ClientInfo.unknown(), options).accessToken();
    }

    private static String signedIn() {
        return signedIn(LoginOptions.defaults());
    }

    @Test
    void aLiveSessionIsTheUserAndItsClaimNamesTheRoles() {
        LoginOptions admin = LoginOptions.defaults().withClaims(Map.of("roles", List.of("admin")));

        assertEquals(
                "alice true alice", server.get("/remote-user", signedIn(admin)).body());
        assertEquals("alice false alice", server.get("/remote-user", signedIn()).body());
    }

    @Test
    void everythingElseIsRefused() {
        String alice = signedIn();

        assertEquals("Bearer realm=\"api\"", server.get("/remote-user").header("www-authenticate"));
        assertEquals(401, server.get("/remote-user", alice + "x").status());
        assertEquals(401, server.get("/unknown").status());
        server.store().isDown = true;
        assertEquals(503, server.get("/remote-user", alice).status());
        server.store().isDown = false;
        server.tokens().revokeAllSessions("alice");
        assertEquals(401, server.get("/remote-user", alice).status());
    }

    @Test
    void openPathsNeedNoSessionAndReadNothing() {
        assertTrue(server.get("/style.css", signedIn()).body().contains("margin"));
        assertEquals(200, server.get("/.well-known/jwks.json").status());
        assertEquals(200, server.post("/login?user=alice").status());
        assertEquals(0, server.store().reads.get());
    }

    @Test
    void errorsKeepTheirStatusAndTheirBody() {
        Answer login = server.post("/login?user=mallory");
        assertEquals(403, login.status());
        assertTrue(login.body().contains("\"status\":403"), login.body());
        assertEquals(404, server.get("/unknown", signedIn()).status());
        assertEquals(401, server.post("/refresh?refreshToken=unknown").status());
    }

    @Test
    void aStepUpIsChallengedAndDevicesAreListed() {
        String alice = signedIn();
        assertEquals(200, server.get("/sessions", alice).status());
        server.clock().advance(Duration.ofMinutes(6));

        assertTrue(
                server.get("/danger", alice).header("www-authenticate").contains("insufficient_user_authentication"));
        assertEquals(401, server.send("DELETE", "/sessions?others", alice).status());
    }

    @Test
    void aCorsFilterWithASmallerOrderAnswersPreflightRequests() {
        String origin = "Origin: https://app.example";

        Answer preflight = server.send("OPTIONS", "/remote-user", origin, "Access-Control-Request-Method: GET");
        assertEquals(200, preflight.status());
        Answer refusal = server.get("/remote-user", origin);
        assertEquals(401, refusal.status());
        assertEquals("https://app.example", refusal.header("access-control-allow-origin"));
    }

    @Test
    void theFilterRefusesAPreflightRequestThatNoCorsFilterHasAnswered() throws Exception {
        MockHttpServletRequest preflight = new MockHttpServletRequest("OPTIONS", "/cross");
        preflight.addHeader("Origin", "https://app.example");
        preflight.addHeader("Access-Control-Request-Method", "GET");
        MockHttpServletResponse response = new MockHttpServletResponse();

        server.context().getBean(SessionFilter.class).doFilter(preflight, response, new MockFilterChain());

        assertEquals(401, response.getStatus());
    }
}
