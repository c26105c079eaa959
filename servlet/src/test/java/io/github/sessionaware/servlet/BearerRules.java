package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

interface BearerRules extends SiteTests {
    String CHALLENGE = "Bearer realm=\"api\"";
    String INVALID = CHALLENGE + ", error=\"invalid_token\", error_description=\"The access token is invalid or has"
            + " expired\"";

    private IssuedTokens issued(String user) {
        return site().tokens.issue(user, ClientInfo.unknown());
    }

    @Test
    default void aLiveBearerTokenPasses() {
        Answer answer = site().api()
                .get("/me", "Authorization: bearer " + issued("alice").accessToken());

        assertEquals(200, answer.status());
        assertEquals("alice", answer.line("user"));
        assertEquals(List.of(), answer.setCookies());
    }

    @Test
    default void aRequestWithoutATokenGetsTheBareChallenge() {
        Answer answer = site().api().get("/me");

        assertRefused(CHALLENGE, answer);
        assertEquals("", answer.body());
    }

    @Test
    default void forgedAndEndedTokensGetTheSameChallenge() {
        IssuedTokens ended = issued("alice");
        site().tokens.revokeAllSessions("alice");

        assertRefused(INVALID, site().api().get("/me", "Authorization: Bearer " + ended.accessToken()));
        assertRefused(INVALID, site().api().get("/me", "Authorization: Bearer " + forged(issued("alice"))));
        assertRefused(INVALID, site().api().get("/me", "Authorization: Bearer"));
    }

    private static String forged(IssuedTokens issued) {
        String token = issued.accessToken();
        int end = token.lastIndexOf('.') + 1;
        return token.substring(0, end) + (token.charAt(end) == 'A' ? 'B' : 'A') + token.substring(end + 1);
    }

    @Test
    default void anExpiredBearerTokenIsNotRefreshedFromTheCookies() {
        Browser browser = site().browser().signedIn("alice");
        String expired = site().tokens.issue("alice", ClientInfo.unknown()).accessToken();
        site().expireAccessTokens();

        Answer answer = browser.get("/me", "Authorization: Bearer " + expired);

        assertEquals(303, answer.status());
        assertEquals(List.of(), answer.setCookies());
    }

    @Test
    default void twoAuthorizationHeadersNeverMakeAToken() {
        String live = issued("alice").accessToken();

        assertRefused(
                INVALID, site().api().get("/me", "Authorization: Bearer " + live, "Authorization: Bearer " + live));
        assertRefused(INVALID, site().api().get("/me", "Authorization: Bearer " + live, "Authorization: Basic YTpi"));
        assertRefused(CHALLENGE, site().api().get("/me", "Authorization: Basic YTpi", "Authorization: Bearer " + live));
    }

    @Test
    default void anotherSchemeLeavesTheRequestToItsCookies() {
        Browser browser = site().browser().signedIn("alice");

        assertEquals("alice", browser.get("/me", "Authorization: Basic YTpi").line("user"));
    }

    @Test
    default void theHeaderAloneDecidesIfItDisagreesWithTheCookies() {
        Browser browser = site().browser().signedIn("alice");
        Map<String, String> before = Map.copyOf(browser.cookies());

        Answer bob = browser.get("/me", "Authorization: Bearer " + issued("bob").accessToken());
        Answer nobody = browser.get("/me", "Authorization: Bearer x.y.z", "Sec-Fetch-Mode: cors");

        assertEquals("bob", bob.line("user"));
        assertRefused(INVALID, nobody);
        assertEquals(before, browser.cookies());
        assertEquals(1, site().sessions("alice").size());
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void aSignOutByHeaderEndsItsOwnSessionAndNotThatOfTheCookies() {
        Browser browser = site().browser().signedIn("alice");
        String bob = "Authorization: Bearer " + issued("bob").accessToken();
        site().counted.reset();

        Answer answer = browser.post("/sign-out", Map.of(), bob);

        assertEquals(1, site().counted.reads());
        assertEquals(List.of(), site().sessions("bob"));
        assertEquals(1, site().sessions("alice").size());
        assertEquals(List.of(), answer.setCookies());
    }

    @Test
    default void aSignOutByHeaderWorksOnAnOpenPath() {
        String live = issued("alice").accessToken();
        // Activity would be due.
        site().clock.advance(Duration.ofMinutes(10));
        site().counted.reset();

        assertEquals(
                303,
                site().api()
                        .post("/leave", Map.of(), "Authorization: Bearer " + live)
                        .status());

        assertEquals(1, site().counted.writes());
        assertEquals(List.of(), site().sessions("alice"));
        assertEquals(
                303,
                site().api()
                        .post("/leave", Map.of(), "Authorization: Bearer " + live)
                        .status());
    }

    @Test
    default void anOutageAnswers503AndTouchesNoCookie() {
        Browser browser = site().browser().signedIn("alice");
        String live = "Authorization: Bearer " + issued("bob").accessToken();
        site().store.isDown = true;

        assertUnavailable(site().api().get("/me", live));
        assertUnavailable(browser.get("/me"));
        Answer script = browser.get("/me", "Sec-Fetch-Mode: cors");
        assertUnavailable(script);
        assertEquals("", script.body());
        site().expireAccessTokens();
        assertUnavailable(browser.get("/me"));

        site().store.isDown = false;
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void theRefreshEndpointOfAnApiAnswersWithTokensThatNoCacheKeeps() {
        IssuedTokens issued = issued("alice");

        Answer answer = site().api().post("/token", Map.of("refresh", issued.refreshToken()));

        assertNotCached(answer);
        assertEquals("alice", site().tokens.validate(answer.line("access")).userId());
        assertRefused(INVALID, site().api().post("/token", Map.of("refresh", "garbage")));
        assertRefused(CHALLENGE, site().api().post("/token", Map.of()));
    }

    @Test
    default void aFilterForHeadersAloneIgnoresCookies() {
        Browser browser = site().browser().signedIn("alice");
        site().filter(builder -> SessionFilter.builder(site().tokens).bearer());

        assertRefused(CHALLENGE, browser.get("/me"));
        assertEquals(
                "bob",
                site().api()
                        .post(
                                "/me",
                                Map.of(),
                                "Authorization: Bearer " + issued("bob").accessToken())
                        .line("user"));
    }

    static void assertRefused(String challenge, Answer answer) {
        assertEquals(401, answer.status());
        assertEquals(Optional.of(challenge), answer.header("WWW-Authenticate"));
        assertNotCached(answer);
        assertEquals(List.of(), answer.setCookies());
    }

    static void assertUnavailable(Answer answer) {
        assertEquals(503, answer.status());
        assertEquals(Optional.of("5"), answer.header("Retry-After"));
        assertNotCached(answer);
        assertEquals(List.of(), answer.setCookies());
    }

    /** A container may add further directives. */
    static void assertNotCached(Answer answer) {
        assertTrue(answer.header("Cache-Control").orElse("").contains("no-store"), answer.toString());
        assertFalse(answer.header("Cache-Control").orElse("").contains("public"), answer.toString());
    }
}
