package io.github.sessionaware.servlet;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static io.github.sessionaware.testing.TestService.refreshSecret;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.StoreWrapper;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.filter.RolesAllowedDynamicFeature;
import org.junit.jupiter.api.Test;

/** The filter in Jersey, without a server. */
class SessionRequestFilterTest {
    private static final String CHALLENGE = "Bearer realm=\"api\"";
    private static final String INVALID = CHALLENGE + ", error=\"invalid_token\"";

    private final FakeClock clock = new FakeClock(START);
    private volatile boolean isDown;
    private final AtomicInteger reads = new AtomicInteger();
    private final SessionAwareTokenService tokens = aServiceOn(new StoreWrapper(new InMemorySessionStore()) {
                @Override
                protected void beforeRead() {
                    reads.incrementAndGet();
                    if (isDown) {
                        throw new SessionStoreException("taken away");
                    }
                }
            })
            .clock(clock)
            .accessTokenLifetime(Duration.ofMinutes(10))
            .refreshTokens(refreshSecret())
            .claimsOnRefresh((userId, session) -> Map.of())
            .build();
    private final Resources resources = new Resources();
    private final ApplicationHandler application = new ApplicationHandler(new ResourceConfig()
            .register(resources)
            .register(RolesAllowedDynamicFeature.class)
            .register(new SessionRequestFilter(
                    tokens, session -> session.claimList("roles", String.class), "login", "/refresh", "open/café")));
    private final IssuedTokens issued = tokens.issue("alice", ClientInfo.unknown());

    @Test
    void theTokenOfALiveSessionReachesTheResource() {
        ContainerResponse answer = get("me", issued.accessToken());

        assertEquals(200, answer.getStatus());
        assertEquals("alice " + issued.session().id(), answer.getEntity());
    }

    @Test
    void aRequestWithoutATokenGetsTheChallengeWithoutAnError() {
        assertRefused(CHALLENGE, get("me"));
        assertRefused(CHALLENGE, answer(request("GET", "me", "Basic YWxpY2U6c2VjcmV0")));
        assertEquals(0, reads.get());
    }

    @Test
    void aForgedTokenCostsNoRead() {
        String token = issued.accessToken();
        String forged = token.substring(0, token.length() - 4) + (token.endsWith("AAAA") ? "BBBB" : "AAAA");

        assertInvalid(get("me", forged));
        assertInvalid(get("me", "forged"));
        assertInvalid(answer(request("GET", "me", "Bearer")));
        assertInvalid(answer(request("GET", "me", "Bearer " + token + " " + token)));
        assertEquals(0, reads.get());
    }

    @Test
    void severalAuthorizationHeadersAreNeverOneToken() {
        String header = "Bearer " + issued.accessToken();

        assertInvalid(answer(request("GET", "me", header, header)));
        assertInvalid(answer(request("GET", "me", header, "Basic YWxpY2U6c2VjcmV0")));
        assertEquals(401, answer(request("GET", "me", "", header)).getStatus());
        assertEquals(0, resources.calls.get());
    }

    @Test
    void theTokenOfAnEndedSessionIsRefused() {
        tokens.revokeAllSessions("alice");

        assertInvalid(get("me", issued.accessToken()));
        assertEquals(0, resources.calls.get());
    }

    @Test
    void anOutageIs503AndNeverAChallenge() {
        isDown = true;

        assertUnavailable(get("me", issued.accessToken()));
        assertRefused(CHALLENGE, get("me"));
        assertInvalid(get("me", "forged"));
        assertEquals(0, resources.calls.get());
        isDown = false;
        assertEquals(200, get("me", issued.accessToken()).getStatus());
    }

    @Test
    void anExpiredAccessTokenIsRefusedAndTheOpenRefreshEndpointReplacesIt() {
        clock.advance(Duration.ofMinutes(11));
        assertInvalid(get("me", issued.accessToken()));

        ContainerRequest refresh = request("POST", "refresh", "Bearer " + issued.accessToken());
        refresh.header("Refresh-Token", issued.refreshToken());
        ContainerResponse answer = answer(refresh);

        assertEquals(200, answer.getStatus());
        assertEquals(200, get("me", (String) answer.getEntity()).getStatus());
    }

    @Test
    void aRefusedRefreshTokenIs401OnTheOpenRefreshEndpoint() {
        ContainerRequest refresh = request("POST", "refresh");
        refresh.header("Refresh-Token", "forged");

        assertInvalid(answer(refresh));
    }

    @Test
    void anOpenPathNeedsNoSessionWhetherItIsWrittenWithASlashOrWithout() {
        isDown = true;

        assertEquals("login", get("login").getEntity());
        assertEquals("login", get("login", "forged").getEntity());
        assertEquals("login", get("login?next=me").getEntity());
        assertRefused(CHALLENGE, get("refresh/all"));
    }

