package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.AuthenticatedSession;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A framework that decides itself which requests need a session. */
interface PermissiveRules extends SiteTests {
    /** Lets the pages decide. The page {@code /require} needs a session. */
    private void permissive() {
        site().isPermissive = true;
        site().page(
                        "/require",
                        (request, response) -> response.getWriter()
                                .print("user: "
                                        + site().filter
                                                .requireSession(request, response)
                                                .userId() + "\n"));
        site().page("/any", (request, response) -> response.getWriter().print("any\n"));
    }

    @Test
    default void everyRequestPassesWithoutACallOfTheStore() {
        permissive();
        Browser browser = site().browser().signedIn("alice");
        site().counted.reset();

        assertEquals("any\n", site().browser().get("/any").body());
        assertEquals("any\n", browser.get("/any").body());
        assertEquals("any\n", browser.get("/%61ny").body());
        assertEquals(0, site().counted.reads());
    }

    @Test
    default void aPageThatRequiresASessionGetsItWithOneRead() {
        permissive();
        site().page("/twice", (request, response) -> {
            AuthenticatedSession first = site().filter.requireSession(request, response);
            AuthenticatedSession second = site().filter.requireSession(request, response);
            response.getWriter().print("same: " + (first == second && first == SessionFilter.current(request)) + "\n");
        });
        Browser browser = site().browser().signedIn("alice");
        site().counted.reset();

        assertEquals("true", browser.get("/twice").line("same"));
        assertEquals(1, site().counted.reads());
    }

    @Test
    default void aRequiredSessionIsRefreshed() {
        permissive();
        Browser browser = site().browser().signedIn("alice");
        site().expireAccessTokens();

        Answer answer = browser.get("/require");

        assertEquals("alice", answer.line("user"));
        assertTrue(answer.setCookies().size() > 1, answer.toString());
        assertEquals("no-store", answer.header("Cache-Control").orElseThrow());
    }

    @Test
    default void aRequestWithoutTheRequiredSessionIsAnsweredAsForAProtectedPath() {
        permissive();
        Browser ended = site().browser().signedIn("alice");
        site().tokens.revokeAllSessions("alice");

        assertEquals(
                "/sign-in?returnTo=%2Frequire", site().browser().get("/require").location());
        assertEquals(
                "/sign-in?ended=session-ended&returnTo=%2Frequire",
                ended.get("/require").location());
        Answer api = site().api().get("/require");
        assertEquals(401, api.status());
        assertEquals("Bearer realm=\"api\"", api.header("WWW-Authenticate").orElseThrow());
    }

    @Test
    default void aRequiredSessionIsRefusedToPagesOfOtherSites() {
        permissive();
        Browser browser = site().browser().signedIn("alice");
        site().counted.reset();

        assertEquals(
                403,
                browser.post("/require", Map.of(), "Sec-Fetch-Site: cross-site", "Origin: https://evil.example")
                        .status());
        assertEquals(0, site().counted.reads());
        // An older browser says nothing, and its form lacks the token.
        assertEquals(
                403,
                browser.copy()
                        .with("Sec-Fetch-Site", "")
                        .with("Origin", "")
                        .post("/require", Map.of())
                        .status());
        assertEquals("alice", browser.post("/require", Map.of()).line("user"));
    }

    @Test
    default void anOutageIsAnsweredIfThePageRequiresASession() {
        permissive();
        Browser browser = site().browser().signedIn("alice");
        site().store.isDown = true;

        assertEquals("any\n", browser.get("/any").body());
        Answer answer = browser.get("/require");
        assertEquals(503, answer.status());
        assertEquals("5", answer.header("Retry-After").orElseThrow());
        assertEquals(List.of(), answer.setCookies());
    }

    @Test
    default void theLogoutOfARequestEndsTheSession() {
        permissive();
        site().page("/logout", (request, response) -> request.logout());
        Browser browser = site().browser().signedIn("alice");

        browser.post("/logout", Map.of());

        assertTrue(browser.cookies().isEmpty());
        assertEquals(List.of(), site().sessions("alice"));
    }

    @Test
    default void aForwardAfterASignOutFindsNoSession() {
        permissive();
        site().page("/signs-out-and-forwards", (request, response) -> {
            site().filter.requireSession(request, response);
            site().filter.signOut(request, response);
            request.getRequestDispatcher("/require").forward(request, response);
        });
        Browser browser = site().browser().signedIn("alice");

        assertEquals(303, browser.post("/signs-out-and-forwards", Map.of()).status());
        assertTrue(browser.cookies().isEmpty());
    }

    @Test
    default void traceIsRefusedToo() {
        permissive();

        assertEquals(
                405,
                site().browser()
                        .signedIn("alice")
                        .send("TRACE", "/any", Map.of())
                        .status());
    }
}
