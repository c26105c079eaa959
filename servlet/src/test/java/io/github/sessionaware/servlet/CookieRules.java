package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionListener.Novelty;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.TokenOptions;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.TestService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is in the cookies that the filter sets, and what it makes of those that it gets. */
interface CookieRules extends SiteTests {
    /** Hundreds of years after the clock of every machine. */
    long MADE_UP = 20_000_000_000_000L;

    @Test
    default void aSignInSetsOnePairOfCookiesForThisHostOnly() {
        Answer answer = site().browser().post("/sign-in", Map.of("user", "alice"));

        assertEquals(2, answer.setCookies().size());
        // The access token lives for 15 minutes, and the idle timeout is 14 days.
        Set<String> expected = Set.of(
                "Path=/",
                "Max-Age=" + Duration.ofDays(14).plusMinutes(15).toSeconds(),
                "Secure",
                "HttpOnly",
                "SameSite=Lax");
        for (String cookie : answer.setCookies()) {
            assertTrue(
                    cookie.matches("__Host-session-(access|refresh)-[0-9a-z]{8}-[0-9a-z]{8}-[A-Za-z0-9_-]{10}=.*"),
                    cookie);
            Set<String> attributes = new TreeSet<>(List.of(cookie.split("; ")).subList(1, cookie.split("; ").length));
            attributes.removeIf(attribute -> attribute.startsWith("Expires="));
            assertEquals(expected, attributes);
        }
    }

    @Test
    default void nameAndSameSiteCanBeSet() {
        site().filter(builder -> builder.cookieName("shop").sameSite(SameSite.STRICT));

        Answer answer = site().browser().post("/sign-in", Map.of("user", "alice"));

        assertTrue(
                answer.setCookies().stream()
                        .allMatch(cookie -> cookie.startsWith("__Host-shop-") && cookie.contains("SameSite=Strict")),
                answer.toString());
    }

    @Test
    default void theCookiesOfAServiceWithoutRefreshTokensLastAsLongAsTheToken() {
        site().service(builder -> builder);

        Answer answer = site().browser().post("/sign-in", Map.of("user", "alice"));

        assertEquals(1, answer.setCookies().size());
        assertTrue(answer.setCookies().get(0).contains("Max-Age=900;"), answer.toString());
    }

    /** RFC 6265bis, section 5.5. */
    @Test
    default void theCookiesOfALongSessionLastAsLongAsBrowsersKeepAny() {
        site().service(builder -> builder.refreshTokens(TestService.refreshSecret())
                .idleTimeout(Duration.ofDays(1_000))
                .absoluteTimeout(Duration.ofDays(2_000)));

        Answer answer = site().browser().post("/sign-in", Map.of("user", "alice"));

        assertTrue(
                answer.setCookies().stream()
                        .allMatch(cookie -> cookie.contains(
                                "Max-Age=" + Duration.ofDays(400).toSeconds())),
                answer.toString());
    }

    @Test
    default void aRefreshCookieIsIgnoredOnceTheServiceIssuesNoRefreshTokens() {
        Browser browser = site().browser().signedIn("alice");
        site().service(builder -> builder);

        assertEquals("alice", browser.get("/me").line("user"));
        site().expireAccessTokens();
        assertEquals(303, browser.get("/me").status());
        browser.signedIn("bob");
        assertEquals("bob", browser.get("/me").line("user"));
        assertEquals(1, browser.cookies().size());
    }

    @Test
    default void aRequestWithSpoiltCookiesIsSentToTheSignInPage() {
        Browser browser = site().browser().signedIn("alice");
        String access = browser.names("access").get(0);
        String refresh = browser.names("refresh").get(0);
        String token = browser.value("access");
        String otherRefresh = site().browser().signedIn("bob").value("refresh");
        browser.cookies().clear();

        for (String cookies : List.of(
                access + "=" + token.substring(0, token.length() / 2),
                access + "=" + token + "x",
                access + "=",
                access,
                access + "=\"" + token,
                access + "=x.y.z; " + refresh + "=garbage",
                refresh + "=" + otherRefresh.substring(0, otherRefresh.length() - 1),
                access + "=" + token + "; " + access + "=" + token,
                access + "=" + token + "; " + access + "=x",
                access.replace("__Host-", "") + "=" + token,
                access.toLowerCase(Locale.ROOT) + "=" + token,
                "__Host-session-access-zzzzzzzzzz-zzzzzzzzzz-aaaaaaaaaa=" + token + "x",
                "__Host-session-access-00000000000-1-aaaaaaaaaa=" + token,
                "__Host-session-access-=" + token,
                "__Host-session-access=" + token,
                "$Version=1; " + access + "=\u0001",
                "=;;,= ; " + access + "=\u00ff")) {
            Answer answer = browser.get("/me", "Cookie: " + cookies);

            assertTrue(answer.status() == 303 || answer.status() == 400, cookies + " " + answer);
            assertEquals(List.of(), answer.setCookies(), cookies);
        }
    }

