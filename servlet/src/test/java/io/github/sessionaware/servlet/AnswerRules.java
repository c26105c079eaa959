package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.TestService;
import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a request gets that may not pass, and where a browser is led. */
interface AnswerRules extends SiteTests {

    @Test
    default void aNavigationIsLedToTheSignInPageAndBack() {
        Browser browser = site().browser();

        Answer refused = browser.get("/me?a=b%26c&d=%2F");

        assertEquals(303, refused.status());
        assertEquals("/sign-in?returnTo=%2Fme%3Fa%3Db%2526c%26d%3D%252F", refused.location());
        BearerRules.assertNotCached(refused);
        Answer page = browser.get(refused.location());
        assertEquals("/me?a=b%26c&d=%2F", page.line("returnTo"));
        assertEquals("null", page.line("ended"));
        assertEquals(
                "/me?a=b%26c&d=%2F",
                browser.post("/sign-in", Map.of("user", "alice", "returnTo", page.line("returnTo")))
                        .location());
    }

    @Test
    default void aRequestForTheHeadersOfAPageIsLedBackToItToo() {
        Answer answer = site().browser().send("HEAD", "/me?a=b", Map.of());

        assertEquals("/sign-in?returnTo=%2Fme%3Fa%3Db", answer.location());
    }

    @Test
    default void theAnswerGivesTheReasonOfTheNewestLogin() {
        Browser ended = site().browser().signedIn("alice");
        String access = ended.names("access").get(0);
        String older = "__Host-session-access-" + new Stamp(1, 1, "aaaaaa", "aaaa");
        String newer = "__Host-session-access-"
                + new Stamp(TestService.START.plusSeconds(1).toEpochMilli(), 1, "aaaaaa", "aaaa");
        site().tokens.revokeAllSessions("alice");
        String endedCookie = access + "=" + ended.value("access");

        assertEquals(
                "/sign-in?ended=session-ended&returnTo=%2Fme",
                ended.get("/me", "Cookie: " + older + "=x.y.z; " + endedCookie).location());
        assertEquals(
                "/sign-in?returnTo=%2Fme",
                ended.get("/me", "Cookie: " + endedCookie + "; " + newer + "=x.y.z")
                        .location());
        // A cookie that is there twice counts as missing.
        String twice = newer + "=x.y.z; " + newer + "=x.y.z";
        BearerRules.assertRefused(
                BearerRules.CHALLENGE,
                ended.get("/me", "Cookie: " + endedCookie + "; " + twice, "Sec-Fetch-Mode: cors"));
        BearerRules.assertRefused(
                BearerRules.INVALID,
                ended.get(
                        "/me", "Cookie: " + twice.replace(newer, older) + "; " + endedCookie, "Sec-Fetch-Mode: cors"));
    }

    @Test
    default void aScriptGetsTheStatusAlone() {
        Browser browser = site().browser();

        for (String mode : List.of("cors", "same-origin", "no-cors", "websocket")) {
            BearerRules.assertRefused(
                    BearerRules.CHALLENGE, browser.get("/me", "Sec-Fetch-Mode: " + mode, "Accept: text/html"));
        }
        BearerRules.assertRefused(
                BearerRules.CHALLENGE, browser.get("/me", "Sec-Fetch-Mode:", "Accept: application/json"));
        BearerRules.assertRefused(BearerRules.CHALLENGE, browser.get("/me", "Sec-Fetch-Mode:", "Accept:"));
        assertEquals(
                303,
                browser.get("/me", "Sec-Fetch-Mode:", "Accept: application/xhtml+xml,TEXT/HTML;q=0.9")
                        .status());
    }

    @Test
    default void withoutASignInPageEveryRequestGetsTheChallenge() {
        site().filter(builder -> SessionFilter.builder(site().tokens).cookies());

        BearerRules.assertRefused(BearerRules.CHALLENGE, site().browser().get("/me"));
    }

