package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.EndCause;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionListener.Novelty;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.Together;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Browsers get new tokens by the way. */
interface RefreshRules extends SiteTests {
    int CALLERS = 20;

    @Test
    default void anExpiredAccessTokenIsRefreshedOnce() {
        Browser browser = site().browser().signedIn("alice");
        List<String> before = List.copyOf(browser.cookies().keySet());
        site().expireAccessTokens();
        site().counted.reset();

        Answer answer = browser.get("/me");

        assertEquals("alice", answer.line("user"));
        assertEquals(1, site().counted.writes());
        assertEquals(2, site().counted.reads());
        assertEquals(before, answer.deletedCookies());
        BearerRules.assertNotCached(answer);
        assertEquals(2, browser.cookies().size());
        assertEquals(List.of(), browser.get("/me").setCookies());
        assertEquals(1, site().sessions("alice").size());
    }

    @Test
    default void aTokenOfARetiredKeyIsRefreshed() {
        Browser browser = site().browser().signedIn("alice");
        site().service(builder -> builder.refreshTokens(TestService.refreshSecret())
                .signingKey(SigningKey.hmac256("the next key, for tests: 32 bytes".getBytes(StandardCharsets.UTF_8))));

        assertEquals("alice", browser.get("/me").line("user"));
        assertEquals(2, browser.cookies().size());
    }

    @Test
    default void aMissingAccessTokenIsRefreshed() {
        Browser browser = site().browser().signedIn("alice");
        browser.cookies().remove(browser.names("access").get(0));

        assertEquals("alice", browser.get("/me").line("user"));
        assertEquals(2, browser.cookies().size());
    }

    @Test
    default void aSessionThatHasEndedIsReadOnceAndNotRefreshed() {
        Browser browser = site().browser().signedIn("alice");
        site().tokens.revokeAllSessions("alice");
        site().counted.reset();

        assertEquals(303, browser.get("/me").status());

        assertEquals(1, site().counted.reads());
    }

