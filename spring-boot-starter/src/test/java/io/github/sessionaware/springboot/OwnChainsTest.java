package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.RequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application with two chains of its own, one of them without sessions, and with pages on cookies. */
class OwnChainsTest {
    private static WebApplication application;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        @Order(1)
        SecurityFilterChain status(HttpSecurity http) throws Exception {
            return http.securityMatcher("/status")
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain pages(HttpSecurity http) throws Exception {
            return http.with(new SessionSecurityConfigurer(), Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                            .permitAll()
                            .requestMatchers("/sign-in")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .build();
        }
    }

    @RestController
    static class Pages {
        private final SessionFilter sessions;

        Pages(SessionFilter sessions) {
            this.sessions = sessions;
        }

        @GetMapping("/status")
        String status() {
            return "up";
        }

        @PostMapping("/status")
        String change() {
            return "changed";
        }

        @PostMapping("/sign-in")
        void signIn(HttpServletRequest request, HttpServletResponse response) {
            sessions.signIn(request, response, "alice", LoginOptions.defaults());
        }

        @PostMapping("/sign-out")
        void signOut(HttpServletRequest request, HttpServletResponse response) {
            sessions.signOut(request, response);
        }

        @GetMapping("/me")
        String me(@AuthenticationPrincipal AuthenticatedSession session) {
            return session.userId();
        }

        @PostMapping("/orders")
        String order(@AuthenticationPrincipal AuthenticatedSession session) {
            return "ordered by " + session.userId();
        }
    }

    @BeforeAll
    static void start() {
        application = WebApplication.start(
                List.of(Application.class, Pages.class),
                "session-aware-jwt.refresh-tokens.secret=" + TestApplication.OTHER_SECRET,
                "session-aware-jwt.web.carriers=cookies",
                "session-aware-jwt.web.sign-in-page=/sign-in");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void theDefaultChainStaysAwayAndNoUserIsMade() {
        assertFalse(application.hasBean("sessionAwareJwtSecurityFilterChain"));
        assertTrue(application.hasBean("sessionAwareJwtNoUsers"));
        assertFalse(application.hasBean("inMemoryUserDetailsManager"));
    }

    @Test
    void theOtherChainIsAsTheApplicationWroteIt() {
        assertEquals(
                "up",
                application
                        .get("/status", "Cookie", "__Host-session-access-x=y")
                        .body());
        // Spring's own protection, which only the chain with sessions switches off.
        assertEquals(403, application.send("POST", "/status").statusCode());
    }

    @Test
    void aSignInSetsCookiesThatNameTheUserUntilTheSignOut() {
        String cookies = cookies(application.send("POST", "/sign-in", "Sec-Fetch-Site", "same-origin"));

        assertEquals("alice", application.get("/me", "Cookie", cookies).body());
        assertEquals(
                "ordered by alice",
                application
                        .send("POST", "/orders", "Cookie", cookies, "Sec-Fetch-Site", "same-origin")
                        .body());
        assertEquals(
                403,
                application
                        .send("POST", "/orders", "Cookie", cookies, "Sec-Fetch-Site", "cross-site")
                        .statusCode());

        application.send("POST", "/sign-out", "Cookie", cookies, "Sec-Fetch-Site", "same-origin");
        assertEquals(401, application.get("/me", "Cookie", cookies).statusCode());
    }

    @Test
    void aBrowserWithoutASessionIsSentToTheSignInPage() {
        HttpResponse<String> answer = application.get("/me?x=1", "Sec-Fetch-Mode", "navigate", "Accept", "text/html");

        assertEquals(303, answer.statusCode());
        assertEquals(
                "/sign-in?returnTo=%2Fme%3Fx%3D1",
                answer.headers().firstValue("Location").orElseThrow());
    }

    @Test
    void mockMvcGetsARealSession() throws Exception {
        MockMvc mvc = MockMvcBuilders.webAppContextSetup(application.context())
                .addFilters(application.bean("springSecurityFilterChain", Filter.class))
                .build();

        assertEquals(401, answer(mvc, get("/me")).getStatus());
        assertEquals(
                "user-42",
                answer(mvc, get("/me").with(MockSessions.signedIn("user-42"))).getContentAsString());
        assertEquals(
                "ordered by user-42",
                answer(mvc, post("/orders").with(MockSessions.signedIn("user-42")))
                        .getContentAsString());
        assertEquals(2, application.tokens().listSessions("user-42").size());
    }

    private static MockHttpServletResponse answer(MockMvc mvc, RequestBuilder request) throws Exception {
        return mvc.perform(request).andReturn().getResponse();
    }

    private static String cookies(HttpResponse<String> signIn) {
        assertEquals(200, signIn.statusCode());
        return signIn.headers().allValues("Set-Cookie").stream()
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .collect(Collectors.joining("; "));
    }
}