    @Test
    default void aSessionThatEndsDuringAFormLeadsToSignInAndBackToThePageOfTheForm() {
        site().page("/rename", (request, response) -> {
            response.setContentLength(1_000);
            response.getWriter().print("half");
            site().tokens.revokeAllSessions("alice");
            site().tokens.setAttributes(SessionFilter.current(request), attributes -> attributes);
        });
        for (Map.Entry<String, String> referer : Map.of(
                        site().origin() + "/form?tab=1",
                        "&returnTo=%2Fform%3Ftab%3D1",
                        site().origin(),
                        "",
                        site().origin() + "//evil.example/",
                        "",
                        "https://evil.example/form",
                        "",
                        "http://localhost:1/form",
                        "",
                        "not an address",
                        "",
                        "",
                        "")
                .entrySet()) {
            Browser browser = site().browser().signedIn("alice");

            Answer answer = browser.post("/rename", Map.of(), "Referer: " + referer.getKey());

            assertEquals(303, answer.status());
            assertEquals("/sign-in?ended=session-ended" + referer.getValue(), answer.location());
            assertEquals("", answer.body());
            assertEquals("SESSION_ENDED", browser.get(answer.location()).line("ended"));
            assertEquals("alice", browser.signedIn("alice").get("/me").line("user"));
        }
    }

    /** Only HTTP/1.0 allows it. */
    @Test
    default void aFormOfARequestThatNamesNoHostLeadsToSignInOnly() {
        String request = """
                POST /rename HTTP/1.0
                Sec-Fetch-Site: same-origin
                Sec-Fetch-Mode: navigate
                Referer: http://localhost/form
                Content-Length: 0

                """;

        Answer answer = site().browser().raw(request.replace("\n", "\r\n"));

        assertEquals(303, answer.status());
        assertEquals("/sign-in", answer.location());
    }

    @Test
    default void onlyReasonsOfEndedSessionsAreShown() {
        Browser browser = site().browser();

        for (String text : List.of("bad-signature", "unknown", "<script>", "SESSION_ENDED", "session_ended")) {
            assertEquals(
                    "null",
                    browser.get("/sign-in?ended=" + text.replace("<", "%3C").replace(">", "%3E"))
                            .line("ended"));
        }
        Browser idle = site().browser().signedIn("alice");
        site().clock.advance(Duration.ofDays(20));
        assertEquals(
                "/sign-in?ended=session-expired&returnTo=%2Fme", idle.get("/me").location());
    }

    @Test
    default void aDangerousPageLeadsToAuthenticatingAgainAndBack() {
        Browser browser = site().browser().signedIn("alice");
        site().clock.advance(Duration.ofMinutes(10));

        Answer page = browser.get("/danger");
        Answer script = browser.get("/danger", "Sec-Fetch-Mode: cors");

        assertEquals("/step-up?returnTo=%2Fdanger", page.location());
        assertEquals(401, script.status());
        assertTrue(script.header("WWW-Authenticate").orElse("").contains("insufficient_user_authentication"));
        assertTrue(script.header("WWW-Authenticate").orElse("").contains("max_age=\"300\""));
        BearerRules.assertNotCached(script);
        assertEquals(
                "/danger",
                browser.post("/step-up", Map.of("returnTo", "/danger")).location());
        assertEquals(204, browser.get("/danger").status());
    }

