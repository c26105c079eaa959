package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.clientinfo.ForwardingHeader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What servlets learn about the user and the device of a request. */
interface UserRules extends SiteTests {

    @Test
    default void servletsLearnTheUserByTheMethodsOfTheRequest() {
        site().page("/who", (request, response) -> {
            AuthenticatedSession attribute =
                    (AuthenticatedSession) request.getAttribute(AuthenticatedSession.class.getName());
            response.getWriter()
                    .print("user: "
                            + List.of(
                                    request.getRemoteUser(),
                                    request.getUserPrincipal().getName(),
                                    request.getUserPrincipal(),
                                    request.getAuthType(),
                                    request.isUserInRole("role-of-alice"),
                                    request.isUserInRole("role-of-bob"),
                                    request.authenticate(response),
                                    attribute == SessionFilter.current(request),
                                    attribute.userId())
                            + "\n");
        });

        assertEquals(
                "[alice, alice, alice, session-aware-jwt, true, false, true, true, alice]",
                site().browser().signedIn("alice").get("/who").line("user"));
    }

    @Test
    default void anOpenPathHasNoSession() {
        site().page(
                        "/open",
                        (request, response) -> response.getWriter()
                                .print("user: " + request.getRemoteUser() + " "
                                        + assertThrows(
                                                        IllegalStateException.class,
                                                        () -> SessionFilter.current(request))
                                                .getMessage()
                                        + "\n"));

        Answer answer = site().browser().signedIn("alice").get("/open");

        assertEquals(
                "null The request has no session: its path is open, or no SessionFilter is mapped to it",
                answer.line("user"));
    }

    @Test
    default void theContainersLogoutEndsTheSession() {
        site().page("/logout", (request, response) -> request.logout());
        Browser browser = site().browser().signedIn("alice");

        browser.post("/logout", Map.of());

        assertTrue(browser.cookies().isEmpty());
        assertEquals(List.of(), site().sessions("alice"));
    }

    @Test
    default void aSignOutCostsOneReadAndOneDelete() {
        Browser browser = site().browser().signedIn("alice");
        site().counted.reset();

        browser.post("/sign-out", Map.of());

        assertEquals(1, site().counted.reads());
        assertEquals(1, site().counted.writes());
    }

    @Test
    default void aRequestMaySignOneUserOutAndAnotherIn() {
        site().page("/change-user", (request, response) -> {
            site().filter.signOut(request, response);
            site().filter.signIn(request, response, "bob", LoginOptions.defaults());
            site().filter.authenticate(request, response);
            request.getRequestDispatcher("/open").forward(request, response);
        });
        Browser browser = site().browser().signedIn("alice");

        Answer answer = browser.post("/change-user", Map.of());

        assertEquals("bob", answer.line("user"));
        assertEquals(4, answer.setCookies().size());
        assertEquals("bob", browser.get("/me").line("user"));
        assertEquals(2, browser.cookies().size());
        assertEquals(List.of(), site().sessions("alice"));
    }

    @Test
    default void aDevicesPageSignsOutThisDeviceOrAnotherOfTheSameUser() {
        site().page(
                        "/sign-out-device",
                        (request, response) -> response.getWriter()
                                .print("ended: " + site().filter.signOut(request, response, request.getParameter("id"))
                                        + "\n"));
        Browser laptop = site().browser().signedIn("alice");
        Browser phone = site().browser().signedIn("alice");
        Browser bobs = site().browser().signedIn("bob");

        String ofThePhone = phone.get("/me").line("session");

        assertEquals("false", signOut(laptop, bobs.get("/me").line("session")));
        assertEquals("true", signOut(laptop, ofThePhone));
        assertEquals("false", signOut(laptop, ofThePhone));
        assertEquals(200, bobs.get("/me").status());
        assertEquals("true", signOut(laptop, laptop.get("/me").line("session")));
        assertEquals(Map.of(), laptop.cookies());
        assertEquals(List.of(), site().sessions("alice"));
    }

    private static String signOut(Browser by, String session) {
        return by.post("/sign-out-device", Map.of("id", session)).line("ended");
    }