    @Test
    default void requestsAtTheSameTimeShareOneRefreshOnANode() throws Exception {
        Browser browser = site().browser().signedIn("alice");
        site().expireAccessTokens();
        site().counted.reset();
        site().clientsAsked.set(0);
        site().store.beforeReplace = () -> Waiting.await(CALLERS - 1);

        List<Answer> answers = Together.call(CALLERS, caller -> browser.exchange("GET", "/me", Map.of()));

        for (Answer answer : answers) {
            assertEquals("alice", browser.accept(answer).line("user"));
        }
        assertEquals(1, site().counted.writes());
        assertEquals(1, site().clientsAsked.get());
        assertEquals(0, site().notifications.retries());
        assertEquals(1, answers.stream().map(Answer::cookieNames).distinct().count());
        assertEquals(2, browser.cookies().size());
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void twoNodesRefreshTheSameTokenToTheSameSuccessor() {
        Browser browser = site().browser().signedIn("alice");
        site().expireAccessTokens();

        Answer one = browser.exchange("GET", "/me", Map.of());
        site().clock.advance(Duration.ofSeconds(1));
        Answer other = browser.exchange("GET", "/me", Map.of(), "X-Node: 2");
        assertEquals(one.cookieNames(), other.cookieNames());
        browser.accept(other);
        browser.accept(one);

        assertEquals("alice", browser.get("/me").line("user"));
        assertEquals(2, browser.cookies().size());
        site().expireAccessTokens();
        assertEquals("alice", browser.get("/me").line("user"));
        assertEquals(List.of(), site().notifications.ended());
    }

    @Test
    default void anotherClientThatIsAsFastAsTheOwnerSharesNoRefresh() throws Exception {
        site().service(builder ->
                builder.refreshTokens(TestService.refreshSecret()).refuseRetriesFromAnother(Novelty.DEVICE));
        Browser browser = site().browser().signedIn("alice");
        Browser thief = browser.copy().with("User-Agent", "curl/8");
        site().expireAccessTokens();
        CountDownLatch isUnderWay = new CountDownLatch(1);
        CountDownLatch thiefIsAnswered = new CountDownLatch(1);
        site().store.afterReplace = () -> {
            isUnderWay.countDown();
            Waiting.await(thiefIsAnswered);
        };

        List<Answer> answers = Together.call(List.of(() -> browser.get("/me"), () -> {
            Waiting.await(isUnderWay);
            site().store.afterReplace = () -> {};
            Answer answer = thief.get("/me");
            thiefIsAnswered.countDown();
            return answer;
        }));

        assertEquals("alice", answers.get(0).line("user"));
        assertEquals(303, answers.get(1).status());
        assertEquals(1, site().notifications.retriesRefused());
    }

    /** A proxy has one address for all of its clients, and names theirs in a header. */
    @Test
    default void clientsThatDifferInAddressOrForwardingHeaderShareNoRefresh() throws Exception {
        assertNoneWaitsForTheOther(owner -> owner.copy().from("127.0.0.2"));
        for (String header :
                List.of("X-Forwarded-For", "Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP")) {
            assertNoneWaitsForTheOther(owner -> {
                owner.with(header, "192.0.2.1");
                return owner.copy().with(header, "192.0.2.2");
            });
        }
    }

    private void assertNoneWaitsForTheOther(UnaryOperator<Browser> otherClient) throws Exception {
        Browser browser = site().browser().signedIn("alice");
        Browser other = otherClient.apply(browser);
        site().expireAccessTokens();
        site().clientsAsked.set(0);
        CountDownLatch isUnderWay = new CountDownLatch(1);
        CountDownLatch otherIsAnswered = new CountDownLatch(1);
        site().store.afterReplace = () -> {
            site().store.afterReplace = () -> {};
            isUnderWay.countDown();
            Waiting.await(otherIsAnswered);
        };

        List<Answer> answers = Together.call(List.of(() -> browser.get("/me"), () -> {
            Waiting.await(isUnderWay);
            Answer answer = other.get("/me");
            otherIsAnswered.countDown();
            return answer;
        }));

        assertEquals("alice", answers.get(0).line("user"));
        assertEquals("alice", answers.get(1).line("user"));
        assertEquals(2, site().clientsAsked.get());
    }

    @Test
    default void theClientIsLookedAtOnlyForARecognizedRefreshToken() {
        Browser browser = site().browser().signedIn("alice");
        String refresh = browser.names("refresh").get(0);
        String own = browser.value("refresh");
        site().clientsAsked.set(0);
        Browser stranger = site().browser();

        stranger.get("/me");
        stranger.get("/me", "Cookie: " + refresh + "=garbage");
        // A guess with the form of a refresh token, and one for a session that does not exist.
        stranger.get(
                "/me",
                "Cookie: " + refresh + "=" + own.substring(0, own.lastIndexOf('~') - 43) + "a".repeat(43) + "~"
                        + "a".repeat(43));
        site().api().post("/token", Map.of("refresh", "garbage"));
        site().api().post("/token", Map.of());
        stranger.get(
                "/me",
                "Cookie: " + refresh + "=YWxpY2U~" + "a".repeat(24) + "~" + "a".repeat(43) + "~" + "a".repeat(43));
        browser.get("/me");

        assertEquals(0, site().clientsAsked.get());
        site().expireAccessTokens();
        browser.get("/me");
        assertEquals(1, site().clientsAsked.get());
    }

    @Test
    default void aUsedRefreshTokenAfterTheGraceWindowEndsTheSessionAndTheSignInPageSaysSo() {
        Browser browser = site().browser().signedIn("alice");
        Browser thief = browser.copy();
        site().expireAccessTokens();
        browser.get("/me");
        site().clock.advance(Duration.ofMinutes(1));

        Answer answer = thief.get("/me");

        assertEquals("/sign-in?ended=refresh-token-reused&returnTo=%2Fme", answer.location());
        assertEquals("REFRESH_TOKEN_REUSED", thief.get(answer.location()).line("ended"));
        assertEquals(
                1, site().notifications.ended(EndCause.REFRESH_TOKEN_REUSED).size());
        assertEquals(303, browser.get("/me").status());
    }

    @Test
    default void anOutageBetweenRefreshAndValidationDoesNotCostTheSession() {
        Browser browser = site().browser().signedIn("alice");
        site().expireAccessTokens();
        site().store.afterReplace = () -> site().store.isDown = true;

        assertEquals(503, browser.get("/me").status());

        site().store.afterReplace = () -> {};
        site().store.isDown = false;
        site().clock.advance(Duration.ofMinutes(10));
        assertEquals("alice", browser.get("/me").line("user"));
        assertEquals(2, browser.cookies().size());
        assertEquals(List.of(), site().notifications.ended());
    }

    @Test
    default void anOutageAfterTheSharedRefreshIsThatOfAllWhoWaited() {
        Browser browser = site().browser().signedIn("alice");
        site().expireAccessTokens();
        site().store.beforeReplace = () -> {
            throw new SessionStoreException("taken away");
        };

        BearerRules.assertUnavailable(browser.get("/me"));

        site().store.beforeReplace = () -> {};
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void claimsThatMakeARefreshedTokenTooLongDoNotCostTheSession() {
        int[] length = {10};
        site().service(builder -> builder.refreshTokens(TestService.refreshSecret())
                .claimsOnRefresh((user, session) -> Map.of("roles", "r".repeat(length[0]))));
        Browser browser = site().browser().signedIn("alice");
        length[0] = 4_000;
        for (int refresh = 0; refresh < 3; refresh++) {
            site().expireAccessTokens();

            assertEquals("alice", browser.get("/me").line("user"));
            assertEquals(List.of(), browser.names("access"));
            assertEquals(1, browser.names("refresh").size());
        }

        length[0] = 10;
        assertEquals("alice", browser.get("/me").line("user"));

        assertEquals(1, browser.names("access").size());
        assertEquals(List.of(), browser.get("/me").setCookies());
        assertEquals(List.of(), site().notifications.ended());
    }

    @Test
    default void anApplicationThatFailsKeepsTheRefreshedTokens() {
        site().page("/fails", (request, response) -> {
            throw new IllegalArgumentException("a bug");
        });
        site().page("/error-500", (request, response) -> response.sendError(500));
        site().page("/resets", (request, response) -> {
            response.setHeader("X-Before", "1");
            response.reset();
        });
        site().page("/sets", (request, response) -> {
            response.setHeader("Set-Cookie", "theme=light; Path=/");
            response.setHeader("set-cookie", "theme=grey; Path=/");
            response.setHeader("Set-Cookie", "theme=dark; Path=/");
        });
        site().page("/missing", (request, response) -> response.sendError(404));
        site().page("/redirects", (request, response) -> response.sendRedirect("/me"));
        Browser browser = site().browser().signedIn("alice");
        for (String path : List.of(
                "/fails",
                "/app/fails",
                "/error-500",
                "/app/error-500",
                "/resets",
                "/sets",
                "/missing",
                "/app/missing",
                "/redirects",
                "/picture")) {
            site().expireAccessTokens();
            String before = browser.value("refresh");

            Answer answer = browser.get(path);

            assertNotEquals(before, browser.value("refresh"), path + answer);
            assertEquals(1, browser.names("refresh").size(), path + answer);
            BearerRules.assertNotCached(answer);
            assertTrue(answer.status() != 401 && answer.status() != 503, path + answer);
            assertEquals(0, answer.headers("X-Before").size());
            // So much later, the former refresh token would count as stolen.
            site().clock.advance(Duration.ofMinutes(5));
            assertEquals("alice", browser.get("/me").line("user"), path);
        }
        assertEquals("dark", browser.cookies().get("theme"));
        assertEquals(List.of(), site().notifications.ended());
    }

    @Test
    default void nothingWeakensTheHeadersOfAResponseWithTokens() {
        site().page("/weakens", (request, response) -> {
            response.setHeader("Cache-Control", "public, max-age=3600");
            response.addHeader("cache-control", "immutable");
            response.setDateHeader("Expires", 4_000_000_000_000L);
            response.addDateHeader("Expires", 4_000_000_000_000L);
            response.setHeader("CDN-Cache-Control", "max-age=600");
            response.reset();
            response.setDateHeader("Expires", 4_000_000_000_000L);
            response.addDateHeader("Expires", 4_000_000_000_000L);
            response.addHeader("CDN-Cache-Control", "max-age=600");
            response.addHeader("Cache-Control", "public");
            response.setHeader("Pragma", "cache");
        });
        site().page("/static/weakens", (request, response) -> {
            site().filter.signIn(request, response, "alice", LoginOptions.defaults());
            response.setHeader("Cache-Control", "public, max-age=3600");
        });
        Browser browser = site().browser().signedIn("alice");
        Answer without = browser.get("/weakens");
        assertTrue(without.header("Cache-Control").orElse("").contains("public"));
        assertTrue(without.header("Expires").orElse("").contains("2096"));
        site().expireAccessTokens();

        for (Answer answer : List.of(browser.get("/weakens"), browser.post("/static/weakens", Map.of()))) {
            assertEquals(List.of("no-store"), answer.headers("Cache-Control"));
            assertEquals(
                    List.of(),
                    answer.headers("Expires").stream()
                            .filter(date -> date.contains("2096"))
                            .toList());
            assertEquals(List.of(), answer.headers("CDN-Cache-Control"));
            assertEquals(List.of(), answer.headers("Pragma"));
        }
        assertEquals(
                List.of("public, max-age=3600"), browser.get("/static/picture").headers("Cache-Control"));
    }
}
