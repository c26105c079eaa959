package io.github.sessionaware.examples.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.javalin.Javalin;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.ResourceConfig;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

/** Runs each sample in its framework and expects the same responses from all of them. */
class FrameworksTest {
    private static final String CHALLENGE = "Bearer realm=\"api\"";
    private static final String INVALID = CHALLENGE + ", error=\"invalid_token\"";

    private volatile boolean isDown;
    private final SessionAwareTokenService tokens = SessionAwareTokenService.builder()
            .issuer("https://shop.example")
            .signingKey(SigningKey.hmac256("only for tests: 32 bytes or more".getBytes(StandardCharsets.UTF_8)))
            .sessionStore(store())
            .build();

    @Test
    void theJavalinSampleBehavesAsPromised() throws Exception {
        Javalin app = JavalinSample.app(tokens).start("127.0.0.1", 0);
        try {
            assertBehaves((path, token) -> {
                HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + app.port() + (path.equals("/me") ? "/api/me" : path)));
                if (token != null) {
                    request.header("Authorization", "Bearer " + token);
                }
                HttpResponse<String> answer = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
                return new Answer(
                        answer.statusCode(),
                        answer.headers().firstValue("WWW-Authenticate"),
                        answer.headers().firstValue("Retry-After"),
                        answer.body());
            });
        } finally {
            app.stop();
        }
    }

    @Test
    void theJaxRsSampleBehavesAsPromised() throws Exception {
        ApplicationHandler application = new ApplicationHandler(
                new ResourceConfig(Resources.class).register(new JaxRsSample.SessionAwareFilter(tokens)));
        assertBehaves((path, token) -> {
            URI base = URI.create("http://localhost/");
            ContainerRequest request =
                    new ContainerRequest(base, base.resolve(path), "GET", null, new MapPropertiesDelegate(), null);
            if (token != null) {
                request.header("Authorization", "Bearer " + token);
            }
            ContainerResponse answer = application.apply(request).get();
            return new Answer(
                    answer.getStatus(),
                    Optional.ofNullable(answer.getHeaderString("WWW-Authenticate")),
                    Optional.ofNullable(answer.getHeaderString("Retry-After")),
                    String.valueOf(answer.getEntity()));
        });
    }

    /** The resources of the application around the JAX-RS sample. */
    @Path("/")
    public static final class Resources {
        @GET
        @Path("me")
        public String me(@Context ContainerRequestContext request) {
            return ((AuthenticatedSession) request.getProperty("session")).userId();
        }

        @GET
        @Path("login")
        public String login() {
            return "login";
        }
    }

    @Test
    void theSpringSecuritySampleBehavesAsPromised() throws Exception {
        try (AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext()) {
            Filter security = springSecurity(context);
            assertBehaves((path, token) -> answer(security, get(path, token)));
        }
    }

    /** Later dispatches validate nothing: the request itself may have ended its session, and the store may be down. */
    @Test
    void theSpringSecuritySampleKeepsTheUserForAllDispatchesOfARequest() throws Exception {
        try (AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext()) {
            Filter security = springSecurity(context);
            MockHttpServletRequest request =
                    get("/me", tokens.issue("alice", ClientInfo.unknown()).accessToken());
            assertEquals("alice", answer(security, request).body());
            tokens.revokeAllSessions("alice");
            isDown = true;

            request.setDispatcherType(DispatcherType.ASYNC);
            assertEquals(new Answer(200, Optional.empty(), Optional.empty(), "alice"), answer(security, request));
            request.setDispatcherType(DispatcherType.ERROR);
            request.setAttribute("jakarta.servlet.error.request_uri", "/me");
            assertEquals(new Answer(200, Optional.empty(), Optional.empty(), "alice"), answer(security, request));

            MockHttpServletRequest failedLogin = get("/error", null);
            failedLogin.setDispatcherType(DispatcherType.ERROR);
            failedLogin.setAttribute("jakarta.servlet.error.request_uri", "/login");
            assertEquals(200, answer(security, failedLogin).status());
        }
    }

    private Filter springSecurity(AnnotationConfigWebApplicationContext context) {
        context.setServletContext(new MockServletContext());
        context.addBeanFactoryPostProcessor(beans -> beans.registerSingleton("tokens", tokens));
        context.register(SpringSecuritySample.Security.class);
        context.refresh();
        return context.getBean("springSecurityFilterChain", Filter.class);
    }

    private static MockHttpServletRequest get(String path, String token) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        request.setServletPath(path);
        if (token != null) {
            request.addHeader("Authorization", "Bearer " + token);
        }
        return request;
    }

    private static Answer answer(Filter security, MockHttpServletRequest request) throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        AtomicReference<String> said = new AtomicReference<>("");
        security.doFilter(request, response, (asked, answered) -> {
            Authentication user = SecurityContextHolder.getContext().getAuthentication();
            boolean isKnown = user != null && user.getDetails() instanceof AuthenticatedSession;
            said.set(isKnown ? user.getName() : "login");
        });
        assertEquals(null, SecurityContextHolder.getContext().getAuthentication(), "cleared");
        return new Answer(
                response.getStatus(),
                Optional.ofNullable(response.getHeader("WWW-Authenticate")),
                Optional.ofNullable(response.getHeader("Retry-After")),
                said.get());
    }

    private void assertBehaves(Caller caller) throws Exception {
        IssuedTokens issued = tokens.issue("alice", ClientInfo.unknown());

        Answer welcome = caller.get("/me", issued.accessToken());
        assertEquals(200, welcome.status());
        assertEquals("alice", welcome.body());
        assertEquals(
                new Answer(401, Optional.of(CHALLENGE), Optional.empty(), ""),
                caller.get("/me", null).refused());
        assertTrue(caller.get("/me", "forged").challenge().orElseThrow().startsWith(INVALID));
        assertEquals("login", caller.get("/login", null).body());

        isDown = true;
        Answer unavailable = caller.get("/me", issued.accessToken());
        assertEquals(503, unavailable.status());
        assertEquals(Optional.of("5"), unavailable.retryAfter());
        assertEquals(Optional.empty(), unavailable.challenge());

        isDown = false;
        tokens.revokeAllSessions("alice");
        Answer ended = caller.get("/me", issued.accessToken());
        assertEquals(401, ended.status());
        assertTrue(ended.challenge().orElseThrow().startsWith(INVALID));
    }

    private SessionStore store() {
        return new StoreWrapper(new InMemorySessionStore()) {
            @Override
            protected void beforeRead() {
                if (isDown) {
                    throw new SessionStoreException("taken away");
                }
            }
        };
    }

    private interface Caller {
        Answer get(String path, String token) throws Exception;
    }

    private record Answer(int status, Optional<String> challenge, Optional<String> retryAfter, String body) {
        Answer refused() {
            return new Answer(status, challenge, retryAfter, "");
        }
    }
}
