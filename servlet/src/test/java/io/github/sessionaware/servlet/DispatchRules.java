package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.BearerToken;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.memory.InMemorySessionStore;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests that a container passes on, and several filters on one request. */
interface DispatchRules extends SiteTests {
    private void forward(String from, String to) {
        site().page(
                        from,
                        (request, response) -> request.getRequestDispatcher(to).forward(request, response));
    }

    private void assertReadsOnce(Browser browser, String path, String expected) {
        site().counted.reset();
        Answer answer = browser.get(path);
        assertTrue(answer.body().contains(expected), path + " " + answer);
        assertEquals(1, site().counted.reads(), path);
    }

    @Test
    default void aDispatchedRequestIsValidatedOnceAndKeepsItsUser() {
        forward("/forwards", "/me");
        forward("/forwards-to-open", "/open");
        site().page("/dispatches", (request, response) -> request.startAsync().dispatch("/me"));
        site().page("/completes", (request, response) -> {
            AsyncContext async = request.startAsync(request, response);
            async.start(() -> {
                try {
                    response.getWriter().print("user: " + request.getRemoteUser() + "\n");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                async.complete();
            });
        });
        site().page("/includes", (request, response) -> {
            response.getWriter().print("begin\n");
            request.getRequestDispatcher("/me").include(request, response);
        });
        Browser browser = site().browser().signedIn("alice");

        for (String path : List.of("/forwards", "/forwards-to-open", "/dispatches", "/completes", "/includes")) {
            assertReadsOnce(browser, path, "user: alice");
            assertReadsOnce(browser, "/app" + path, "user: alice");
        }
    }

    @Test
    default void aForwardFromAnOpenPathToAProtectedOneIsAuthenticated() {
        forward("/static/forwards", "/me");
        site().page(
                        "/static/dispatches",
                        (request, response) -> request.startAsync().dispatch("/me"));
        Browser browser = site().browser().signedIn("alice");

        for (String path : List.of("/static/forwards", "/static/dispatches")) {
            assertEquals(303, site().browser().get(path).status());
            assertEquals(401, site().api().get(path).status());
            assertReadsOnce(browser, path, "user: alice");
        }
        site().expireAccessTokens();
        assertEquals("alice", browser.get("/static/forwards").line("user"));
        assertEquals(2, browser.cookies().size());
    }

    @Test
    default void anIncludeFromAnOpenPathIsAuthenticatedAndRefreshesNothing() {
        site().page("/static/includes", (request, response) -> {
            response.getWriter().print("begin\n");
            request.getRequestDispatcher("/me").include(request, response);
        });
        site().page(
                        "/static/includes-open",
                        (request, response) ->
                                request.getRequestDispatcher("/static/picture").include(request, response));
        Browser browser = site().browser().signedIn("alice");

        assertEquals("picture\n", site().browser().get("/static/includes-open").body());
        assertFalse(site().browser().get("/static/includes").body().contains("user: "));
        assertEquals(303, site().browser().get("/static/includes").status());
        assertReadsOnce(browser, "/static/includes", "begin\nuser: alice");
        // The response of an include cannot set cookies, so a refresh would use the token up.
        site().expireAccessTokens();
        site().counted.reset();
        assertEquals(303, browser.get("/static/includes").status());
        assertEquals(0, site().counted.writes());
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void anIncludeOfAPathThatIsNotPlainNeedsASession() {
        site().page("/static/includes", (request, response) -> {
            response.getWriter().print("begin\n");
            request.getRequestDispatcher("/st%61tic/picture").include(request, response);
        });

        assertEquals(303, site().browser().get("/static/includes").status());
        assertEquals(
                "begin\npicture\n",
                site().browser().signedIn("alice").get("/static/includes").body());
    }

    @Test
    default void aCommittedResponseRefreshesNothing() {
        site().page("/static/commits", (request, response) -> {
            response.getWriter().print("begin\n");
            response.flushBuffer();
            request.startAsync().dispatch("/me");
        });
        Browser browser = site().browser().signedIn("alice");
        site().expireAccessTokens();
        site().counted.reset();

        Answer answer = browser.get("/static/commits");

        assertFalse(answer.body().contains("user: "), answer.toString());
        assertEquals(0, site().counted.writes());
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void anErrorPageKnowsTheUserOfTheRequestAndNeedsNone() {
        Browser browser = site().browser().signedIn("alice");
        site().page("/fails", (request, response) -> response.sendError(500));

        assertReadsOnce(browser, "/missing", "error: 404\nuser: alice");
        assertReadsOnce(browser, "/fails", "error: 500\nuser: alice");
        assertEquals(
                "error: 404\nuser: null\n",
                site().browser().get("/static/missing").body());
        assertEquals(
                "error: 403\nuser: null\n",
                browser.post("/rename", Map.of(), "Sec-Fetch-Site: cross-site", "Origin: https://evil.example")
                        .body());
        site().store.isDown = true;
        assertEquals("error: 503\nuser: null\n", browser.get("/me").body());
    }

    @Test
    default void anErrorPageThatFailsItselfEndsTheRequest() {
        site().page("/error", (request, response) -> site().tokens.listSessions("alice"));
        Browser browser = site().browser().signedIn("alice");
        site().store.isDown = true;

        Answer answer = browser.get("/me");

        assertEquals(503, answer.status());
        assertEquals(List.of(), answer.setCookies());
    }

    @Test
    default void afterASignOutTheRequestHasNoUserAndAForwardDoesNotPass() {
        site().page("/signs-out", (request, response) -> {
            request.logout();
            response.getWriter()
                    .print("user: " + request.getRemoteUser() + request.getUserPrincipal() + request.getAuthType()
                            + request.isUserInRole("role-of-alice") + "\n");
        });
        site().page("/signs-out-and-forwards", (request, response) -> {
            site().filter.signOut(request, response);
            request.getRequestDispatcher("/me").forward(request, response);
        });
        Browser browser = site().browser().signedIn("alice");
        assertEquals("nullnullnullfalse", browser.post("/signs-out", Map.of()).line("user"));
        assertTrue(browser.cookies().isEmpty());

        browser.signedIn("alice");
        assertEquals(303, browser.post("/signs-out-and-forwards", Map.of()).status());
        assertTrue(browser.cookies().isEmpty());
    }

    @Test
    default void aCommittedResponseIsNotAnsweredAgain() {
        site().page("/commits", (request, response) -> {
            response.getWriter().print("begin\n");
            response.flushBuffer();
            site().tokens.validate("x.y.z");
        });
        Browser browser = site().browser().signedIn("alice");

        Answer answer = browser.get("/commits");

        assertEquals(200, answer.status());
        assertEquals(List.of(), answer.headers("Location"));
        assertTrue(answer.body().contains("begin"), answer.toString());
        assertInstanceOf(InvalidTokenException.class, site().thrown);
    }

    @Test
    default void aRequestThatFailsAfterItBecameAsynchronousIsAnsweredAtOnce() {
        site().page("/starts-and-fails", (request, response) -> {
            request.startAsync().setTimeout(60_000);
            site().tokens.validate("x.y.z");
        });
        Browser browser = site().browser().signedIn("alice");

        assertEquals(
                "/sign-in?returnTo=%2Fstarts-and-fails",
                browser.get("/starts-and-fails").location());
        assertEquals(
                401, browser.get("/starts-and-fails", "Sec-Fetch-Mode: cors").status());
        site().store.isDown = true;
        site().page("/static/starts-and-fails", (request, response) -> {
            request.startAsync().setTimeout(60_000);
            site().tokens.listSessions("alice");
        });
        assertEquals(503, browser.get("/static/starts-and-fails").status());
    }

    private SessionAwareTokenService anotherService() {
        return SessionAwareTokenService.builder()
                .issuer("https://admin.example")
                .signingKey(SigningKey.hmac256("the key of administrators: 32 byt".getBytes(StandardCharsets.UTF_8)))
                .sessionStore(new InMemorySessionStore())
                .clock(site().clock)
                .build();
    }

    @Test
    default void twoFiltersForTwoRangesHaveTheirOwnSessions() {
        SessionAwareTokenService admins = anotherService();
        site().otherFilter =
                SessionFilter.builder(admins).cookies().cookieName("admin").build();
        site().page(
                        "/other/me",
                        (request, response) -> response.getWriter()
                                .print("user: " + SessionFilter.current(request).userId() + "\n"));
        site().page(
                        "/static/sign-in-other",
                        (request, response) ->
                                site().otherFilter.signIn(request, response, "root", LoginOptions.defaults()));
        forward("/to-other", "/other/me");
        forward("/other/to-first", "/me");
        Browser browser = site().browser().signedIn("alice");

        assertEquals(401, browser.get("/other/me").status());
        assertEquals(401, browser.get("/to-other").status());
        browser.post("/static/sign-in-other", Map.of());
        assertEquals(3, browser.cookies().size());
        assertEquals("root", browser.get("/other/me").line("user"));
        assertEquals("alice", browser.get("/me").line("user"));
        assertEquals("root", browser.get("/to-other").line("user"));
        assertEquals("alice", browser.get("/other/to-first").line("user"));
        admins.revokeAllSessions("root");
        assertEquals(401, browser.get("/to-other").status());
    }

    @Test
    default void twoFiltersOnOneRequestEachAskForTheirOwnSession() {
        SessionAwareTokenService admins = anotherService();
        site().otherFilter =
                SessionFilter.builder(admins).cookies().cookieName("admin").build();
        site().page(
                        "/both",
                        (request, response) -> response.getWriter()
                                .print("user: " + SessionFilter.current(request).userId() + "\n"));
        site().page("/both/out", (request, response) -> {
            site().filter.signOut(request, response);
            response.getWriter().print("left: " + SessionFilter.current(request).userId() + "\n");
        });
        site().page(
                        "/static/sign-in-other",
                        (request, response) ->
                                site().otherFilter.signIn(request, response, "root", LoginOptions.defaults()));
        Browser browser = site().browser().signedIn("alice");

        assertEquals(401, browser.get("/both").status());
        browser.post("/static/sign-in-other", Map.of());
        assertEquals("root", browser.get("/both").line("user"));
        assertEquals("root", browser.get("/both").line("user"));
        site().expireAccessTokens();
        browser.post("/static/sign-in-other", Map.of());
        assertEquals("root", browser.get("/both").line("user"));
        assertEquals(3, browser.cookies().size());

        assertEquals("root", browser.post("/both/out", Map.of()).line("left"));
        assertEquals(List.of(), site().sessions("alice"));
        assertEquals(
                1,
                admins.listSessions("root").stream()
                        .filter(session -> browser.cookies().keySet().stream()
                                .anyMatch(name -> name.contains(session.id().substring(0, 6))))
                        .count());
    }

    /** A second wrapper would hide what a framework between the two says about the user. */
    @Test
    default void aFilterThatARequestMeetsTwiceWrapsItOnce() {
        site().otherFilter = site().filter;
        site().page("/both", (request, response) -> {
            int wrappers = 0;
            ServletRequest below = request;
            while (below instanceof ServletRequestWrapper wrapper) {
                wrappers += wrapper instanceof AuthenticatedRequest ? 1 : 0;
                below = wrapper.getRequest();
            }
            response.getWriter().print("user: " + wrappers + request.getRemoteUser() + "\n");
        });

        assertEquals("1alice", site().browser().signedIn("alice").get("/both").line("user"));
    }

    @Test
    default void aFilterDoesNotTakeTheSessionOfAnotherServiceForItsOwn() {
        SessionAwareTokenService admins = anotherService();
        site().otherFilter =
                SessionFilter.builder(admins).bearer().open("/both/*").build();
        site().page(
                        "/both/own",
                        (request, response) -> response.getWriter()
                                .print("user: "
                                        + site().otherFilter
                                                .authenticate(request, response)
                                                .isPresent() + "\n"));
        Browser browser = site().browser().signedIn("alice");

        assertEquals("false", browser.get("/both/own").line("user"));
    }

    @Test
    default void exceptionsReachTheFilterThroughOtherFilters() {
        for (Site.Page thrower :
                List.<Site.Page>of((request, response) -> BearerToken.from("Bearer"), (request, response) -> {
                    try {
                        BearerToken.from("Bearer");
                    } catch (RuntimeException e) {
                        throw new ServletException(new ServletException(e));
                    }
                })) {
            site().page("/throws", thrower);
            site().page("/static/throws", thrower);
            String live = "Authorization: Bearer "
                    + site().tokens.issue("alice", ClientInfo.unknown()).accessToken();

            BearerRules.assertRefused(BearerRules.INVALID, site().api().get("/throws", live));
            BearerRules.assertRefused(BearerRules.INVALID, site().api().get("/static/throws", live));
        }
    }
}
