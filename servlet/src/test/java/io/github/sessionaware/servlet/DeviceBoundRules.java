package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.ExperimentalDeviceBinding.Refusal;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.TokenOptions;
import io.github.sessionaware.testing.TestDevice;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What browsers with Device Bound Session Credentials get, and what others do not notice. */
interface DeviceBoundRules extends SiteTests {
    String REGISTRATION = "/device-bound/registration";
    String RENEWAL = "/device-bound/renewal";
    Pattern OFFER = Pattern.compile("\\(ES256 RS256\\);path=\"([^\"]+)\";challenge=\"([^\"]+)\"");
    Pattern CHALLENGE = Pattern.compile("\"([^\"]+)\";id=\"([^\"]+)\"");

    private void bindingIsOn() {
        bindingIsOn(settings -> settings, new ArrayList<>());
    }

    private void bindingIsOn(UnaryOperator<ExperimentalDeviceBound> settings, List<String> events) {
        site().service(builder -> builder.refreshTokens(TestService.refreshSecret())
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .listener(new Events(events)));
        site().filter(builder -> builder.deviceBound(settings.apply(ExperimentalDeviceBound.defaults())));
    }

    /** Returns the challenge of the offer that came with a sign-in. */
    private static String offered(Answer signIn) {
        Matcher offer =
                OFFER.matcher(signIn.header("Secure-Session-Registration").orElse("(none)"));
        assertTrue(offer.matches(), signIn.toString());
        assertEquals(REGISTRATION, offer.group(1));
        return offer.group(2);
    }

    /** Adds an address at which an identity provider's user comes back. */
    private void callbackSignsIn(String user) {
        site().page(
                        "/callback",
                        (request, response) ->
                                site().used(request).signIn(request, response, user, LoginOptions.defaults()));
        site().filter(builder ->
                builder.deviceBound(ExperimentalDeviceBound.defaults()).open("/callback"));
    }

    private Answer signIn(Browser browser, String user) {
        Answer answer = browser.post("/sign-in", Map.of("user", user));
        assertEquals(303, answer.status());
        return answer;
    }

    private static Answer register(Browser browser, String proof) {
        return browser.post(REGISTRATION, Map.of(), "Sec-Fetch-Mode: no-cors", "Secure-Session-Response: " + proof);
    }

    private static Answer renew(Browser browser, String id, String proof) {
        return browser.post(
                RENEWAL,
                Map.of(),
                "Sec-Fetch-Mode: no-cors",
                "Sec-Secure-Session-Id: " + id,
                "Secure-Session-Response: " + proof);
    }

    /** Signs in and binds the session. Returns the header with the next challenge. */
    private Matcher bound(Browser browser, TestDevice device, String user) {
        Answer answer = register(browser, device.registration(offered(signIn(browser, user))));
        assertEquals(200, answer.status());
        return challenge(answer);
    }

    private static Matcher challenge(Answer answer) {
        Matcher challenge =
                CHALLENGE.matcher(answer.header("Secure-Session-Challenge").orElse("(none)"));
        assertTrue(challenge.matches(), answer.toString());
        return challenge;
    }

    private static void assertNotForOtherSites(Answer answer) {
        assertEquals(List.of("same-origin"), answer.headers("Cross-Origin-Resource-Policy"));
        assertEquals(List.of("DENY"), answer.headers("X-Frame-Options"));
    }

    @Test
    default void withoutTheSettingNothingIsOffered() {
        Answer answer = signIn(site().browser(), "alice");

        assertTrue(answer.header("Secure-Session-Registration").isEmpty());
        assertEquals(
                404,
                site().browser().signedIn("alice").post(REGISTRATION, Map.of()).status());
    }

    @Test
    default void aBrowserWithoutBindingGoesOnWithRefreshTokens() {
        bindingIsOn();
        Browser browser = site().browser();
        signIn(browser, "alice");
        for (int i = 0; i < 3; i++) {
            site().expireAccessTokens();
            assertEquals("alice", browser.get("/me").line("user"));
        }
        assertFalse(site().sessions("alice").get(0).deviceBound());
        assertEquals(1, browser.names("refresh").size());
    }

