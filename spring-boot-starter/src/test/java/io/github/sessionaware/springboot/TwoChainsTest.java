package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.springboot.TestServer.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.SecurityFilterChain;

/** An application with two chains. One finds the users in sessions, whose tokens are in cookies. The other does not. */
class TwoChainsTest {
    private static final String PAGE = "Sec-Fetch-Mode: navigate";
    private static final String SAME_SITE = "Sec-Fetch-Site: same-origin";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Pages.Infrastructure.class, Pages.class})
    static class Shop {
        @Bean
        @Order(1)
        SecurityFilterChain api(HttpSecurity http) throws Exception {
            return http.securityMatcher("/api/**", "/error")
                    .with(new SessionSecurityConfigurer(), Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/api/login", "/api/sign-in")
                            .permitAll()
                            .requestMatchers("/api/change")
                            .hasAuthority("may-change")
                            .anyRequest()
                            .authenticated())
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain other(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/me")
                            .authenticated()
                            .anyRequest()
                            .permitAll())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }

        @Bean
        SessionAuthoritiesMapper authorities() {
            return session ->
                    session.userId().equals("root") ? List.of(new SimpleGrantedAuthority("may-change")) : List.of();
        }
    }

    @RegisterExtension
    static final TestServer server = new TestServer(
            Shop.class,
            "spring.security.user.name=operator",
            "spring.security.user.password=secret",
            "session-aware-jwt.web.carriers=cookies",
            "session-aware-jwt.web.sign-in-page=/sign-in",
            "session-aware-jwt.web.cookie-name=shop");

    private static String signedIn(String user) {
        Answer answer = server.post("/api/sign-in?user=" + user, SAME_SITE);
        assertEquals(200, answer.status());
        return "Cookie: " + answer.cookies();
    }

    @Test
    void aBrowserWithoutASessionIsRedirectedToTheSignInPage() throws Exception {
        String alice = signedIn("alice");
        assertEquals(
                "/sign-in?returnTo=%2Fapi%2Fme", server.get("/api/me", PAGE).header("location"));
        assertEquals(401, server.get("/api/me").status());
        server.tokens().revokeAllSessions("alice");

        Answer ended = server.get("/api/me", PAGE, alice);

        assertEquals(303, ended.status());
        assertEquals("/sign-in?ended=session-ended&returnTo=%2Fapi%2Fme", ended.header("location"));
    }

    @Test
    void anExpiredAccessTokenIsRefreshedByTheWay() throws Exception {
        String alice = signedIn("alice");
        server.clock().advance(Duration.ofMinutes(20));

        Answer answer = server.get("/api/me", alice);

        assertEquals("alice alice", answer.body());
        assertTrue(answer.cookies().contains("shop"), answer.toString());
        assertEquals("no-store", answer.header("cache-control"));
    }

    @Test
    void aRequestOfAnotherSiteGets403() throws Exception {
        String root = signedIn("root");

        assertEquals("changed", server.post("/api/change", root, SAME_SITE).body());
        assertEquals(
                403,
                server.post("/api/change", root, "Sec-Fetch-Site: cross-site", "Origin: https://evil.example")
                        .status());
        assertEquals(403, server.post("/api/change", root).status());
    }

    @Test
    void aSignOutEndsTheSession() throws Exception {
        String alice = signedIn("alice");
        assertEquals("alice alice", server.get("/api/me", alice).body());

        assertEquals(200, server.post("/api/logout", alice, SAME_SITE).status());

        assertEquals(401, server.get("/api/me", alice).status());
    }

    @Test
    void theAuthoritiesAreThoseOfTheMapper() throws Exception {
        assertEquals(
                403, server.post("/api/change", signedIn("alice"), SAME_SITE).status());
    }

    @Test
    void anOutageKeepsTheCookies() throws Exception {
        String alice = signedIn("alice");
        server.store().isDown = true;

        Answer answer = server.get("/api/me", alice);

        assertEquals(503, answer.status());
        assertEquals("", answer.cookies());
        Answer page = server.get("/api/me", alice, PAGE);
        assertEquals(503, page.status());
        assertEquals("", page.cookies());
    }

    @Test
    void aFailedLoginKeepsItsStatusAlthoughTheErrorPageIsNotOpen() throws Exception {
        // A bearer login, because the sign-in of browsers checks no password here.
        Answer answer = server.post("/api/login?user=mallory", SAME_SITE);

        assertEquals(403, answer.status());
    }

    @Test
    void anotherChainKeepsItsOwnRulesAndLooksForNoSession() throws Exception {
        String alice = signedIn("alice");
        server.store().reads.set(0);
        String operator = "Authorization: Basic "
                + Base64.getEncoder().encodeToString("operator:secret".getBytes(StandardCharsets.UTF_8));

        assertEquals(401, server.get("/me", alice).status());
        assertTrue(server.get("/me", alice).header("www-authenticate").startsWith("Basic"));
        assertEquals(200, server.get("/me", operator).status());
        assertEquals("nobody", server.get("/open/me", alice).body());
        assertEquals(0, server.store().reads.get());
        // Spring's own protection against forms of other sites.
        assertEquals(403, server.post("/other/change", SAME_SITE).status());
    }

    @Test
    void anOutageInAnotherChainGets503Too() throws Exception {
        server.store().isDown = true;

        Answer answer = server.get("/other/count");

        assertEquals(503, answer.status());
        assertEquals("5", answer.header("retry-after"));
    }

    @Test
    void theHeaderAuthorizationIsIgnored() throws Exception {
        String token = server.tokens().issue("alice", ClientInfo.unknown()).accessToken();

        assertEquals(
                401, server.get("/api/me", "Authorization: Bearer " + token).status());
    }
}
