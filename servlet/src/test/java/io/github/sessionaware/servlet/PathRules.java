package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which paths are open, however a request writes them. */
interface PathRules extends SiteTests {

    @Test
    default void openPathsNeedNoSession() {
        site().page("/static", (request, response) -> response.getWriter().print("root\n"));
        site().page(
                        "/static/deep/file",
                        (request, response) -> response.getWriter().print("file\n"));
        for (String path : List.of(
                "/open", "/static", "/static/picture", "/static/deep/file", "/app/static/picture", "/sign-in")) {
            assertEquals(200, site().api().get(path).status(), path);
        }
    }

    @Test
    default void anOpenPathAtTheBeginningOfAServletsMappingOpensNoneBelow() {
        site().page("/below/page", (request, response) -> response.getWriter().print("page\n"));
        site().filter(builder -> builder.open("/below"));
        assertEquals(401, site().api().get("/below/page").status());

        site().filter(builder -> builder.open("/below/page"));
        assertEquals(200, site().api().get("/below/page").status());
        assertEquals(401, site().api().get("/below").status());
    }

    @Test
    default void openPathsAreExactAndCaseCounts() {
        for (String path : List.of(
                "/open/",
                "/open;x=y",
                "/static/picture;jsessionid=1",
                "/open/x",
                "/openx",
                "/Open",
                "/STATIC/picture",
                "/staticx",
                "/static-x",
                "/sign-in/",
                "/sign-in/x",
                "/%6fpen",
                "/sign%2din",
                "/sign%2Din",
                "/st%61tic/picture",
                "/%73ign-in",
                "/sign%2Din%31",
                "/Sign-In",
                "/",
                "/app",
                "/app/",
                "/missing",
                "/below",
                "/below/page",
                "/error")) {
            int status = site().api().get(path).status();
            assertTrue(status == 401 || (path.equals("/app") && status / 100 == 3), path + " " + status);
        }
    }

    @Test
    default void noSpellingOfAPathReachesAProtectedPage() {
        // A front controller that reads the address itself, as frameworks do.
        for (String page : List.of("/me", "/static/me", "/x")) {
            site().page(page, (request, response) -> {
                if (request.getUserPrincipal() == null
                        && request.getRequestURI().contains("me")) {
                    response.getWriter().print("reached\n");
                }
            });
        }
        for (String path : List.of(
                "/static/../me",
                "/static/..;/me",
                "/static/..;x=y/me",
                "/static/.;/../me",
                "/static/%2e%2e/me",
                "/static/%2E%2E/me",
                "/static/.%2e/me",
                "/static/%2e%2e;/me",
                "/static/..%2fme",
                "/static%2f..%2fme",
                "/static/..%5cme",
                "/static\\..\\me",
                "/static//../me",
                "//me",
                "///me",
                "/./me",
                "/me/",
                "/me;x=y",
                "/me;/",
                "/;x/me",
                "/static/..%00/me",
                "/static/%252e%252e/me",
                "/me/..;/static/me",
                "/me/../static/me",
                "/me/%2e%2e/static/me",
                "/me/.%2E/static/me",
                "/me;/../static/me",
                "/me//../x",
                "/x/..;/me/..;/static/me",
                "/ME",
                "/%6de",
                "/me%20",
                "/me%09",
                "/static/../../me",
                "/open/../me",
                "/open/..;/me",
                "/sign-in/..;/me",
                "/me/..;/sign-in",
                "/me/..;/open",
                "//static/me",
                "/static/./me",
                "/static//me",
                "/app/..;/me",
                "/app/static/..;/me",
                "http://localhost/static/../me",
                "http://localhost/me",
                "/me?/static/picture",
                "/me#/static/picture",
                "/me%3F/static/",
                "/below/page/..;/..;/static/me")) {
            for (String method : List.of("GET", "POST", "OPTIONS", "get")) {
                Answer answer = site().api().send(method, path, Map.of());

                assertFalse(answer.body().contains("reached"), method + " " + path + " " + answer);
                assertFalse(answer.status() / 100 == 2, method + " " + path + " " + answer);
            }
        }
    }

    @Test
    default void polledPathsAreNoActivity() {
        Browser browser = site().browser().signedIn("alice");
        site().clock.advance(Duration.ofMinutes(10));
        site().counted.reset();

        assertEquals("alice", browser.get("/poll").line("user"));
        assertEquals(0, site().counted.writes());
        assertEquals("alice", browser.get("/me").line("user"));
        assertEquals(1, site().counted.writes());
    }

    @Test
    default void traceIsRefusedOnEveryPath() {
        Browser browser = site().browser().signedIn("alice");
        for (String path : List.of("/me", "/static/picture", "/sign-in")) {
            Answer answer = browser.send("TRACE", path, Map.of());

            assertEquals(405, answer.status(), path);
            // Tomcat answers itself, with other methods.
            assertFalse(answer.header("Allow").orElse("TRACE").contains("TRACE"), answer.toString());
            assertFalse(answer.body().contains("__Host-session"), answer.toString());
        }
    }
}