    @Test
    default void aRegistrationBindsTheSessionAndReplacesItsCookies() {
        List<String> events = new ArrayList<>();
        bindingIsOn(settings -> settings.withExcluded("/static/*", "/caf\u00e9"), events);
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Answer signIn = signIn(browser, "alice");
        List<String> former = List.copyOf(browser.cookies().keySet());

        Answer answer = register(browser, device.registration(offered(signIn)));

        assertEquals(200, answer.status());
        assertEquals(
                "application/json", answer.header("Content-Type").orElseThrow().split(";", -1)[0]);
        assertEquals(former, answer.deletedCookies());
        BearerRules.assertNotCached(answer);
        assertNotForOtherSites(answer);
        String name = browser.names("access").get(0);
        assertEquals(List.of(name), List.copyOf(browser.cookies().keySet()));
        assertEquals(
                "{\"session_identifier\":\"" + challenge(answer).group(2)
                        + "\",\"refresh_url\":\"/device-bound/renewal\",\"scope\":{\"include_site\":false,"
                        + "\"scope_specification\":["
                        + "{\"type\":\"exclude\",\"domain\":\"*\",\"path\":\"/device-bound/registration\"},"
                        + "{\"type\":\"exclude\",\"domain\":\"*\",\"path\":\"/device-bound/renewal\"},"
                        + "{\"type\":\"exclude\",\"domain\":\"*\",\"path\":\"/static\"},"
                        + "{\"type\":\"exclude\",\"domain\":\"*\",\"path\":\"/caf%C3%A9\"}]},"
                        + "\"credentials\":[{\"type\":\"cookie\",\"name\":\"" + name
                        + "\",\"attributes\":\"Path=/; Secure; HttpOnly; SameSite=Lax\"}],"
                        + "\"allowed_refresh_initiators\":[\"*\"]}",
                answer.body());
        String cookie = answer.setCookies().stream()
                .filter(header -> header.startsWith(name))
                .findFirst()
                .orElseThrow();
        for (String attribute : List.of("Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=290")) {
            assertTrue(cookie.contains("; " + attribute), cookie);
        }
        assertEquals("alice", browser.get("/me").line("user"));
        assertTrue(site().sessions("alice").get(0).deviceBound());
        assertEquals(List.of("bound"), events);
    }

    /** A request may pass two filters of one application, for instance around Spring Security. */
    @Test
    default void aSignInWhoseResponseIsResetKeepsItsOfferOnce() {
        bindingIsOn();
        site().filter(builder ->
                builder.deviceBound(ExperimentalDeviceBound.defaults()).open("/open", "/both"));
        site().otherFilter = site().secondFilter;
        for (String path : List.of("/open", "/both")) {
            site().page(path, (request, response) -> {
                site().used(request).signIn(request, response, "alice", LoginOptions.defaults());
                response.reset();
            });
            Browser browser = site().browser();

            Answer answer = browser.post(path, Map.of());

            assertEquals(1, answer.headers("Secure-Session-Registration").size(), answer.toString());
            assertEquals(
                    200,
                    register(browser, TestDevice.es256().registration(offered(answer)))
                            .status());
        }
    }

    @Test
    default void cookiesForOtherSitesNameNoInitiators() {
        bindingIsOn();
        site().filter(builder ->
                builder.deviceBound(ExperimentalDeviceBound.defaults()).sameSite(SameSite.NONE));
        Browser browser = site().browser();

        Answer answer = register(browser, TestDevice.es256().registration(offered(signIn(browser, "alice"))));

        assertTrue(answer.body().contains("; SameSite=None\""), answer.body());
        assertTrue(answer.body().endsWith("\"allowed_refresh_initiators\":[]}"), answer.body());
    }

    @Test
    default void anApplicationBelowAContextPathNamesItsOwnPaths() {
        bindingIsOn();
        Browser browser = site().browser();
        Answer signIn = browser.post("/app/sign-in", Map.of("user", "alice"));
        Matcher offer =
                OFFER.matcher(signIn.header("Secure-Session-Registration").orElse("(none)"));
        assertTrue(offer.matches(), signIn.toString());

        Answer answer = browser.post(
                offer.group(1),
                Map.of(),
                "Secure-Session-Response: " + TestDevice.es256().registration(offer.group(2)));

        assertEquals("/app/device-bound/registration", offer.group(1));
        assertTrue(answer.body().contains("\"refresh_url\":\"/app/device-bound/renewal\""), answer.body());
    }

