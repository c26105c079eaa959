package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.ISSUER;
import static io.github.sessionaware.springboot.TestApplication.KEY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.AbstractMockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** Sessions for MockMvc, in a whole application and in a slice of one. */
class MockSessionsTest {
    @RestController
    static class Orders {
        @GetMapping("/orders")
        String orders(@AuthenticationPrincipal @Nullable AuthenticatedSession current, @Nullable Authentication user) {
            return current == null || user == null ? "nobody" : current.userId() + " " + user.getAuthorities();
        }

        @PostMapping("/orders")
        String order(HttpServletRequest request) {
            SessionFilter.current(request).requireAuthenticatedWithin(Duration.ofMinutes(5));
            return "ordered";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    static class Mvc {
        @Bean
        Orders orders() {
            return new Orders();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    @EnableWebSecurity
    static class SecuredMvc {
        @Bean
        Orders orders() {
            return new Orders();
        }
    }

    private interface Story {
        void tell(WebApplicationContext context, MockMvc mvc) throws Exception;
    }

    private static WebApplicationContextRunner application() {
        return new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        SessionStoreAutoConfiguration.class,
                        SessionAwareJwtAutoConfiguration.class,
                        SessionFilterAutoConfiguration.class,
                        SessionSecurityAutoConfiguration.class))
                .withUserConfiguration(SecuredMvc.class)
                .withPropertyValues(
                        ISSUER,
                        KEY,
                        "session-aware-jwt.store.type=memory",
                        "session-aware-jwt.web.authorities-claim=roles");
    }

    private static void tell(WebApplicationContextRunner runner, Story story) {
        runner.run(context -> {
            WebApplicationContext web = context.getSourceApplicationContext();
            story.tell(
                    web,
                    MockMvcBuilders.webAppContextSetup(web)
                            .addFilters(web.getBean("springSecurityFilterChain", Filter.class))
                            .build());
        });
    }

    private static String answer(MockMvc mvc, AbstractMockHttpServletRequestBuilder<?> request) throws Exception {
        var response = mvc.perform(request).andReturn().getResponse();
        return response.getStatus() + " " + response.getContentAsString();
    }

    @Test
    void aSignedInUserPassesTheChain() {
        LoginOptions admin = LoginOptions.defaults().withClaims(Map.of("roles", List.of("admin")));
        tell(application(), (context, mvc) -> {
            assertEquals("401 ", answer(mvc, get("/orders")));
            assertEquals("200 alice []", answer(mvc, get("/orders").with(MockSessions.signedIn("alice"))));
            assertEquals("200 alice [admin]", answer(mvc, get("/orders").with(MockSessions.signedIn("alice", admin))));
            assertEquals("200 ordered", answer(mvc, post("/orders").with(MockSessions.signedIn("alice"))));
        });
    }

    @Test
    void theSessionIsOneOfTheApplication() {
        tell(application(), (context, mvc) -> {
            answer(mvc, get("/orders").with(MockSessions.signedIn("alice")));

            assertEquals(
                    1,
                    context.getBean(SessionAwareTokenService.class)
                            .listSessions("alice")
                            .size());
        });
    }

    @Test
    void cookiesPassTooAlsoWithAForm() {
        tell(application().withPropertyValues("session-aware-jwt.web.carriers=cookies"), (context, mvc) -> {
            assertEquals("200 alice []", answer(mvc, get("/orders").with(MockSessions.signedIn("alice"))));
            assertEquals("200 ordered", answer(mvc, post("/orders").with(MockSessions.signedIn("alice"))));
            assertEquals(
                    "403 ",
                    answer(
                            mvc,
                            post("/orders")
                                    .header("Origin", "https://evil.example")
                                    .with(MockSessions.signedIn("alice"))));
        });
    }

    @Test
    void anAuthenticationLongAgoNeedsAStepUp() {
        LoginOptions longAgo =
                LoginOptions.defaults().withAuthenticatedAt(Instant.now().minus(Duration.ofHours(1)));
        tell(
                application(),
                (context, mvc) -> assertEquals(
                        "401 ", answer(mvc, post("/orders").with(MockSessions.signedIn("alice", longAgo)))));
    }

    @Test
    void aSliceWithoutBeansOfTheLibraryHasThePrincipal() {
        WebApplicationContextRunner slice = new WebApplicationContextRunner().withUserConfiguration(SecuredMvc.class);
        tell(slice, (context, mvc) -> {
            assertEquals("200 alice []", answer(mvc, get("/orders").with(MockSessions.signedIn("alice"))));
            assertTrue(answer(mvc, get("/orders")).startsWith("4")
                    || answer(mvc, get("/orders")).startsWith("302"));
        });
        tell(
                slice.withBean(
                        SessionAuthoritiesMapper.class,
                        () -> session -> List.of(new SimpleGrantedAuthority("of-" + session.userId()))),
                (context, mvc) -> assertEquals(
                        "200 alice [of-alice]", answer(mvc, get("/orders").with(MockSessions.signedIn("alice")))));
    }

    /** Boot's chain in a slice has Spring's protection against requests of other sites. */
    @Test
    void aSliceLetsAFormPassWithoutATokenAgainstForgery() {
        tell(
                new WebApplicationContextRunner().withUserConfiguration(SecuredMvc.class),
                (context, mvc) ->
                        assertEquals("200 ordered", answer(mvc, post("/orders").with(MockSessions.signedIn("alice")))));
    }

    @Test
    void aSliceWithoutSpringSecurityHasTheAttribute() {
        new WebApplicationContextRunner().withUserConfiguration(Mvc.class).run(context -> {
            MockMvc mvc = MockMvcBuilders.webAppContextSetup(context.getSourceApplicationContext())
                    .build();

            assertEquals("200 ordered", answer(mvc, post("/orders").with(MockSessions.signedIn("alice"))));
        });
    }

    @Test
    void aSliceWithoutTheStoreInMemoryIsTold() {
        new WebApplicationContextRunner()
                .withUserConfiguration(Mvc.class)
                .withClassLoader(new FilteredClassLoader("io.github.sessionaware.memory"))
                .run(context -> {
                    MockMvc mvc = MockMvcBuilders.webAppContextSetup(context.getSourceApplicationContext())
                            .build();

                    IllegalStateException refusal = assertThrows(
                            IllegalStateException.class,
                            () -> mvc.perform(get("/orders").with(MockSessions.signedIn("alice"))));
                    assertTrue(String.valueOf(refusal.getMessage()).contains("session-aware-jwt-memory-store"));
                });
    }
}