    @Test
    default void anAccessTokenThatIsThereTwiceIsReplacedByARefresh() {
        Browser browser = site().browser().signedIn("alice");
        String access = browser.names("access").get(0);
        String cookies = access + "=" + browser.value("access") + "; " + access + "=x; "
                + browser.names("refresh").get(0) + "=" + browser.value("refresh");

        Answer answer = browser.get("/me", "Cookie: " + cookies);

        assertEquals("alice", answer.line("user"));
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void cookiesOfOtherPathsAndApplicationsAreLeftAlone() {
        Browser browser = site().browser().signedIn("alice");
        browser.cookies().put("theme", "dark");
        browser.cookies().put("__Host-shop-access-a-b-cccccccccc", "of another application");
        browser.cookies().put("__Secure-session-access-a-b-cccccccccc", "of another path");

        assertEquals("alice", browser.get("/me").line("user"));
        browser.post("/sign-out", Map.of());

        assertEquals(3, browser.cookies().size());
    }

    @Test
    default void tooManyCookiesAreRefusedByTheContainerAndNeverAnErrorOfTheServer() {
        Browser browser = site().browser().signedIn("alice");
        Answer answer = browser.get("/me", "Cookie: a=" + "x".repeat(64 * 1024));

        assertTrue(answer.status() < 500 && answer.status() != 200, answer.toString());
    }

    @Test
    default void tokensOfAnotherServiceAreRefusedAndEndNothing() {
        SessionAwareTokenService foreign = SessionAwareTokenService.builder()
                .issuer("https://other.example")
                .signingKey(SigningKey.hmac256("another secret for tests: 32 bytes".getBytes(StandardCharsets.UTF_8)))
                .sessionStore(new InMemorySessionStore())
                .refreshTokens("another refresh secret, 32 bytes.".getBytes(StandardCharsets.UTF_8))
                .clock(site().clock)
                .build();
        SessionAwareTokenService otherIssuer = TestService.aServiceOn(site().store)
                .issuer("https://other.example")
                .clock(site().clock)
                .build();
        for (SessionAwareTokenService other : List.of(foreign, otherIssuer)) {
            IssuedTokens issued = other.issue("alice", ClientInfo.unknown());
            Browser browser = site().browser();
            browser.cookies().put("__Host-session-access-" + Stamp.of(issued), issued.accessToken());
            if (issued.refreshToken() != null) {
                browser.cookies().put("__Host-session-refresh-" + Stamp.of(issued), issued.refreshToken());
            }

            assertEquals(303, browser.get("/me").status());
            browser.signedIn("alice");

            assertEquals("alice", browser.get("/me").line("user"));
            assertEquals(2, browser.cookies().size());
            assertEquals(
                    1,
                    other.listSessions("alice").stream()
                            .filter(session ->
                                    session.id().equals(issued.session().id()))
                            .count());
        }
        assertEquals(0, site().notifications.retries());
    }

    @Test
    default void aBrowserWithManyLoginsIsSignedInByTheLatestAndIsCleanedUp() {
        Browser browser = site().browser();
        for (int login = 0; login < 7; login++) {
            browser.cookies().putAll(site().browser().signedIn("user-" + login).cookies());
            site().clock.advance(Duration.ofSeconds(1));
        }

        assertEquals("user-6", browser.get("/me").line("user"));
        browser.get("/me");
        browser.get("/me");

        assertEquals(2, browser.cookies().size());
        for (int login = 0; login < 6; login++) {
            assertEquals(List.of(), site().sessions("user-" + login));
        }
    }

    /** Puts cookies into the browser whose tokens no service has signed. Their logins seem to be at the given time. */
    private static void plant(Browser browser, int number, String kind, long login, String token) {
        for (int planted = 0; planted < number; planted++) {
            Stamp stamp = new Stamp(login, planted, "aaaaaa", "aaaa");
            browser.cookies().put("__Host-session-" + kind + "-" + stamp, token);
        }
    }

    /** Only the store can know that it is a guess. */
    private static String guessedRefreshToken() {
        return "YWxpY2U~" + "a".repeat(24) + "~" + "a".repeat(43) + "~" + "a".repeat(43);
    }

    private void assertCleansUpWithinTenRequests(Browser browser) {
        for (int request = 0; request < 10; request++) {
            assertEquals("alice", browser.get("/me").line("user"));
        }
        assertEquals(2, browser.cookies().size());
        assertEquals(1, site().sessions("alice").size());
    }

    @Test
    default void madeUpCookiesOfLaterLoginsHideNoLogin() {
        for (long login : List.of(TestService.START.toEpochMilli() + 1, MADE_UP)) {
            Browser browser = site().browser().signedIn("alice");

            plant(browser, 50, "access", login, "x.y.z");

            assertCleansUpWithinTenRequests(browser);
            site().tokens.revokeAllSessions("alice");
        }
    }

    @Test
    default void guessesThatCostAReadHideNoLoginThatFollows() {
        Browser browser = site().browser();
        plant(browser, 30, "refresh", MADE_UP, guessedRefreshToken());

        Answer signedIn = browser.post("/sign-in", Map.of("user", "alice"));

        assertEquals(303, signedIn.status());
        // The headers of a response are limited, so the next responses delete the rest.
        assertEquals(12, signedIn.setCookies().size());
        assertCleansUpWithinTenRequests(browser);
    }

    @Test
    default void aRequestWithManyGuessesCostsFourReads() {
        Browser browser = site().browser();
        plant(browser, 10, "refresh", MADE_UP, guessedRefreshToken());
        site().counted.reset();

        Answer answer = browser.get("/me");

        assertEquals(303, answer.status());
        assertEquals(List.of(), answer.setCookies());
        assertEquals(4, site().counted.reads());
    }

    @Test
    default void aRequestWithManyLoginsThatTheStoreRefusesCostsFourReads() {
        site().service(builder ->
                builder.refreshTokens(TestService.refreshSecret()).refuseRetriesFromAnother(Novelty.DEVICE));
        Browser browser = site().browser().signedIn("alice");
        String refresh = browser.value("refresh");
        String formerAccess = browser.value("access");
        String unknown = refresh.substring(0, refresh.length() - 2 * 43 - 1) + "a".repeat(43) + "~" + "a".repeat(43);

        assertCostsFourReads("refresh", unknown);
        browser.post("/step-up", Map.of());
        assertCostsFourReads("access", formerAccess);
        String used = browser.value("refresh");
        site().expireAccessTokens();
        browser.get("/me");
        assertCostsFourReads("refresh", used, "User-Agent: curl/8");
        site().clock.advance(Duration.ofMinutes(5));
        assertCostsFourReads("refresh", used);
        browser.signedIn("alice");
        String idle = browser.value("refresh");
        site().clock.advance(Duration.ofDays(20));
        assertCostsFourReads("refresh", idle);
    }

    private void assertCostsFourReads(String kind, String token, String... headers) {
        Browser browser = site().browser();
        plant(browser, 8, kind, MADE_UP, token);
        site().counted.reset();

        assertEquals(303, browser.get("/me", headers).status());
        assertEquals(4, site().counted.reads());
    }

    @Test
    default void aLoginBehindThreeThatHaveEndedIsFound() {
        Browser browser = site().browser().signedIn("alice");
        for (int login = 0; login < 3; login++) {
            site().clock.advance(Duration.ofSeconds(1));
            browser.cookies().putAll(site().browser().signedIn("bob").cookies());
        }
        site().tokens.revokeAllSessions("bob");

        assertEquals("alice", browser.get("/me").line("user"));
        assertEquals(2, browser.cookies().size());
    }

    @Test
    default void aLoginFromBeforeTheClockWentBackDoesNotWin() {
        site().clock.advance(Duration.ofDays(100 * 365));
        Browser browser = site().browser().signedIn("alice");
        site().clock.advance(Duration.ofDays(-100 * 365));
        browser.accept(browser.exchange("POST", "/sign-in", Map.of("user", "bob"), "Cookie:"));

        assertEquals("bob", browser.get("/me").line("user"));

        assertEquals(2, browser.cookies().size());
        assertEquals(List.of(), site().sessions("alice"));
    }

    @Test
    default void aSignOutEndsEachOfManySessions() {
        for (String path : List.of("/sign-out", "/leave")) {
            Browser browser = site().browser();
            for (int login = 0; login < 9; login++) {
                browser.cookies()
                        .putAll(site().browser().signedIn("user-" + login).cookies());
                site().clock.advance(Duration.ofSeconds(1));
            }

            Answer answer = browser.post(path, Map.of());

            assertEquals(12, answer.deletedCookies().size());
            for (int login = 0; login < 9; login++) {
                assertEquals(List.of(), site().sessions("user-" + login), path + login);
            }
            assertEquals(303, browser.get("/me").status());
        }
    }

    @Test
    default void aSignInWithATokenThatFitsNoCookieIsRefusedWithTheFigureAndLeavesNoSession() {
        site().service(builder -> builder);
        StringBuilder message = new StringBuilder();
        site().page("/static/too-long", (request, response) -> {
            try {
                site().filter.signIn(request, response, "alice", tooLong());
            } catch (IllegalArgumentException e) {
                message.append(e.getMessage());
            }
        });
        Browser browser = site().browser().signedIn("bob");
        Map<String, String> before = Map.copyOf(browser.cookies());

        Answer answer = browser.post("/static/too-long", Map.of());

        assertTrue(message.toString().matches(".* would have [5-9]\\d{3} bytes .* at most 4096.*"), message.toString());
        assertEquals(List.of(), answer.setCookies());
        assertEquals(List.of(), site().sessions("alice"));
        assertEquals(before, browser.cookies());
        assertEquals("bob", browser.get("/me").line("user"));
    }

    private static LoginOptions tooLong() {
        return LoginOptions.defaults().withClaims(Map.of("roles", "r".repeat(4_000)));
    }

    @Test
    default void anAccessCookieOfExactlyTheGreatestSizeIsSet() {
        site().service(builder -> builder);
        // Names and attributes of the header as it is sent are shorter than the longest that the check reckons with.
        site().page(
                        "/static/sized",
                        (request, response) -> site().filter
                                .signIn(
                                        request,
                                        response,
                                        "alice",
                                        LoginOptions.defaults()
                                                .withClaims(Map.of(
                                                        "r",
                                                        "r".repeat(Integer.parseInt(request.getParameter("size")))))));
        int largest = 0;
        for (int size = 2_640; size < 2_740; size += 3) {
            Answer answer = site().browser().post("/static/sized", Map.of("size", String.valueOf(size)));
            if (answer.status() == 200) {
                largest = Math.max(largest, answer.setCookies().get(0).length());
            }
        }

        assertTrue(largest > 4_050 && largest <= TokenCookies.MAX_BYTES, "" + largest);
    }

    @Test
    default void aRenewedAuthenticationWithATokenThatFitsNoCookieLeavesNoSessionThatNobodyCanUse() {
        site().service(builder -> builder);
        site().page(
                        "/renew",
                        (request, response) -> site().filter
                                .replaceTokens(
                                        request,
                                        response,
                                        site().tokens.reauthenticate(SessionFilter.current(request), tooLong())));
        Browser browser = site().browser().signedIn("alice");

        Answer answer = browser.post("/renew", Map.of());

        assertEquals(500, answer.status());
        assertEquals(List.of(), answer.setCookies());
        assertEquals(List.of(), site().sessions("alice"));
    }

    private void addReissuePage(Map<String, ?> claims) {
        site().page("/reissue", (request, response) -> {
            IssuedTokens next = site().tokens
                    .reissue(
                            SessionFilter.current(request),
                            TokenOptions.defaults().withClaims(claims));
            site().filter.replaceTokens(request, response, next);
        });
    }

    @Test
    default void aReissuedTokenThatFitsNoCookieLeavesTheSessionWithItsFormerToken() {
        site().service(builder -> builder);
        addReissuePage(Map.of("roles", "r".repeat(4_000)));
        Browser browser = site().browser().signedIn("alice");

        assertEquals(500, browser.post("/reissue", Map.of()).status());

        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void tokensOfOneMillisecondHaveCookiesOfTheirOwnNames() {
        site().service(builder -> builder);
        addReissuePage(Map.of("organisation", "blue"));
        Browser browser = site().browser().signedIn("alice");
        List<String> before = browser.names("access");

        Answer answer = browser.post("/reissue", Map.of());

        assertEquals(
                before,
                answer.deletedCookies().stream().filter(before::contains).toList());
        assertEquals(1, browser.names("access").size());
        assertNotEquals(before, browser.names("access"));
    }

    @Test
    default void aReissuedTokenReplacesTheAccessCookieAndKeepsTheRefreshToken() {
        site().service(builder -> builder.refreshTokens(TestService.refreshSecret()));
        addReissuePage(Map.of("organisation", "blue"));
        site().page(
                        "/organisation",
                        (request, response) -> response.getWriter()
                                .print("organisation: "
                                        + SessionFilter.current(request)
                                                .claim("organisation", String.class)
                                                .orElse("none")
                                        + "\n"));
        Browser browser = site().browser().signedIn("alice");
        String access = browser.value("access");
        String refresh = browser.value("refresh");

        browser.post("/reissue", Map.of());

        assertEquals("blue", browser.get("/organisation").line("organisation"));
        assertNotEquals(access, browser.value("access"));
        assertEquals(refresh, browser.value("refresh"));
        assertEquals(2, browser.cookies().size());
        site().expireAccessTokens();
        assertEquals("alice", browser.get("/me").line("user"));
        assertFalse(browser.cookies().isEmpty());
    }
}