    @Test
    void onlyTheExactSpellingOfAnOpenPathIsOpen() {
        for (String path : List.of("%6cogin", "login/", "login;a=b", "LOGIN", "login%2f", "login%20")) {
            ContainerResponse answer = get(path);
            assertEquals(401, answer.getStatus(), () -> path + " reached " + answer.getEntity());
        }
        assertEquals(0, resources.calls.get());
    }

    @Test
    void anOpenPathMayHaveLettersThatUrisEncode() {
        assertEquals("menu", get("open/caf%C3%A9").getEntity());
    }

    @Test
    void anOpenPathHasNoCurrentSession() {
        get("login", issued.accessToken());

        assertEquals(
                "The request has no session: its path is open, or no SessionRequestFilter is registered",
                resources.failure.getMessage());
    }

    @Test
    void rolesOfTheSessionDecideAboutRolesAllowed() {
        String admin = tokens.issue(
                        "root",
                        ClientInfo.unknown(),
                        LoginOptions.defaults().withClaims(Map.of("roles", List.of("admin"))))
                .accessToken();

        assertEquals("for admins", get("admin", admin).getEntity());
        assertEquals(403, get("admin", issued.accessToken()).getStatus());
        assertRefused(CHALLENGE, get("admin"));
    }

    @Test
    void aFilterWithoutRolesHasUsersWithoutRoles() {
        ApplicationHandler withoutRoles = new ApplicationHandler(new ResourceConfig()
                .register(new Resources())
                .register(RolesAllowedDynamicFeature.class)
                .register(new SessionRequestFilter(tokens)));

        ContainerRequest request = request("GET", "admin", "Bearer " + issued.accessToken());
        assertEquals(403, result(withoutRoles.apply(request)).getStatus());
        assertEquals(401, result(withoutRoles.apply(request("GET", "login"))).getStatus());
    }

    @Test
    void theSecurityContextNamesTheUserAndKeepsWhetherTheConnectionIsSecure() {
        ContainerRequest secure = new Connection(true).request("GET", "context", "Bearer " + issued.accessToken());

        assertEquals("alice alice Bearer true", answer(secure).getEntity());
        assertEquals(
                "alice alice Bearer false", get("context", issued.accessToken()).getEntity());
    }

    @Test
    void anExceptionOfAResourceGetsTheAnswerOfTheFilter() {
        String token = issued.accessToken();

        assertInvalid(get("throw/invalid", token));
        assertUnavailable(get("throw/outage", token));
        assertEquals(403, get("throw/refused", token).getStatus());
        clock.advance(Duration.ofMinutes(6));
        ContainerResponse again = get("throw/too-long-ago", token);
        assertEquals(401, again.getStatus());
        assertTrue(again.getHeaderString("WWW-Authenticate").contains("insufficient_user_authentication"));
        assertEquals("no-store", again.getHeaderString("Cache-Control"));
    }

    @Test
    void aSuspendedResourceKeepsTheUserOnAnotherThread() throws Exception {
        Future<ContainerResponse> pending =
                application.apply(request("GET", "suspended", "Bearer " + issued.accessToken()));
        AsyncResponse suspended = resources.take();
        tokens.revokeAllSessions("alice");
        isDown = true;
        suspended.resume(resources.user(suspended));

        assertEquals("alice", result(pending).getEntity());
    }

    @Test
    void aSuspendedResourceThatFailsGetsTheAnswerOfTheFilter() throws Exception {
        Future<ContainerResponse> pending =
                application.apply(request("GET", "suspended", "Bearer " + issued.accessToken()));
        resources.take().resume(new SessionStoreException("taken away"));

        assertUnavailable(result(pending));
    }

    @Test
    void aStageThatFailsGetsTheAnswerOfTheFilter() throws Exception {
        Future<ContainerResponse> pending =
                application.apply(request("GET", "stage", "Bearer " + issued.accessToken()));
        resources.stage.completeExceptionally(new SessionStoreException("taken away"));

        assertUnavailable(result(pending));
    }

    @Test
    void aSuspendedResourceIsNotReachedWithoutASession() {
        assertRefused(CHALLENGE, get("suspended"));
        assertEquals(0, resources.calls.get());
    }

    @Test
    void subResourcesNeedASession() {
        assertEquals(
                "laptop of alice",
                get("devices/laptop/name", issued.accessToken()).getEntity());
        assertRefused(CHALLENGE, get("devices/laptop/name"));
        assertRefused(CHALLENGE, get("devices/login"));
    }

    /** JAX-RS finds the resource first, and then calls the filters. */
    @Test
    void aSubResourceLocatorRunsBeforeTheFilter() {
        get("devices/laptop/name", issued.accessToken());

        assertEquals(
                "The request has no session: its path is open, or no SessionRequestFilter is registered",
                resources.failure.getMessage());
    }

    @Test
    void anUnknownPathIs404WithoutARead() {
        assertEquals(404, get("unknown/path", issued.accessToken()).getStatus());
        assertEquals(0, reads.get());
    }