    @Test
    default void theDefaultDeviceIsTheHeaderAndTheAddressOfTheConnection() {
        site().browser().signedIn("alice");

        ClientInfo client = site().sessions("alice").get(0).client();
        assertEquals("127.0.0.1", client.ipAddress());
        assertTrue(String.valueOf(client.userAgent()).contains("Firefox/140.0"), client.toString());
    }

    @Test
    default void aReaderFindsTheDeviceAndTheAddressBehindAProxy() {
        ClientInfoReader reader = ClientInfoReader.builder()
                .trustedProxies(ForwardingHeader.X_FORWARDED_FOR, "127.0.0.0/8")
                .build();
        site().filter(builder -> builder.clientInfo(RequestClientInfo.with(reader)));
        Browser browser = site().browser().with("X-Forwarded-For", "198.51.100.7, 203.0.113.9");

        browser.signedIn("alice");

        ClientInfo client = site().sessions("alice").get(0).client();
        assertEquals("Firefox on Linux", client.device());
        assertEquals("203.0.113.9", client.ipAddress());

        browser.with("X-Forwarded-For", "192.0.2.44");
        site().expireAccessTokens();
        browser.get("/me");
        assertEquals("192.0.2.44", site().sessions("alice").get(0).client().ipAddress());
    }

    @Test
    default void eachSignInPageHasAnAttemptOfItsOwn() {
        Browser browser = site().browser();

        assertNotEquals(
                browser.get("/sign-in").line("attempt"), browser.get("/sign-in").line("attempt"));
    }

    /** Otherwise a form could fill the attributes of the session, or the same word join the logins of many. */
    @Test
    default void anAttemptOfAnotherFormCountsAsNone() {
        for (String attempt : List.of("", "x", "A".repeat(21), "A".repeat(23), "A".repeat(21) + "=")) {
            site().browser().post("/sign-in", Map.of("user", "alice", "attempt", attempt));
            site().browser().post("/sign-in", Map.of("user", "alice", "attempt", attempt));
        }

        assertEquals(10, site().sessions("alice").size());
        assertTrue(site().sessions("alice").stream()
                .allMatch(session -> session.attributes().isEmpty()));
    }

    @Test
    default void aSignOutEndsTheSessionsThatTheSameRequestCouldNotEnd() {
        Browser browser = site().browser().signedIn("alice");
        Browser other = site().browser().signedIn("bob");
        browser.cookies().putAll(other.cookies());
        site().store.deletesNothing = true;
        site().page("/leaves", (request, response) -> {
            site().store.deletesNothing = false;
            site().filter.signOut(request, response);
        });
        browser.post("/leaves", Map.of());

        assertEquals(Map.of(), browser.cookies());
        assertEquals(List.of(), site().sessions("alice"));
        assertEquals(List.of(), site().sessions("bob"));
    }

    @Test
    default void aRefusedLoginIsForbiddenAndALoginOfAnApiIsNotCached() {
        site().page(
                        "/open",
                        (request, response) -> site().filter
                                .issue(
                                        request,
                                        response,
                                        "alice",
                                        LoginOptions.defaults()
                                                .withStillAllowed(() -> request.getParameter("refused") == null)));

        assertEquals(403, site().api().get("/open?refused").status());
        assertEquals(Optional.of("no-store"), site().api().get("/open").header("Cache-Control"));
        assertEquals(1, site().sessions("alice").size());
    }

    @Test
    default void theFieldsOfAFormDependOnThePage() {
        Browser browser = site().browser();
        Answer signIn = browser.get("/sign-in?returnTo=/me");
        assertEquals("/me", signIn.line("returnTo"));
        assertEquals(22, signIn.line("attempt").length());
        assertEquals("(none)", signIn.line("csrf"));
        assertEquals("(none)", browser.get("/sign-in?returnTo=//evil.example").line("returnTo"));

        Answer form = browser.signedIn("alice").get("/form?returnTo=/me");
        assertEquals("/me", form.line("returnTo"));
        assertEquals("(none)", form.line("attempt"));
        assertEquals(43, form.line("csrf").length());
    }
}
