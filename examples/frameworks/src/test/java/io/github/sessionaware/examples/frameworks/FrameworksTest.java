package io.github.sessionaware.examples.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.examples.frameworks.Api.Answer;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.servlet.SessionFilter;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import io.javalin.Javalin;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.MessageBodyWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import org.glassfish.jersey.inject.hk2.AbstractBinder;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.ResourceConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.filter.DelegatingFilterProxy;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** Runs each sample for an API in its framework and expects the same responses from all of them. */
class FrameworksTest {
    private static final String CHALLENGE = "Bearer realm=\"api\"";
    private static final String INVALID = CHALLENGE + ", error=\"invalid_token\"";

    @TempDir
    private Path folder;

    private volatile boolean isDown;
    private final FakeClock clock = new FakeClock(TestService.START);
    private final BiPredicate<String, String> passwords = FrameworksTest::isRight;
    private final SessionAwareTokenService tokens = TestService.aServiceOn(
                    new StoreWrapper(new InMemorySessionStore()) {
                        @Override
                        protected void beforeRead() {
                            if (isDown) {
                                throw new SessionStoreException("taken away");
                            }
                        }
                    })
            .clock(clock)
            .accessTokenLifetime(Duration.ofMinutes(10))
            .refreshTokens(TestService.refreshSecret())
            .claimsOnRefresh((userId, session) ->
                    userId.equals("root") ? Map.of("authorities", List.of("ROLE_ADMIN")) : Map.of())
            .build();

    @Test
    void theJavalinSampleBehavesAsPromised() throws Exception {
        Javalin app = JavalinSample.app(tokens, passwords).start("127.0.0.1", 0);
        try {
            Api api = Api.at(URI.create("http://127.0.0.1:" + app.port()));
            assertLogsIn(api);
            assertBehaves(api);
        } finally {
            app.stop();
        }
    }