    @Test
    default void aProofRenewsTheCookieUnderTheSameName() {
        bindingIsOn();
        Browser browser = site().browser();
        TestDevice device = TestDevice.rs256();
        Matcher next = bound(browser, device, "alice");
        String name = browser.names("access").get(0);
        for (int i = 0; i < 3; i++) {
            site().clock.advance(Duration.ofMinutes(6));
            browser.cookies().clear();
            site().counted.reset();

            Answer answer = renew(browser, next.group(2), device.renewal(next.group(1)));

            assertEquals(200, answer.status());
            assertEquals(
                    List.of(1, 1),
                    List.of(site().counted.reads(), site().counted.writes()));
            assertEquals(List.of(name), answer.cookieNames());
            BearerRules.assertNotCached(answer);
            assertNotForOtherSites(answer);
            assertTrue(answer.body().startsWith("{\"session_identifier\":\"" + next.group(2) + "\","), answer.body());
            assertEquals("alice", browser.get("/me").line("user"));
            next = challenge(answer);
        }
    }

    /** A browser keeps its session and tries again after a server error. */
    @Test
    default void claimsThatMakeABoundTokenTooLongAreAServerErrorAndChangeNoCookie() {
        int[] length = {4_000};
        site().service(builder -> builder.refreshTokens(TestService.refreshSecret())
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .claimsOnRefresh((user, session) -> Map.of("roles", "r".repeat(length[0]))));
        site().filter(builder -> builder.deviceBound(ExperimentalDeviceBound.defaults()));
        Browser first = site().browser();
        TestDevice device = TestDevice.es256();

        assertTooLong(register(first, device.registration(offered(signIn(first, "alice")))));

        assertEquals("alice", first.get("/me").line("user"));
        length[0] = 10;
        Browser second = site().browser();
        Matcher next = bound(second, device, "bob");
        length[0] = 4_000;
        assertTooLong(renew(second, next.group(2), device.renewal(next.group(1))));
        assertEquals("bob", second.get("/me").line("user"));
        length[0] = 10;
        site().clock.advance(Duration.ofSeconds(1));
        Answer again = renew(second, next.group(2), device.renewal(next.group(1)));
        assertEquals(
                200,
                renew(second, next.group(2), device.renewal(challenge(again).group(1)))
                        .status());
    }

    private void assertTooLong(Answer answer) {
        assertEquals(500, answer.status());
        assertEquals(List.of(), answer.setCookies());
        assertFalse(answer.body().contains("session_identifier"), answer.body());
        assertTrue(site().thrown.getMessage().contains("put fewer or shorter claims into the token"));
    }

    @Test
    default void aRenewalWithoutAProofOrWithAnOldChallengeGets403WithAChallenge() {
        bindingIsOn();
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher early = bound(browser, device, "alice");
        site().clock.advance(Duration.ofMinutes(20));
        site().counted.reset();

        Answer none = browser.post(RENEWAL, Map.of(), "Sec-Secure-Session-Id: " + early.group(2));
        Answer old = renew(browser, early.group(2), device.renewal(early.group(1)));

        assertEquals(List.of(403, 403), List.of(none.status(), old.status()));
        assertEquals(0, site().counted.calls());
        assertEquals(early.group(2), challenge(none).group(2));
        assertEquals(
                200,
                renew(browser, early.group(2), device.renewal(challenge(old).group(1)))
                        .status());
    }

    @Test
    default void aUsedProofRenewsNothingAndTheOwnerIsTold() {
        List<String> events = new ArrayList<>();
        bindingIsOn(settings -> settings, events);
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher next = bound(browser, device, "alice");
        String proof = device.renewal(next.group(1));
        renew(browser, next.group(2), proof);
        Browser thief = browser.copy().with("User-Agent", "curl/8");

        Answer answer = renew(thief, next.group(2), proof);

        assertEquals(403, answer.status());
        assertEquals(List.of(), answer.setCookies());
        assertEquals(List.of("bound", "USED_CHALLENGE by curl/8"), events);
        Answer forged = renew(
                thief,
                next.group(2),
                TestDevice.es256().renewal(challenge(answer).group(1)));
        assertEquals(401, forged.status());
        assertEquals("WRONG_KEY by curl/8", events.get(2));
        assertEquals(
                200,
                renew(browser, next.group(2), device.renewal(challenge(answer).group(1)))
                        .status());
    }

