package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.LoginOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests that pages of other sites cause, with the cookies of this one. */
interface CrossSiteRules extends SiteTests {
    String OURS = "ours";
    String OUR_HOST_BY_HTTPS = "our host by https";

    /** What a browser says about a request, and whether it may pass; null is what only a form token decides. */
    record Case(String site, String origin, boolean hasOrigins, Boolean passes) {}

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (boolean hasOrigins : new boolean[] {false, true}) {
            for (String site : List.of("", "same-origin", "none", "same-site", "cross-site", "nonsense")) {
                boolean isSame = site.equals("same-origin") || site.equals("none");
                cases.add(new Case(site, OURS, hasOrigins, true));
                cases.add(new Case(site, "", hasOrigins, site.isEmpty() ? null : Boolean.valueOf(isSame)));
                cases.add(new Case(site, "null", hasOrigins, isSame));
                for (String other : List.of(
                        OUR_HOST_BY_HTTPS,
                        "https://evil.example",
                        "http://sub.localhost",
                        "http://localhost",
                        "http://localhost:1",
                        "https://localhost",
                        "http://localhost.evil.example",
                        "nonsense")) {
                    // Behind a proxy that ends TLS, the server cannot know its own origin unless it is configured.
                    cases.add(new Case(site, other, hasOrigins, isSame && !hasOrigins));
                }
            }
        }
        return cases;
    }

    @Test
    default void onlyRequestsOfThisApplicationMayChangeSomething() {
        Browser browser = site().browser().signedIn("alice");
        SessionFilter without = site().filter;
        site().filter(builder -> builder.origins(site().origin(), "https://shop.example"));
        SessionFilter with = site().filter;
        for (Case one : cases()) {
            site().filter = one.hasOrigins ? with : without;
            String origin = origin(one);
            // The method matters only once, so the others go through the cases of one origin.
            for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "PROPFIND", "post")
                    .subList(0, one.origin.isEmpty() ? 6 : 1)) {
                int status = status(browser, method, one, origin);
                assertEquals(Boolean.TRUE.equals(one.passes) ? 204 : 403, status, method + " " + one);
            }
        }
        site().filter = with;
        assertEquals(
                204,
                browser.post("/rename", Map.of(), "Sec-Fetch-Site: cross-site", "Origin: https://shop.example")
                        .status());
    }

    private String origin(Case one) {
        return switch (one.origin) {
            case OURS -> site().origin();
            case OUR_HOST_BY_HTTPS -> site().origin().replace("http:", "https:");
            default -> one.origin;
        };
    }

    private static int status(Browser browser, String method, Case one, String origin, String... more) {
        List<String> headers = new ArrayList<>(List.of("Sec-Fetch-Site:" + one.site, "Origin:" + origin));
        headers.addAll(List.of(more));
        return browser.send(method, "/rename", Map.of(), headers.toArray(String[]::new))
                .status();
    }

    private static int upgraded(Browser browser, String protocol, Case one, String origin) {
        return status(browser, "GET", one, origin, "Upgrade: " + protocol, "Connection: Upgrade, close");
    }

    @Test
    default void readingIsAllowedFromEverywhereExceptByAWebSocket() {
        Browser browser = site().browser().signedIn("alice");
        for (Case one : cases()) {
            if (one.hasOrigins || one.site.equals("none")) {
                continue;
            }
            String origin = origin(one);
            for (String method : List.of("GET", "HEAD", "OPTIONS").subList(0, one.origin.isEmpty() ? 3 : 1)) {
                assertEquals(204, status(browser, method, one, origin), method + " " + one);
            }
            assertEquals(204, upgraded(browser, "TLS/1.0", one, origin), "TLS " + one);
            for (String upgrade :
                    List.of("websocket", "WebSocket", "h2c, websocket").subList(0, one.origin.isEmpty() ? 3 : 1)) {
                assertEquals(
                        Boolean.TRUE.equals(one.passes) ? 204 : 403,
                        upgraded(browser, upgrade, one, origin),
                        upgrade + " " + one);
            }
        }
    }

    @Test
    default void anOlderBrowserShowsTheTokenOfItsForm() {
        Browser browser = site().browser().signedIn("alice");
        browser.with("Sec-Fetch-Site", "").with("Origin", "");
        String token = browser.get("/form").line("csrf");
        String other = site().browser().signedIn("bob").get("/form").line("csrf");

        assertEquals(204, browser.post("/rename", Map.of("csrf", token)).status());
        assertEquals(
                204, browser.post("/rename", Map.of(), "X-CSRF-Token: " + token).status());
        assertEquals(
                204,
                browser.send("DELETE", "/rename", Map.of(), "X-CSRF-Token: " + token)
                        .status());
        for (String wrong : List.of(other, "", "x", token + "x", token.substring(1), "\u00e9\u00e9")) {
            assertEquals(403, browser.post("/rename", Map.of("csrf", wrong)).status(), wrong);
            assertEquals(
                    403,
                    browser.post("/rename", Map.of("csrf", token), "X-CSRF-Token: " + wrong + "x")
                            .status(),
                    wrong);
        }
        assertEquals(403, browser.post("/rename", Map.of()).status());
        Answer broken = browser.accept(browser.exchange("POST", "/rename?csrf=%zz", Map.of()));
        assertEquals(4, broken.status() / 100, broken.toString());
        // The token does not help another site whose browser says what it is.
        assertEquals(
                403,
                browser.post("/rename", Map.of("csrf", token), "Origin: https://evil.example")
                        .status());
    }

    @Test
    default void theTokenOfAFormOutlivesRefreshAndStepUpAndNotTheSession() {
        Browser browser = site().browser().signedIn("alice");
        String token = browser.get("/form").line("csrf");
        site().expireAccessTokens();
        browser.post("/step-up", Map.of());
        browser.with("Sec-Fetch-Site", "").with("Origin", "");

        assertEquals(204, browser.post("/rename", Map.of("csrf", token)).status());
        browser.signedIn("alice");
        assertEquals(403, browser.post("/rename", Map.of("csrf", token)).status());
    }

    @Test
    default void withoutASecretAnOlderBrowserIsRefused() {
        site().filter(builder -> SessionFilter.builder(site().tokens).cookies().open("/static/*"));
        site().page(
                        "/static/in",
                        (request, response) ->
                                site().filter.signIn(request, response, "alice", LoginOptions.defaults()));
        Browser browser = site().browser();
        browser.post("/static/in", Map.of());
        assertEquals("(none)", browser.get("/form").line("csrf"));

        browser.with("Sec-Fetch-Site", "").with("Origin", "");
        assertEquals(403, browser.post("/rename", Map.of()).status());
        assertEquals(403, browser.post("/rename", Map.of("csrf", "")).status());
        assertEquals(204, browser.get("/rename").status());
    }

    @Test
    default void anotherSiteCanSignNobodyInOrOut() {
        Browser browser = site().browser().signedIn("alice");
        Map<String, String> before = Map.copyOf(browser.cookies());
        site().page(
                        "/static/in",
                        (request, response) ->
                                site().filter.signIn(request, response, "mallory", LoginOptions.defaults()));
        for (String origin : List.of("https://evil.example", "null", "http://sub.localhost")) {
            for (String path : List.of("/sign-in", "/static/in", "/sign-out", "/leave")) {
                Answer answer = browser.post(
                        path, Map.of("user", "mallory"), "Sec-Fetch-Site: cross-site", "Origin: " + origin);
                assertEquals(403, answer.status(), path);
                assertEquals(List.of(), answer.setCookies());
            }
        }
        assertEquals(before, browser.cookies());
        assertEquals(List.of(), site().sessions("mallory"));
        assertEquals("alice", browser.get("/me").line("user"));
        assertEquals(
                403,
                browser.post("/sign-in", Map.of("user", "mallory"), "Sec-Fetch-Site:", "Origin: https://evil.example")
                        .status());
    }

    @Test
    default void aSignInThroughAnotherHostNameIsRefusedIfOriginsAreSet() {
        site().filter(builder -> builder.origins(site().origin()));
        Browser browser = site().browser();

        Answer answer = browser.post(
                "/sign-in", Map.of("user", "alice"), "Host: rebound.example", "Origin: http://rebound.example");

        assertEquals(403, answer.status());
        assertEquals(303, browser.post("/sign-in", Map.of("user", "alice")).status());
    }

    @Test
    default void onlyABearerHeaderIsExempt() {
        Browser browser = site().browser().signedIn("alice");
        String live = site().tokens.issue("bob", ClientInfo.unknown()).accessToken();
        String[] foreign = {"Sec-Fetch-Site: cross-site", "Origin: https://evil.example", "Sec-Fetch-Mode: cors", ""};

        foreign[3] = "Authorization: Bearer " + live;
        assertEquals(204, browser.post("/rename", Map.of(), foreign).status());
        foreign[3] = "Authorization: Bearer";
        assertEquals(401, browser.post("/rename", Map.of(), foreign).status());
        foreign[3] = "Authorization: Bearerx " + live;
        assertEquals(401, browser.post("/rename", Map.of(), foreign).status());
        foreign[3] = "Authorization: Basic YTpi";
        assertEquals(403, browser.post("/rename", Map.of(), foreign).status());
        foreign[3] = "X-Authorization: Bearer " + live;
        assertEquals(403, browser.post("/rename", Map.of(), foreign).status());
        assertEquals(
                204,
                site().api()
                        .post("/rename", Map.of(), "Authorization: Bearer " + live)
                        .status());
    }

    @Test
    default void anOpenPageThatHasFoundItsUserAsksNoStoreAgain() {
        site().page("/open", (request, response) -> {
            boolean isSame = site().filter
                    .authenticate(request, response)
                    .equals(site().filter.authenticate(request, response));
            response.getWriter().print("same: " + isSame + "\n");
            request.getRequestDispatcher("/me").include(request, response);
        });
        Browser browser = site().browser().signedIn("alice");
        site().counted.reset();

        Answer answer = browser.get("/open");

        assertEquals("true", answer.line("same"));
        assertEquals("alice", answer.line("user"));
        assertEquals(1, site().counted.reads());
    }

    @Test
    default void anOpenPageFindsItsUserOnlyForRequestsOfThisApplication() {
        site().page(
                        "/open",
                        (request, response) -> response.getWriter()
                                .print("user: "
                                        + site().filter
                                                .authenticate(request, response)
                                                .map(session -> session.userId())
                                        + "\n"));
        Browser browser = site().browser().signedIn("alice");

        assertEquals("Optional[alice]", browser.get("/open").line("user"));
        assertEquals("Optional[alice]", browser.post("/open", Map.of()).line("user"));
        assertEquals("Optional.empty", site().browser().get("/open").line("user"));
        assertEquals(
                403,
                browser.post("/open", Map.of(), "Sec-Fetch-Site: cross-site", "Origin: https://evil.example")
                        .status());
        assertEquals(
                "Optional.empty",
                browser.post("/open", Map.of(), "Sec-Fetch-Site:", "Origin:").line("user"));
        site().expireAccessTokens();
        Answer refreshed = browser.get("/open");
        assertEquals("Optional[alice]", refreshed.line("user"));
        BearerRules.assertNotCached(refreshed);
        assertEquals(Optional.of("alice"), Optional.of(browser.get("/me").line("user")));
    }
}