    @Test
    void theHttpServerSampleBehavesAsPromised() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        HttpServerSample.addRoutes(server, tokens);
        server.start();
        try {
            assertBehaves(
                    Api.at(URI.create("http://127.0.0.1:" + server.getAddress().getPort())));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void theJaxRsSampleBehavesAsPromised() throws Exception {
        Api api = onJersey(JaxRsSample.api(tokens, passwords));

        assertLogsIn(api);
        assertBehaves(api);
    }

    @Test
    void theJaxRsSampleForContainersThatCreateProvidersBehavesAsPromised() throws Exception {
        Api api = onJersey(new ResourceConfig(JaxRsSample.Sessions.class)
                .register(new JaxRsSample.Api(tokens, passwords))
                .register(new AbstractBinder() {
                    @Override
                    protected void configure() {
                        bind(tokens).to(SessionAwareTokenService.class);
                    }
                }));

        assertLogsIn(api);
        assertBehaves(api);
    }

    private static Api onJersey(ResourceConfig config) {
        ApplicationHandler application = new ApplicationHandler(config.register(new JsonWriter()));
        URI base = URI.create("http://localhost/");
        return (method, path, authorization, body) -> {
            ContainerRequest request = new ContainerRequest(
                    base, base.resolve(path), method, new Connection(), new MapPropertiesDelegate(), null);
            authorization.forEach(value -> request.header("Authorization", value));
            request.header("Content-Type", MediaType.APPLICATION_FORM_URLENCODED);
            request.setEntityStream(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
            ContainerResponse answer = application.apply(request).get();
            Object entity = answer.getEntity();
            return new Answer(
                    answer.getStatus(),
                    name -> Optional.ofNullable(answer.getHeaderString(name)),
                    entity instanceof String text ? text : new ObjectMapper().writeValueAsString(entity));
        };
    }

    /** Stands for the JSON module of an application. */
    private static final class JsonWriter implements MessageBodyWriter<Map<String, String>> {
        @Override
        public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
            return Map.class.isAssignableFrom(type);
        }

        @Override
        public void writeTo(
                Map<String, String> map,
                Class<?> type,
                Type generic,
                Annotation[] annotations,
                MediaType mediaType,
                MultivaluedMap<String, Object> headers,
                OutputStream body)
                throws IOException {
            body.write(new ObjectMapper().writeValueAsBytes(map));
        }
    }

    /** What a container knows of a connection whose user it has not authenticated. */
    private static final class Connection implements SecurityContext {
        @Override
        public Principal getUserPrincipal() {
            return null;
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }

        @Override
        public boolean isSecure() {
            return false;
        }

        @Override
        public String getAuthenticationScheme() {
            return null;
        }
    }

    @Test
    void theSpringSecuritySampleBehavesAsPromised() throws Exception {
        try (EmbeddedTomcat tomcat = spring()) {
            Api api = Api.at(tomcat.address());
            assertLogsIn(api);
            assertBehaves(api);
        }
    }

    /** Later dispatches validate nothing: the request itself may have ended its session, and the store may be down. */
    @Test
    void theSpringSecuritySampleKeepsTheUserForAllDispatchesOfARequest() throws Exception {
        try (EmbeddedTomcat tomcat = spring()) {
            Api api = Api.at(tomcat.address());

            Answer async = api.get("/async", login("alice").accessToken());
            isDown = false;
            Answer failed = api.get("/failing", login("alice").accessToken());
            isDown = false;

            assertEquals(200, async.status());
            assertEquals("alice", async.body());
            assertEquals(500, failed.status());
            assertEquals("Sorry, alice", failed.body());
        }
    }

    @Test
    void theErrorPageOfTheSpringSecuritySampleIsOpen() throws Exception {
        try (EmbeddedTomcat tomcat = spring()) {
            Answer refused = Api.at(tomcat.address()).send("POST", "/login", List.of(), "user=alice&password=wrong");

            assertEquals(403, refused.status());
            assertEquals("Sorry, anonymousUser", refused.body());
        }
    }

    @Test
    void authoritiesOfTheSpringSecuritySampleComeFromTheClaims() throws Exception {
        try (EmbeddedTomcat tomcat = spring()) {
            Api api = Api.at(tomcat.address());
            String admin = tokens.refresh(login("root").refreshToken(), ClientInfo.unknown())
                    .accessToken();

            assertEquals("for admins", api.get("/admin", admin).body());
            assertEquals(403, api.get("/admin", login("alice").accessToken()).status());
            assertEquals(401, api.get("/admin").status());
        }
    }

    @Test
    void anExceptionOfASpringControllerGetsTheAnswerOfTheFilter() throws Exception {
        try (EmbeddedTomcat tomcat = spring()) {
            Api api = Api.at(tomcat.address());
            String token = login("alice").accessToken();
            clock.advance(Duration.ofMinutes(6));

            Answer again = api.get("/recently-authenticated", token);

            assertEquals(401, again.status());
            assertTrue(again.header("WWW-Authenticate").orElseThrow().contains("insufficient_user_authentication"));
        }
    }

    /** Registers the filters and the servlet as Spring Boot does, which also registers each bean that is a filter. */
    private EmbeddedTomcat spring() throws Exception {
        ServletContainerInitializer boot = (classes, context) -> {
            AnnotationConfigWebApplicationContext application = new AnnotationConfigWebApplicationContext();
            application.addBeanFactoryPostProcessor(beans -> {
                beans.registerSingleton("tokens", tokens);
                beans.registerSingleton("passwords", passwords);
                beans.registerSingleton("test", this);
            });
            application.register(
                    SpringSecuritySample.Security.class, SpringSecuritySample.Logins.class, Web.class, Pages.class);
            application.setServletContext(context);
            application.refresh();
            var servlet = context.addServlet("spring", new DispatcherServlet(application));
            servlet.setLoadOnStartup(1);
            servlet.setAsyncSupported(true);
            servlet.addMapping("/");
            var filter =
                    context.addFilter("security", new DelegatingFilterProxy("springSecurityFilterChain", application));
            filter.setAsyncSupported(true);
            filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
            var bean = context.addFilter("sessions", application.getBean(SessionFilter.class));
            bean.setAsyncSupported(true);
            bean.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/*");
        };
        return EmbeddedTomcat.start(folder, boot, "/error");
    }

    /** The configuration around the sample for Spring Security. */
    @Configuration
    @EnableWebMvc
    @EnableMethodSecurity
    static class Web {}

    /** The pages around the sample for Spring Security. */
    @RestController
    static class Pages {
        private final FrameworksTest test;

        Pages(FrameworksTest test) {
            this.test = test;
        }

        @GetMapping("/me")
        String me(Authentication user) {
            return ((AuthenticatedSession) user.getDetails()).userId();
        }

        @GetMapping("/async")
        Callable<String> async(Authentication user) {
            return () -> {
                test.endAllSessionsAndStopTheStore(user);
                return SecurityContextHolder.getContext().getAuthentication().getName();
            };
        }

        @GetMapping("/failing")
        void fail(Authentication user, HttpServletResponse response) throws IOException {
            test.endAllSessionsAndStopTheStore(user);
            response.sendError(500);
        }

        @GetMapping("/admin")
        @PreAuthorize("hasRole('ADMIN')")
        String admin() {
            return "for admins";
        }

        @GetMapping("/recently-authenticated")
        void requireRecentAuthentication(Authentication user) {
            ((AuthenticatedSession) user.getDetails()).requireAuthenticatedWithin(Duration.ofMinutes(5));
        }

        @RequestMapping("/error")
        String error() {
            return "Sorry, "
                    + SecurityContextHolder.getContext().getAuthentication().getName();
        }
    }

    private void endAllSessionsAndStopTheStore(Authentication user) {
        tokens.revokeAllSessions(user.getName());
        isDown = true;
    }

    private static boolean isRight(String user, String password) {
        return password.equals("right");
    }

    private IssuedTokens login(String user) {
        return tokens.issue(user, ClientInfo.unknown());
    }

    private static void assertLogsIn(Api api) throws Exception {
        Answer login = api.send("POST", "/login", List.of(), "user=alice&password=right");

        assertEquals(200, login.status());
        assertEquals("alice", api.get("/me", login.json("accessToken")).body());
        assertEquals(
                403,
                api.send("POST", "/login", List.of(), "user=alice&password=wrong")
                        .status());
    }

    private void assertBehaves(Api api) throws Exception {
        IssuedTokens issued = login("alice");
        String token = issued.accessToken();

        assertEquals("alice", api.get("/me", token).body());
        assertChallenged(CHALLENGE, api.get("/me"));
        assertInvalid(api.get("/me", "forged"));
        assertInvalid(api.send("GET", "/me", List.of("Bearer " + token, "Bearer " + token), ""));

        isDown = true;
        assertUnavailable(api.get("/me", token));
        assertUnavailable(api.post("/refresh", token, form(issued)));
        isDown = false;
        assertEquals("alice", api.get("/me", token).body());

        assertRefreshesExpiredTokens(api, issued);
        assertSignsOut(api);
    }

    /** Clients send the expired access token with every request, also to the refresh endpoint. */
    private void assertRefreshesExpiredTokens(Api api, IssuedTokens issued) throws Exception {
        clock.advance(Duration.ofMinutes(11));
        assertInvalid(api.get("/me", issued.accessToken()));

        Answer refreshed = api.post("/refresh", issued.accessToken(), form(issued));

        assertEquals(200, refreshed.status());
        assertEquals(Optional.of("no-store"), refreshed.header("Cache-Control"));
        assertEquals("alice", api.get("/me", accessToken(refreshed)).body());
        assertNotEquals(issued.accessToken(), accessToken(refreshed));
        assertInvalid(api.post("/refresh", issued.accessToken(), "refreshToken=forged"));
    }

    private void assertSignsOut(Api api) throws Exception {
        String token = login("alice").accessToken();

        int status = api.post("/logout", token, "").status();

        assertTrue(status == 200 || status == 204, "status " + status);
        assertInvalid(api.get("/me", token));
        assertInvalid(api.post("/logout", token, ""));
        assertChallenged(CHALLENGE, api.send("POST", "/logout", List.of(), ""));
    }

    private static String form(IssuedTokens issued) {
        return "refreshToken=" + URLEncoder.encode(issued.refreshToken(), StandardCharsets.UTF_8);
    }

    private static String accessToken(Answer answer) throws Exception {
        return answer.json("accessToken");
    }

    private static void assertInvalid(Answer answer) {
        assertEquals(401, answer.status());
        assertTrue(answer.header("WWW-Authenticate").orElseThrow().startsWith(INVALID));
    }

    private static void assertChallenged(String challenge, Answer answer) {
        assertEquals(401, answer.status());
        assertEquals(Optional.of(challenge), answer.header("WWW-Authenticate"));
    }

    private static void assertUnavailable(Answer answer) {
        assertEquals(503, answer.status());
        assertEquals(Optional.of("5"), answer.header("Retry-After"));
        assertEquals(Optional.empty(), answer.header("WWW-Authenticate"));
    }
}