    @Test
    default void aCopyOfAllCookiesWorksUntilTheAccessTokenExpires() {
        bindingIsOn();
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher next = bound(browser, device, "alice");
        Browser thief = browser.copy();
        site().clock.advance(Duration.ofMinutes(5).minusMillis(1));
        assertEquals("alice", thief.get("/me").line("user"));

        site().clock.advance(Duration.ofMillis(1));
        Answer answer = thief.get("/me");

        assertEquals(307, answer.status());
        assertEquals(303, thief.get("/me").status(), "The cookie is gone");
        renew(browser, next.group(2), device.renewal(next.group(1)));
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void aCookieThatOutlivedItsTokenSendsTheBrowserForAProof() {
        bindingIsOn();
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher next = bound(browser, device, "alice");
        String name = browser.names("access").get(0);
        site().clock.advance(Duration.ofMinutes(6));

        Answer answer = browser.post("/rename?to=a%20b", Map.of("name", "x"));

        assertEquals(307, answer.status());
        assertEquals("/rename?to=a%20b", answer.location());
        assertTrue(answer.deletedCookies().contains(name), answer.toString());
        BearerRules.assertNotCached(answer);
        assertEquals(
                200,
                renew(browser, next.group(2), device.renewal(next.group(1))).status());
        assertEquals(204, browser.post("/rename?to=a%20b", Map.of("name", "x")).status());
    }

    @Test
    default void anAddressThatCouldLeadElsewhereIsNeverRedirectedTo() {
        bindingIsOn();
        Browser browser = site().browser();
        bound(browser, TestDevice.es256(), "alice");
        site().clock.advance(Duration.ofMinutes(6));

        for (String path : List.of("//evil.example/me", "/me/..//evil.example", "/\\evil.example")) {
            Answer answer = browser.exchange("GET", path, Map.of());
            assertFalse(answer.location().startsWith("//"), answer.toString());
            assertFalse(answer.location().startsWith("/\\"), answer.toString());
        }
    }

    @Test
    default void aPageMayAskForAProofNow() {
        bindingIsOn();
        site().page("/sensitive", (request, response) -> {
            site().used(request).requireDeviceProof(request, Duration.ofMinutes(1));
            response.getWriter().print("secret: 42\n");
        });
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher next = bound(browser, device, "alice");
        assertEquals("42", browser.get("/sensitive").line("secret"));
        site().clock.advance(Duration.ofSeconds(61));
        Browser thief = browser.copy();

        assertEquals(307, browser.get("/sensitive").status());
        assertEquals(307, thief.get("/sensitive").status());

        assertEquals(303, thief.get("/sensitive").status());
        renew(browser, next.group(2), device.renewal(next.group(1)));
        assertEquals("42", browser.get("/sensitive").line("secret"));
    }

    @Test
    default void aPageThatAsksForAProofRefusesSessionsThatAreNotBound() {
        bindingIsOn();
        site().page(
                        "/sensitive",
                        (request, response) -> site().used(request).requireDeviceProof(request, Duration.ofMinutes(1)));
        Browser browser = site().browser().signedIn("alice");

        assertEquals(
                "/sign-in?ended=not-device-bound&returnTo=%2Fsensitive",
                browser.get("/sensitive").location());
    }

    @Test
    default void sessionsThatMustBeBoundAreRefusedAfterTheGraceTimeWithTheReason() {
        bindingIsOn(
                settings -> settings.withRequired(session -> session.userId().equals("staff"), Duration.ofMinutes(1)),
                new ArrayList<>());
        Browser staff = site().browser().signedIn("staff");
        Browser other = site().browser().signedIn("alice");
        site().clock.advance(Duration.ofMinutes(1));
        assertEquals("staff", staff.get("/me").line("user"));
        site().clock.advance(Duration.ofMillis(1));

        assertEquals("alice", other.get("/me").line("user"));
        assertEquals(
                "/sign-in?ended=not-device-bound&returnTo=%2Fme",
                staff.get("/me").location());
        assertEquals(
                "NOT_DEVICE_BOUND", staff.get("/sign-in?ended=not-device-bound").line("ended"));
        Browser again = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher next = bound(again, device, "staff");
        site().clock.advance(Duration.ofMinutes(10));
        renew(again, next.group(2), device.renewal(next.group(1)));
        assertEquals("staff", again.get("/me").line("user"));
    }

    /** Otherwise whoever copied the cookies would send the access token in the header, and refresh it at the API. */
    @Test
    default void aBearerTokenOfASessionThatMustBeBoundIsRefusedToo() {
        bindingIsOn(
                settings -> settings.withRequired(session -> session.userId().equals("staff"), Duration.ofMinutes(1)),
                new ArrayList<>());
        Browser staff = site().browser().signedIn("staff");
        String bearer = "Authorization: Bearer " + staff.value("access");
        String other =
                "Authorization: Bearer " + site().browser().signedIn("alice").value("access");
        site().clock.advance(Duration.ofMinutes(1));
        assertEquals("staff", site().api().get("/me", bearer).line("user"));
        site().clock.advance(Duration.ofMillis(1));

        assertEquals(401, site().api().get("/me", bearer).status());
        assertEquals("alice", site().api().get("/me", other).line("user"));
        String refreshed = site().api()
                .post("/token", Map.of("refresh", staff.value("refresh")))
                .line("access");
        assertEquals(
                401,
                site().api().get("/me", "Authorization: Bearer " + refreshed).status());
    }

    /** The other node has read the session before its binding. Its two clocks are those of the machine. */
    @Test
    default void noSessionIsRefusedForARecentReadFromBeforeItsBinding() {
        remembering();
        SessionFilter binding = site().filter;
        Browser browser = site().browser();
        String challenge = offered(signIn(browser, "alice"));
        remembering();
        site().page("/sensitive", (request, response) -> {
            site().used(request).requireDeviceProof(request, Duration.ofMinutes(1));
            response.getWriter().print("secret: 42\n");
        });
        assertEquals("alice", browser.get("/me").line("user"));
        SessionFilter other = site().filter;
        site().filter = binding;
        register(browser, TestDevice.es256().registration(challenge));
        site().filter = other;

        assertEquals("42", browser.get("/sensitive").line("secret"));
        site().filter(builder ->
                builder.deviceBound(ExperimentalDeviceBound.defaults().withRequired(session -> true, Duration.ZERO)));
        assertEquals("alice", browser.get("/me").line("user"));
    }

    private void remembering() {
        site().service(builder -> builder.refreshTokens(TestService.refreshSecret())
                .clock(InstantSource.system())
                .maxStaleness(Duration.ofMinutes(1))
                .deviceBinding(ExperimentalDeviceBinding.defaults()));
        site().filter(builder -> builder.deviceBound(ExperimentalDeviceBound.defaults()));
    }

    @Test
    default void behindAFrameworkTheEndpointsAreAnsweredBeforeItsChain() {
        bindingIsOn();
        site().isPermissive = true;
        site().page(
                        "/require",
                        (request, response) -> response.getWriter()
                                .print("user: "
                                        + site().filter
                                                .requireSession(request, response)
                                                .userId() + "\n"));
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher next = bound(browser, device, "alice");
        assertEquals("alice", browser.get("/require").line("user"));
        site().clock.advance(Duration.ofMinutes(6));

        assertEquals(307, browser.get("/require").status());
        assertEquals(
                200,
                renew(browser, next.group(2), device.renewal(next.group(1))).status());
        assertEquals("alice", browser.get("/require").line("user"));
        assertEquals(
                503,
                browser.post(REGISTRATION, Map.of(), "Sec-Fetch-Site: cross-site", "Origin: https://evil.example")
                        .status());
        site().store.isDown = true;
        assertEquals(503, register(browser, device.registration(next.group(1))).status());
    }

    @Test
    default void behindAFrameworkARequiredSessionMustBeBoundToo() {
        bindingIsOn(settings -> settings.withRequired(session -> true, Duration.ofMinutes(1)), new ArrayList<>());
        site().isPermissive = true;
        site().page("/require", (request, response) -> site().filter.requireSession(request, response));
        site().page(
                        "/asks",
                        (request, response) -> response.getWriter()
                                .print("present: "
                                        + site().filter
                                                .authenticate(request, response)
                                                .isPresent() + "\n"));
        Browser browser = site().browser().signedIn("alice");
        assertEquals(200, browser.get("/require").status());
        assertEquals("true", browser.get("/asks").line("present"));
        site().clock.advance(Duration.ofMinutes(1).plusMillis(1));

        assertEquals(
                "/sign-in?ended=not-device-bound&returnTo=%2Frequire",
                browser.get("/require").location());
        assertEquals("false", browser.get("/asks").line("present"));
        Browser again = site().browser();
        bound(again, TestDevice.es256(), "alice");
        assertEquals(200, again.get("/require").status());
        assertEquals("true", again.get("/asks").line("present"));
    }

    @Test
    default void theGraceTimeBeginsWithTheLoginIfTheUserWasAuthenticatedElsewhereBefore() {
        bindingIsOn(settings -> settings.withRequired(session -> true, Duration.ofMinutes(1)), new ArrayList<>());
        site().page(
                        "/open",
                        (request, response) -> site().used(request)
                                .signIn(
                                        request,
                                        response,
                                        "alice",
                                        LoginOptions.defaults()
                                                .withAuthenticatedAt(
                                                        site().clock.instant().minus(Duration.ofHours(1)))));
        Browser browser = site().browser();
        browser.post("/open", Map.of());

        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void aSessionThatEndedTellsTheBrowserToStop() {
        bindingIsOn();
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher next = bound(browser, device, "alice");
        site().tokens.revokeAllSessions("alice");
        assertEquals(303, browser.get("/me").status());

        Answer answer = renew(browser, next.group(2), device.renewal(next.group(1)));

        assertEquals(200, answer.status());
        assertEquals("{\"continue\":false}", answer.body());
        assertEquals(List.of(), answer.setCookies());
    }

    @Test
    default void aStepUpKeepsTheBindingAndTheCookiesName() {
        bindingIsOn();
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher next = bound(browser, device, "alice");
        List<String> names = List.copyOf(browser.cookies().keySet());
        Browser late = browser.copy();

        Answer answer = browser.post("/step-up", Map.of());

        assertTrue(answer.header("Secure-Session-Registration").isEmpty());
        assertEquals(names, List.copyOf(browser.cookies().keySet()));
        assertEquals("alice", browser.get("/me").line("user"));
        assertEquals(307, late.get("/me").status(), "The token of before is refused, and a proof brings a new one");
        assertEquals(
                200, renew(late, next.group(2), device.renewal(next.group(1))).status());
        assertEquals("alice", late.get("/me").line("user"));
    }

    @Test
    default void aStepUpOfAnUnboundSessionOffersTheBindingAndAReissueDoesNot() {
        bindingIsOn();
        site().page(
                        "/reissue",
                        (request, response) -> site().used(request)
                                .replaceTokens(
                                        request,
                                        response,
                                        site().tokens
                                                .reissue(SessionFilter.current(request), TokenOptions.defaults())));
        Browser browser = site().browser().signedIn("alice");

        assertTrue(browser.get("/reissue").header("Secure-Session-Registration").isEmpty());
        Answer stepUp = browser.post("/step-up", Map.of());

        assertEquals(
                200,
                register(browser, TestDevice.es256().registration(offered(stepUp)))
                        .status());
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void aSignOutEndsABoundSession() {
        bindingIsOn();
        Browser browser = site().browser();
        bound(browser, TestDevice.es256(), "alice");

        browser.post("/sign-out", Map.of());

        assertEquals(List.of(), site().sessions("alice"));
        assertEquals(Map.of(), browser.cookies());
    }

    @Test
    default void aRenewalEndsNoNewerLoginOfTheBrowser() {
        bindingIsOn();
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher next = bound(browser, device, "alice");
        Map<String, String> former = new LinkedHashMap<>(browser.cookies());
        browser.cookies().clear();
        site().clock.advance(Duration.ofSeconds(1));
        signIn(browser, "bob");
        browser.cookies().putAll(former);

        renew(browser, next.group(2), device.renewal(next.group(1)));

        assertEquals(1, site().sessions("bob").size());
        assertEquals("bob", browser.get("/me").line("user"));
        assertEquals(List.of(), site().sessions("alice"));
    }

    /**
     * A page of another host of the same site can make a browser bind a session of the page's owner. The page passes on
     * the proof, and names the renewal here as its own. The browser then says which page it was.
     */
    @Test
    default void otherOriginsCanNeitherRegisterNorRenew() {
        bindingIsOn();
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        String challenge = offered(signIn(browser, "alice"));
        Browser other = site().browser();
        TestDevice others = TestDevice.es256();
        Matcher next = bound(other, others, "bob");
        String renewal = others.renewal(next.group(1));
        site().counted.reset();
        for (String[] foreign : new String[][] {
            {"Sec-Fetch-Site: cross-site", "Origin: https://evil.example"},
            {"Sec-Fetch-Site: same-site", "Origin: https://evil.site.example"},
            {"Sec-Fetch-Site: cross-site", "Origin: null"}
        }) {
            for (Answer answer : List.of(
                    browser.post(
                            REGISTRATION,
                            Map.of(),
                            foreign[0],
                            foreign[1],
                            "Secure-Session-Response: " + device.registration(challenge)),
                    browser.post(
                            RENEWAL,
                            Map.of(),
                            foreign[0],
                            foreign[1],
                            "Sec-Secure-Session-Id: " + next.group(2),
                            "Secure-Session-Response: " + renewal))) {
                assertEquals(503, answer.status());
                assertEquals(List.of(), answer.setCookies());
                assertEquals("", answer.body());
                assertTrue(answer.header("Access-Control-Allow-Origin").isEmpty());
            }
        }
        assertEquals(0, site().counted.calls());
        assertEquals(200, register(browser, device.registration(challenge)).status());
        assertEquals(200, renew(other, next.group(2), renewal).status());
    }

    /** After a login that came from another site, Chromium registers without cookies, and keeps those of the answer. */
    @Test
    default void aLoginFromAnotherSiteIsBoundWithoutItsCookies() {
        bindingIsOn();
        callbackSignsIn("alice");
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Answer callback = browser.get("/callback", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate");
        List<String> unbound = List.copyOf(browser.cookies().keySet());
        Browser withoutCookies = site().browser();

        Answer answer = register(withoutCookies, device.registration(offered(callback)));

        assertEquals(200, answer.status());
        assertEquals(List.of(), answer.deletedCookies());
        browser.cookies().putAll(withoutCookies.cookies());
        Answer next = browser.get("/me");
        assertEquals("alice", next.line("user"));
        assertEquals(unbound, next.deletedCookies());
        assertEquals(withoutCookies.cookies(), browser.cookies());
        assertEquals(1, site().sessions("alice").size());
        Matcher challenge = challenge(answer);
        assertEquals(
                200,
                renew(browser, challenge.group(2), device.renewal(challenge.group(1)))
                        .status());
    }

    @Test
    default void aCookieThatNeedsAProofKeepsNoOtherSessionFromBeingBound() {
        bindingIsOn();
        callbackSignsIn("alice");
        Browser browser = site().browser();
        bound(browser, TestDevice.es256(), "bob");
        site().clock.advance(Duration.ofMinutes(6));
        Answer callback = site().browser().get("/callback", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate");

        Answer answer = register(browser, TestDevice.es256().registration(offered(callback)));

        assertEquals(200, answer.status());
        assertEquals("alice", browser.get("/me").line("user"));
    }

    /** Scripts can read the offer then, so it must be worth nothing without the cookies. */
    @Test
    default void aLoginThatIsNoNavigationFromAnotherSiteIsBoundWithItsCookiesOnly() {
        bindingIsOn();
        callbackSignsIn("alice");
        for (String[] headers : new String[][] {
            {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"},
            {"Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: navigate"},
            {"Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors"}
        }) {
            Browser browser = site().browser();
            String proof = TestDevice.es256().registration(offered(browser.get("/callback", headers)));

            assertEquals(401, register(site().browser(), proof).status());
            assertEquals(200, register(browser, proof).status());
        }
    }

    /** The registration of the login before arrives after the user has signed in again. */
    @Test
    default void aBrowserWithAnotherSessionKeepsIt() {
        bindingIsOn();
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Browser other = site().browser();
        String challenge = offered(signIn(other, "alice"));
        signIn(browser, "bob");

        Answer answer = register(browser, device.registration(challenge));

        assertEquals(401, answer.status());
        assertEquals(List.of(), answer.setCookies());
        assertEquals("bob", browser.get("/me").line("user"));
        assertFalse(site().sessions("alice").get(0).deviceBound());
    }

    @Test
    default void onlyOneOfTwoRegistrationsAtOnceGetsSomething() throws Exception {
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        bindingIsOn(settings -> settings, events);
        Browser browser = site().browser();
        String challenge = offered(signIn(browser, "alice"));
        Browser thief = browser.copy();
        TestDevice owners = TestDevice.es256();
        TestDevice thiefs = TestDevice.es256();

        List<Answer> answers = Together.call(List.of(
                () -> register(browser, owners.registration(challenge)),
                () -> register(thief, thiefs.registration(challenge))));

        assertEquals(
                List.of(200, 401), answers.stream().map(Answer::status).sorted().toList());
        Answer loser = answers.get(answers.get(0).status() == 401 ? 0 : 1);
        assertEquals(List.of(), loser.setCookies());
        assertEquals("", loser.body());
        assertEquals(2, events.size());
        assertTrue(events.toString().contains("SECOND_BINDING"), events.toString());
    }

    @Test
    default void oddHeadersGetAnAnswerOfTheDraft() {
        bindingIsOn();
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher next = bound(browser, device, "alice");
        String id = "Sec-Secure-Session-Id: " + next.group(2);
        String proof = device.renewal(next.group(1));
        List<String> odd = List.of(
                "\"",
                "\"\"",
                "\"" + proof,
                proof + "\"",
                "\"" + proof + "\"x",
                proof + ";",
                proof + ";a=",
                proof + ";a=\"",
                "\"" + proof + "\\x\"",
                ":" + "YWJj" + ":x y",
                "?1 ?0",
                "(" + proof + ")",
                proof + ", " + proof,
                "\u00e9\u00e9",
                "@@@",
                "1 2",
                "\t;",
                "=",
                ",",
                proof.replace(".", " "),
                "\"caf\u00e9\"");
        for (String value : odd) {
            Answer answer = browser.post(RENEWAL, Map.of(), id, "Secure-Session-Response: " + value);
            assertTrue(List.of(400, 403).contains(answer.status()), value + " gets " + answer);
            Answer other = browser.post(
                    RENEWAL, Map.of(), "Sec-Secure-Session-Id: " + value, "Secure-Session-Response: " + proof);
            assertEquals(400, other.status(), value + " gets " + other);
            browser.post("/me", Map.of(), "Secure-Session-Skipped: " + value);
        }
        String twice = "Secure-Session-Response: " + proof;
        assertEquals(403, browser.post(RENEWAL, Map.of(), id, twice, twice).status());
        assertEquals(400, browser.post(RENEWAL, Map.of(), id, id, twice).status());
        String huge = "Secure-Session-Response: " + "A".repeat(64 * 1024);
        assertTrue(List.of(400, 403, 413, 431)
                .contains(browser.post(RENEWAL, Map.of(), id, huge).status()));
        assertEquals(405, browser.get(RENEWAL, id).status());
        Answer unquoted = browser.post(
                RENEWAL, Map.of(), id + ";a=1;b=\"c\"", "Secure-Session-Response: \"" + proof + "\";x;y=?1");
        assertEquals(200, unquoted.status());
        assertEquals(
                200,
                renew(
                                browser,
                                "\"" + next.group(2) + "\"",
                                device.renewal(challenge(unquoted).group(1)))
                        .status());
    }

    @Test
    default void anOutageIsAnswered503AndUsesNothingUp() {
        bindingIsOn();
        Browser browser = site().browser();
        TestDevice device = TestDevice.es256();
        Matcher next = bound(browser, device, "alice");
        String proof = device.renewal(next.group(1));
        site().store.isDown = true;

        Answer answer = renew(browser, next.group(2), proof);

        assertEquals(503, answer.status());
        assertTrue(answer.header("Retry-After").isPresent());
        site().store.isDown = false;
        assertEquals(200, renew(browser, next.group(2), proof).status());
    }

    @Test
    default void whatABrowserSkippedReachesTheListenersAndRefusesNothing() {
        List<String> events = new ArrayList<>();
        bindingIsOn(settings -> settings, events);
        Browser browser = site().browser();
        Matcher next = bound(browser, TestDevice.es256(), "alice");

        Answer answer = browser.get(
                "/me",
                "Secure-Session-Skipped: quota_exceeded;session_identifier=\"" + next.group(2)
                        + "\", unreachable;session_identifier=\"other\"");

        assertEquals("alice", answer.line("user"));
        assertEquals(List.of("bound", "skipped quota_exceeded by alice"), events);
    }

    /** A framework may have a filter of its own around the permissive one, as the Spring Boot starter does. */
    @Test
    default void whatABrowserSkippedIsReportedOnceAlthoughTheRequestPassesTwoFilters() {
        List<String> events = new ArrayList<>();
        bindingIsOn(settings -> settings, events);
        Browser browser = site().browser();
        Matcher next = bound(browser, TestDevice.es256(), "alice");
        site().otherFilter = site().secondFilter;
        site().page("/both", Site::printUser);

        Answer answer = browser.get(
                "/both", "Secure-Session-Skipped: unreachable;session_identifier=\"" + next.group(2) + "\"");

        assertEquals("alice", answer.line("user"));
        assertEquals(List.of("bound", "skipped unreachable by alice"), events);
    }

    /** Writes down what concerns devices. */
    record Events(List<String> all) implements SessionListener {
        @Override
        public void deviceBound(String userId, Session session) {
            all.add("bound");
        }

        @Override
        public void deviceProofRefused(String userId, Session session, ClientInfo presentedBy, Refusal refusal) {
            all.add(refusal + " by " + presentedBy.userAgent());
        }

        @Override
        public void deviceRenewalSkipped(String userId, String sessionId, String reason) {
            all.add("skipped " + reason + " by " + userId);
        }
    }
}