    private ContainerResponse get(String path, String token) {
        return answer(request("GET", path, "Bearer " + token));
    }

    private ContainerResponse get(String path) {
        return answer(request("GET", path));
    }

    private ContainerResponse answer(ContainerRequest request) {
        return result(application.apply(request));
    }

    private static ContainerResponse result(Future<ContainerResponse> pending) {
        try {
            return pending.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("No response", e);
        }
    }

    private static ContainerRequest request(String method, String path, String... authorization) {
        return new Connection(false).request(method, path, authorization);
    }

    private static void assertRefused(String challenge, ContainerResponse answer) {
        assertEquals(401, answer.getStatus());
        assertEquals(challenge, answer.getHeaderString("WWW-Authenticate"));
        assertEquals("no-store", answer.getHeaderString("Cache-Control"));
    }

    private static void assertInvalid(ContainerResponse answer) {
        assertEquals(401, answer.getStatus());
        assertTrue(answer.getHeaderString("WWW-Authenticate").startsWith(INVALID));
    }

    private static void assertUnavailable(ContainerResponse answer) {
        assertEquals(503, answer.getStatus());
        assertEquals("5", answer.getHeaderString("Retry-After"));
        assertEquals("no-store", answer.getHeaderString("Cache-Control"));
        assertNull(answer.getHeaderString("WWW-Authenticate"));
    }

    /** The resources of an application. */
    @Path("/")
    public final class Resources {
        private final BlockingQueue<AsyncResponse> suspended = new LinkedBlockingQueue<>();
        private final List<SecurityContext> users = new ArrayList<>();
        private final CompletableFuture<String> stage = new CompletableFuture<>();
        private volatile IllegalStateException failure;
        private final AtomicInteger calls = new AtomicInteger();

        AsyncResponse take() throws InterruptedException {
            AsyncResponse response = suspended.poll(10, TimeUnit.SECONDS);
            assertTrue(response != null && response.isSuspended());
            return response;
        }

        String user(AsyncResponse response) {
            assertTrue(response.isSuspended());
            return users.get(0).getUserPrincipal().getName();
        }

        @GET
        @Path("me")
        public String me(@Context ContainerRequestContext request) {
            calls.incrementAndGet();
            AuthenticatedSession current = SessionRequestFilter.current(request);
            return current.userId() + " " + current.sessionId();
        }

        /** Jersey matches the path as it was sent, so that an encoded spelling of another path ends here. */
        @GET
        @Path("{any}")
        public String any(@PathParam("any") String any) {
            calls.incrementAndGet();
            return "document " + any;
        }

        @GET
        @Path("login")
        public String login(@Context ContainerRequestContext request) {
            requireNoSession(request);
            return "login";
        }

        @POST
        @Path("refresh")
        public String refresh(@HeaderParam("Refresh-Token") String refreshToken) {
            return tokens.refresh(refreshToken, ClientInfo.unknown()).accessToken();
        }

        @GET
        @Path("refresh/all")
        public String refreshAll() {
            return "all";
        }

        @GET
        @Path("open/café")
        public String menu() {
            return "menu";
        }

        @GET
        @Path("admin")
        @RolesAllowed("admin")
        public String admin() {
            return "for admins";
        }

        @GET
        @Path("context")
        public String context(@Context SecurityContext context) {
            Principal user = context.getUserPrincipal();
            return user.getName() + " " + user + " " + context.getAuthenticationScheme() + " " + context.isSecure();
        }

        @GET
        @Path("throw/{exception}")
        public String fail(@PathParam("exception") String exception, @Context ContainerRequestContext request) {
            switch (exception) {
                case "invalid" -> tokens.validate("forged");
                case "outage" -> throw new SessionStoreException("taken away");
                case "refused" ->
                    tokens.issue(
                            "alice",
                            ClientInfo.unknown(),
                            LoginOptions.defaults().withStillAllowed(() -> false));
                default -> SessionRequestFilter.current(request).requireAuthenticatedWithin(Duration.ofMinutes(5));
            }
            return "not reached";
        }

        @GET
        @Path("suspended")
        public void suspend(@Suspended AsyncResponse response, @Context SecurityContext user) {
            calls.incrementAndGet();
            users.add(user);
            suspended.add(response);
        }

        @GET
        @Path("stage")
        public CompletionStage<String> stage() {
            return stage;
        }

        @Path("devices/{id}")
        public Device device(@PathParam("id") String id, @Context ContainerRequestContext request) {
            requireNoSession(request);
            return new Device(id);
        }

        private void requireNoSession(ContainerRequestContext request) {
            failure = assertThrows(IllegalStateException.class, () -> SessionRequestFilter.current(request));
        }
    }

    /** A sub-resource. */
    public record Device(String id) {
        @GET
        public String get() {
            return id;
        }

        @GET
        @Path("name")
        public String name(@Context SecurityContext user) {
            return id + " of " + user.getUserPrincipal().getName();
        }
    }
}