    @Test
    default void anOutageInAServletIsAnsweredLikeOneInTheFilter() {
        site().page("/fails", (request, response) -> {
            throw new SessionStoreException("taken away");
        });
        site().page("/static/fails", (request, response) -> {
            response.setContentLength(1_000);
            throw new ServletException(new SessionStoreException("taken away"));
        });
        Browser browser = site().browser().signedIn("alice");

        BearerRules.assertUnavailable(browser.get("/fails"));
        BearerRules.assertUnavailable(browser.get("/static/fails"));
        BearerRules.assertUnavailable(browser.get("/static/fails", "Sec-Fetch-Mode: cors"));
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void otherExceptionsStayWithTheContainer() {
        site().page("/fails", (request, response) -> {
            throw new IllegalArgumentException("a bug");
        });
        site().page("/fails-wrapped", (request, response) -> {
            throw new ServletException("a bug");
        });
        Browser browser = site().browser().signedIn("alice");

        assertEquals(500, browser.get("/fails").status());
        assertEquals(500, browser.get("/fails-wrapped").status());
    }

    @Test
    default void aReturnAddressLeadsToNoOtherSite() {
        Browser browser = site().browser();
        for (String address : List.of(
                "//evil.example",
                "///evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "\\/evil.example",
                "https:evil.example",
                "https://evil.example",
                "javascript:alert(1)",
                "evil.example",
                "",
                " /me",
                "/\t/evil.example",
                "/%09/evil.example",
                "/%2F/evil.example",
                "/%2f%2fevil.example",
                "/%5cevil.example",
                "/%5C/evil.example",
                "/me/..//evil.example",
                "/me/../..//evil.example",
                "/./evil",
                "/..;/evil",
                "/.;x/evil",
                "/%2e%2e/evil",
                "/%2E./evil",
                "/.%2e;a=b/evil",
                "/me\r\nSet-Cookie: a=b",
                "/me%0d%0aSet-Cookie: a=b",
                "/me%0d%0aSet-Cookie:a=b",
                "/me%00",
                "/me\u0000",
                "/me%",
                "/me%zz",
                "/me#fragment",
                "/m\u00e9",
                "/\u2028me",
                "/me?a=\\",
                "/me?a=b\nc",
                "@evil.example",
                "/me?<script>",
                "/" + "x".repeat(64 * 1024),
                "http:/me",
                "?a=b",
                "/me;x=y",
                "/me//x")) {
            Answer answer = browser.post("/sign-in", Map.of("user", "alice", "returnTo", address));

            assertEquals(303, answer.status(), address);
            assertEquals("/", answer.location(), address);
            assertEquals(
                    Optional.empty(),
                    answer.headers("Set-Cookie").stream()
                            .filter(cookie -> cookie.startsWith("a=b"))
                            .findFirst());
        }
        for (String address : List.of(
                "/",
                "/me",
                "/me/",
                "/me?next=//evil.example",
                "/me?next=https://evil.example/..",
                "/a.b/..c/d..",
                "/%C3%A9",
                "/@evil.example",
                "/a:b",
                "/" + "x".repeat(1_999))) {
            assertEquals(
                    address,
                    browser.post("/sign-in", Map.of("user", "alice", "returnTo", address))
                            .location());
        }
    }

    @Test
    default void aReturnAddressStaysBelowTheContextPath() {
        Browser browser = site().browser();

        assertEquals("/app/sign-in?returnTo=%2Fapp%2Fme", browser.get("/app/me").location());
        for (String address : List.of("/me", "/other/me", "/apple/me", "/app", "/app/../me", "/App/me", "/%61pp/me")) {
            assertEquals(
                    "/app/",
                    browser.post("/app/sign-in", Map.of("user", "alice", "returnTo", address))
                            .location(),
                    address);
        }
        assertEquals(
                "/app/me",
                browser.post("/app/sign-in", Map.of("user", "alice", "returnTo", "/app/me"))
                        .location());
    }

    @Test
    default void theFilterLeadsNowhereElseWhateverAddressWasRequested() {
        Browser browser = site().browser();
        for (String address : List.of(
                "//evil.example/",
                "///evil.example/me",
                "/\\evil.example/",
                "/%5cevil.example/",
                "/%2f/evil.example",
                "/..;/evil",
                "/;/evil.example",
                "/;//evil.example/",
                "/.//evil.example/",
                "/app//evil.example",
                "//app/me",
                "/app;x/me",
                "/;x/app/me",
                "/%61pp/me",
                "/x/..;/app/me",
                "/x/../app/me",
                "/app/..;/app/me",
                "//evil.example/..;/app/me",
                "//evil.example/..;/me",
                "//evil.example/%2e%2e/app/me",
                "http://evil.example//evil.example/me",
                "/me%0d%0aLocation:%20//evil.example",
                "/me?x=\r\nLocation: //evil.example",
                "/me%00",
                "/" + "x".repeat(4_000),
                "http:evil.example",
                "*",
                "evil.example",
                "/me#//evil.example")) {
            Answer answer = browser.get(address);

            assertTrue(List.of(0, 303, 505).contains(answer.status()) || answer.status() / 100 == 4, address + answer);
            for (String location : answer.headers("Location")) {
                String path = location.replaceAll("\\?returnTo=[A-Za-z0-9%._~*+-]*$", "");
                assertTrue(
                        List.of("/sign-in", "/app/sign-in").contains(path) || path.matches("/[^/\\\\].*/sign-in"),
                        address + " " + location);
                assertFalse(location.contains("returnTo=%2F%2F"), location);
                assertFalse(location.contains("returnTo=%2F%5C"), location);
            }
        }
    }

    @Test
    default void theHostThatARequestNamesIsNotInTheAnswer() {
        Answer answer = site().browser().get("/me", "Host: evil.example");

        assertEquals("/sign-in?returnTo=%2Fme", answer.location());
    }

    @Test
    default void aRedirectAfterSignInCarriesTokensAndIsNotCached() {
        Answer answer = site().browser().post("/sign-in", Map.of("user", "alice"));

        assertEquals(List.of("no-store"), answer.headers("Cache-Control"));
        assertEquals(1, site().sessions("alice").size());
        assertEquals(
                1,
                site().tokens.listSessions("alice").stream()
                        .filter(session -> !session.client().equals(ClientInfo.unknown()))
                        .count());
    }
}
