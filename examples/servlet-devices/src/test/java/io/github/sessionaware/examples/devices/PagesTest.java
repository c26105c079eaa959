package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final String SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
    private static final Pattern DEVICE = Pattern.compile("href=\"/devices/([^/\"]+)/sign-out\"");
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final Pattern NOTICE = Pattern.compile("action=\"(/notices/[^/]+/dismiss)\"");
    private static final Pattern ANY = Pattern.compile("href=\"/devices/([^/\"]{22,})\"");

    @RegisterExtension
    final TestServer server = new TestServer();

    @Test
    void twoBrowsersSeeEachOtherAndOneSignsOutTheOther() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Browser phone = phone().signedIn("alice");

        String page = laptop.get("/devices").body();
        page = page.substring(page.indexOf("<h1>Your devices"));
        assertTrue(page.indexOf("Firefox on Linux") < page.indexOf("This device"), page);
        assertTrue(page.indexOf("This device") < page.indexOf("Safari on iPhone"), page);
        Matcher device = DEVICE.matcher(page);
        assertTrue(device.find());
        HttpResponse<String> signedOut =
                laptop.submit("/devices", "/devices/" + device.group(1) + "/sign-out", Map.of());
        assertEquals("/devices", location(signedOut));
        assertTrue(laptop.get("/devices").body().contains("Signed out Safari on iPhone."));

        HttpResponse<String> refused = phone.get("/devices");
        assertSignIn("ended=session-ended&returnTo=%2Fdevices", refused);
        assertTrue(phone.get(location(refused)).body().contains("signed out, from another of your devices"));
        String list = laptop.get("/devices").body();
        assertFalse(list.substring(list.indexOf("<h1>Your devices")).contains("Safari on iPhone"));
    }

    @Test
    void theOtherDeviceShowsANewSignInUntilTheUserDismissesIt() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Browser phone = phone().signedIn("alice");

        assertTrue(laptop.get("/").body().contains("<b>New sign-in</b> on <bdi>Safari on iPhone</bdi>"));
        assertFalse(phone.get("/").body().contains("New sign-in"));
        Matcher notice = NOTICE.matcher(laptop.get("/").body());
        assertTrue(notice.find());
        assertEquals("/", location(laptop.submit("/", notice.group(1), Map.of("returnTo", "/"))));
        assertTrue(laptop.get("/").body().contains("Thanks for confirming that it was you on Safari on iPhone."));
        assertFalse(laptop.get("/").body().contains("New sign-in"));
    }

    @Test
    void aDeviceCanBeRenamedAndItsNameIsEscaped() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Matcher device = ANY.matcher(laptop.get("/devices").body());
        assertTrue(device.find());
        String path = "/devices/" + device.group(1) + "/rename";

        laptop.submit("/devices", path, Map.of("label", "<script>alert(1)</script>'\""));
        String page = laptop.get("/devices").body();
        assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&#39;&quot;"), page);
        assertFalse(page.contains("<script>alert"), page);

        assertEquals(
                400,
                laptop.submit("/devices", path, Map.of("label", "x".repeat(65))).statusCode());
        laptop.submit("/devices", path, Map.of("label", " "));
        assertTrue(laptop.get("/devices").body().contains("Firefox on Linux"));
    }

    @Test
    void aUserAgentIsEscaped() throws Exception {
        Browser odd = new Browser(server.port(), "<script>alert(1)</script>\"'" + "x".repeat(4_000)).signedIn("alice");

        assertFalse(odd.get("/devices").body().contains("<script>alert"));
    }

    @Test
    void allOtherDevicesAreSignedOutAfterAConfirmation() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Browser phone = phone().signedIn("alice");
        Browser bobs = phone().signedIn("bob");

        assertTrue(laptop.get("/devices/others").body().contains("Sign out all other devices?"));
        assertEquals(200, phone.get("/devices").statusCode());
        laptop.submit("/devices/others", "/devices/others", Map.of());

        assertSignIn("ended=session-ended&returnTo=%2Fdevices", phone.get("/devices"));
        assertEquals(200, laptop.get("/devices").statusCode());
        assertEquals(200, bobs.get("/devices").statusCode());
    }

    @Test
    void signOutEndsTheSessionAndRemovesTheCookies() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Map<String, String> copied = new TreeMap<>(laptop.cookies());

        assertSignIn("signed-out", laptop.submit("/", "/sign-out", Map.of()));
        assertEquals(Map.of(), laptop.cookies());

        Browser thief = laptop();
        thief.cookies().putAll(copied);
        assertSignIn("ended=session-ended&returnTo=%2F", thief.get("/"));
    }

    @Test
    void aPasswordChangeSignsOutAllOtherDevices() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Browser phone = phone().signedIn("alice");
        String next = "another-demo-password";

        assertEquals(403, password(laptop, "wrong", next).statusCode());
        assertEquals(400, password(laptop, Users.DEMO.get("alice"), "short").statusCode());
        assertEquals(200, phone.get("/").statusCode());
        assertEquals(303, password(laptop, Users.DEMO.get("alice"), next).statusCode());

        assertSignIn("ended=session-ended&returnTo=%2F", phone.get("/"));
        assertEquals(200, laptop.get("/").statusCode());
        assertEquals(
                401,
                phone.post("/sign-in", Map.of("user", "alice", "password", Users.DEMO.get("alice")))
                        .statusCode());
        assertEquals(
                303,
                phone.post("/sign-in", Map.of("user", "alice", "password", next))
                        .statusCode());
    }

    @Test
    void aFormThatWasOpenDuringAPasswordChangeStillWorks() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        String open = csrfToken(laptop);

        password(laptop, Users.DEMO.get("alice"), "another-demo-password");

        assertEquals(303, laptop.post("/devices/others", Map.of("csrf", open)).statusCode());
    }

    /** Otherwise a late request of one tab would sign out the browser that has just changed the password. */
    @Test
    void theTokensFromBeforeAPasswordChangeAreRefusedWithoutDeletingTheCookies() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Browser late = laptop();
        late.cookies().putAll(laptop.cookies());
        Map<String, String> before = new TreeMap<>(late.cookies());

        password(laptop, Users.DEMO.get("alice"), "another-demo-password");

        assertSignIn("returnTo=%2F", late.get("/"));
        assertEquals(before, late.cookies());
        before.remove(late.cookie("access"));
        assertSignIn("returnTo=%2F", late.withoutAccessToken().get("/"));
        assertEquals(before, late.cookies());
        assertEquals(200, laptop.get("/").statusCode());
    }

    @Test
    void anAccessTokenOfAReplacedKeyIsRefreshed() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        String good = laptop.cookies().get(laptop.cookie("access"));
        String ofAnotherKey = good.substring(0, good.lastIndexOf('.') + 1) + "A".repeat(43);
        laptop.cookies().put(laptop.cookie("access"), ofAnotherKey);

        assertEquals(200, laptop.get("/").statusCode());
        assertNotEquals(ofAnotherKey, laptop.cookies().get(laptop.cookie("access")));
    }

    @Test
    void withoutAnAccessTokenTheFilterRefreshesAndTwoTabsGetTheSameTokens() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        laptop.withoutAccessToken();
        Browser otherTab = laptop();
        otherTab.cookies().putAll(laptop.cookies());

        assertEquals(200, laptop.get("/").statusCode());
        assertEquals(200, otherTab.get("/").statusCode());

        assertEquals(
                laptop.cookies().get(laptop.cookie("refresh")),
                otherTab.cookies().get(otherTab.cookie("refresh")));
        assertEquals(200, laptop.get("/").statusCode());
    }

    @Test
    void aFormWithoutItsTokenOrFromAnotherOriginIsRefused() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        phone().signedIn("alice");

        assertEquals(403, laptop.post("/devices/others", Map.of()).statusCode());
        assertEquals(403, laptop.post("/devices/others", Map.of("csrf", "AAAA")).statusCode());
        assertEquals(
                403,
                laptop.post(
                                "/sign-in",
                                Map.of("user", "bob", "password", Users.DEMO.get("bob")),
                                "Origin",
                                "https://attacker.example")
                        .statusCode());
        assertEquals(
                403,
                laptop.post(
                                "/sign-in",
                                Map.of("user", "bob", "password", Users.DEMO.get("bob")),
                                "Sec-Fetch-Site",
                                "cross-site")
                        .statusCode());
        assertTrue(laptop.get("/devices").body().contains("Safari on iPhone"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sign-out",
                "/devices/others",
                "/devices/%s/sign-out",
                "/devices/%s/rename",
                "/notices/%s/dismiss"
            })
    void aFormFromAnotherOriginIsRefusedEvenWithTheRightToken(String form) throws Exception {
        Browser laptop = laptop().signedIn("alice");
        phone().signedIn("alice");
        Matcher device = DEVICE.matcher(laptop.get("/devices").body());
        assertTrue(device.find());
        String path = form.formatted(device.group(1));
        Map<String, String> fields =
                Map.of("label", "x", "current", Users.DEMO.get("alice"), "next", "another-password");

        for (String[] foreign : new String[][] {
            {"Origin", "null"},
            {"Origin", "http://evil-localhost:" + server.port()},
            {"Origin", "https://localhost:" + server.port()},
            {"Sec-Fetch-Site", "same-site"},
            {"Sec-Fetch-Site", "cross-site"}
        }) {
            assertEquals(403, laptop.submit("/devices", path, fields, foreign).statusCode(), foreign[1]);
        }
        assertEquals(403, laptop.post(path, fields).statusCode());
        String page = laptop.get("/devices").body();
        assertTrue(page.contains("Safari on iPhone") && page.contains("New sign-in"), page);
    }

    @Test
    void aFormTokenOfAnotherSessionIsRefused() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        String ofTheOther = csrfToken(phone().signedIn("alice"));

        assertEquals(
                403, laptop.post("/devices/others", Map.of("csrf", ofTheOther)).statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sign-out",
                "/notices/AAAAAAAAAAAAAAAAAAAAAAAA/dismiss",
                "/devices/AAAAAAAAAAAAAAAAAAAAAAAA/rename"
            })
    void aGetRequestChangesNothing(String path) throws Exception {
        Browser laptop = laptop().signedIn("alice");

        HttpResponse<String> answer = laptop.get(path);

        assertEquals(405, answer.statusCode());
        assertEquals("POST", answer.headers().firstValue("Allow").orElseThrow());
        assertEquals(200, laptop.get("/").statusCode());
    }

    @Test
    void aDeviceOfAnotherUserOrOneThatIsGoneLeadsToTheListLikeAnUnknownOne() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Browser bob = phone().signedIn("bob");
        Matcher bobs = ANY.matcher(bob.get("/devices").body());
        assertTrue(bobs.find());
        Browser gone = phone().signedIn("alice");
        Matcher formers = DEVICE.matcher(laptop.get("/devices").body());
        assertTrue(formers.find());
        gone.submit("/", "/sign-out", Map.of());

        for (String id : List.of(bobs.group(1), formers.group(1), "A".repeat(24), "x")) {
            for (String what : List.of("/sign-out", "/rename")) {
                assertLeadsToTheList(
                        laptop, laptop.submit("/password", "/devices/" + id + what, Map.of("label", "mine")));
            }
            assertLeadsToTheList(laptop, laptop.get("/devices/" + id));
            assertLeadsToTheList(laptop, laptop.get("/devices/" + id + "/sign-out"));
        }
        assertEquals(200, bob.get("/devices").statusCode());
        assertFalse(bob.get("/devices").body().contains("mine"));
    }

    private static void assertLeadsToTheList(Browser browser, HttpResponse<String> answer) throws Exception {
        assertEquals(303, answer.statusCode());
        assertEquals("/devices", location(answer));
        assertTrue(browser.get("/devices").body().contains("That device was already signed out."));
        assertFalse(browser.get("/devices").body().contains("already signed out"));
    }

    @Test
    void aPathThatNamesNothingIsNotFound() throws Exception {
        Browser laptop = laptop().signedIn("alice");

        for (String path : List.of("/nothing", "/static/../secrets", "/devices/%3Cscript%3E", "/devices/x/y")) {
            HttpResponse<String> answer = laptop.get(path);
            assertEquals(404, answer.statusCode(), path);
            assertTrue(answer.body().contains("<h1>Page not found</h1>"), path);
        }
    }

    @Test
    void theSessionsOfAGroupAreSignedOutTogetherAndNoOthers() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Browser first = phone().signedIn("alice");
        Browser second = phone().signedIn("alice");
        Browser tablet = new Browser(server.port(), PageStates.EDGE).signedIn("alice");
        String list = laptop.get("/devices").body();
        Matcher all =
                Pattern.compile("href=\"(/devices/[^/]+/sign-out)\\?all=yes\"").matcher(list);
        assertTrue(list.contains("2 sessions") && all.find(), list);

        Matcher also = Pattern.compile("name=\"also\" value=\"([^\"]+)\"")
                .matcher(laptop.get(all.group(1) + "?all=yes").body());
        assertTrue(also.find());
        Browser later = phone().signedIn("alice");
        laptop.submit("/devices", all.group(1), Map.of("also", also.group(1)));

        assertTrue(laptop.get("/devices").body().contains("Signed out Safari on iPhone (2 sessions)."));
        assertSignIn("ended=session-ended&returnTo=%2F", first.get("/"));
        assertSignIn("ended=session-ended&returnTo=%2F", second.get("/"));
        assertEquals(200, later.get("/").statusCode());
        assertEquals(200, tablet.get("/").statusCode());
    }

    @Test
    void aConfirmationNamesTheDeviceAndEndsNothingByItself() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Browser phone = phone().signedIn("alice");
        Matcher device = DEVICE.matcher(laptop.get("/devices").body());
        assertTrue(device.find());

        HttpResponse<String> page = laptop.get("/devices/" + device.group(1) + "/sign-out");

        assertTrue(page.body().contains("<h1>Sign out Safari on iPhone?</h1>"), page.body());
        assertEquals(200, phone.get("/").statusCode());
    }

    @Test
    void aNameThatASessionGivesItselfDoesNotHideTheDevice() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Browser thief = new Browser(server.port(), PageStates.EDGE).signedIn("alice");
        Matcher device = DEVICE.matcher(laptop.get("/devices").body());
        assertTrue(device.find());
        String path = "/devices/" + device.group(1);

        thief.submit("/devices", path + "/rename", Map.of("label", "kitchen tablet"));

        String list = laptop.get("/devices").body();
        assertTrue(list.contains("<bdi>kitchen tablet</bdi> <span class=\"made-by\">· Edge on Windows</span>"), list);
        assertTrue(list.contains("aria-label=\"Sign out kitchen tablet · Edge on Windows\""), list);
        assertTrue(laptop.get(path + "/sign-out").body().contains("Sign out kitchen tablet · Edge on Windows?"));
        laptop.submit("/devices", path + "/sign-out", Map.of());
        assertTrue(laptop.get("/devices").body().contains("Signed out kitchen tablet · Edge on Windows."));
    }

    @Test
    void addressesAndUserAgentsAreOnThePageOfADeviceOnly() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        String list = laptop.get("/devices").body();
        Matcher device = ANY.matcher(list);
        assertTrue(device.find());

        assertFalse(list.contains("127.0.0") || list.contains("Mozilla"), list);
        assertTrue(list.contains("Unknown location"), list);
        String page = laptop.get("/devices/" + device.group(1)).body();
        assertTrue(page.contains("127.0.0") && page.contains(FIREFOX), page);
    }

    /** Otherwise a link could claim that all other devices are signed out. */
    @Test
    void onlyAFormOfThisSiteCausesAMessageAndOddCookiesCauseNone() throws Exception {
        Browser laptop = laptop().signedIn("alice");

        for (String value :
                List.of("x", ".", "SIGNED_OUT", "SIGNED_OUT.=", "SIGNED_OUT." + "A".repeat(4_000), "Y.eA", "é")) {
            laptop.cookies().put("__Host-outcome", value);
            HttpResponse<String> answer = laptop.get("/devices");
            assertEquals(200, answer.statusCode(), value);
            assertFalse(answer.body().contains("role=\"status\""), value);
        }
        assertFalse(laptop.get("/devices?done=others").body().contains("role=\"status\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "\"", "eyJ", "=", "é"})
    void malformedCookiesLeadToTheSignInPage(String value) throws Exception {
        Browser laptop = laptop();
        laptop.cookies().put("__Host-session-access-mi3k2x9a-AAAAAAAAAA", value);
        laptop.cookies().put("__Host-session-refresh-mi3k2x9a-AAAAAAAAAA", value);

        HttpResponse<String> answer = laptop.get("/devices");

        assertEquals(303, answer.statusCode());
        assertEquals("/sign-in?returnTo=%2Fdevices", location(answer));
    }

    @Test
    void anOutageIsAnsweredWith503AndKeepsTheCookies() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Map<String, String> before = new TreeMap<>(laptop.cookies());

        server.takeStoreAway();
        HttpResponse<String> answer = laptop.get("/devices");
        assertEquals(503, answer.statusCode());
        assertEquals("5", answer.headers().firstValue("Retry-After").orElseThrow());
        assertTrue(answer.body().contains("still signed in"), answer.body());
        assertEquals(before, laptop.cookies());
        assertEquals(
                503,
                phone().post("/sign-in", Map.of("user", "alice", "password", Users.DEMO.get("alice")))
                        .statusCode());

        server.giveStoreBack();
        assertEquals(200, laptop.get("/devices").statusCode());
    }

    /** Otherwise the user would have a new password, while a stolen session stays alive. */
    @Test
    void thePasswordStaysIfTheOtherSessionsCannotBeEnded() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        Browser phone = phone().signedIn("alice");

        server.takeWritesAway();
        assertEquals(
                503,
                password(laptop, Users.DEMO.get("alice"), "another-password").statusCode());
        server.giveStoreBack();

        assertEquals(
                303,
                password(laptop, Users.DEMO.get("alice"), "another-password").statusCode());
        assertSignIn("ended=session-ended&returnTo=%2Fdevices", phone.get("/devices"));
    }

    @Test
    void aSecondSignInWithoutAnAccessTokenReplacesTheSession() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        laptop.withoutAccessToken();
        laptop.signedIn("alice");

        assertTrue(laptop.get("/devices").body().contains("You aren't signed in anywhere else."));
    }

    @Test
    void duplicateCookiesAreIgnored() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        laptop.cookies().put("x=1; " + laptop.cookie("access"), laptop.cookies().get(laptop.cookie("access")));
        laptop.cookies()
                .put("y=1; " + laptop.cookie("refresh"), laptop.cookies().get(laptop.cookie("refresh")));

        assertEquals(303, laptop.get("/devices").statusCode());
    }

    @Test
    void everyResponseHasTheSecurityHeaders() throws Exception {
        Browser laptop = laptop().signedIn("alice");
        for (String path : List.of("/", "/devices", "/sign-in", "/nothing", "/static/page.css", "/api/openapi.json")) {
            Map<String, List<String>> headers = laptop.get(path).headers().map();
            assertTrue(headers.get("content-security-policy").get(0).startsWith("default-src 'none'"), path);
            assertEquals(List.of("nosniff"), headers.get("x-content-type-options"), path);
        }
        assertEquals(
                "no-store",
                laptop.get("/devices").headers().firstValue("Cache-Control").orElseThrow());
    }

    private static String csrfToken(Browser browser) throws Exception {
        Matcher token = CSRF.matcher(browser.get("/").body());
        assertTrue(token.find());
        return token.group(1);
    }

    private HttpResponse<String> password(Browser browser, String current, String next) throws Exception {
        return browser.submit("/password", "/password", Map.of("current", current, "next", next));
    }

    private static void assertSignIn(String why, HttpResponse<String> answer) {
        assertEquals(303, answer.statusCode());
        assertEquals("/sign-in?" + why, location(answer));
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private Browser laptop() {
        return new Browser(server.port(), FIREFOX);
    }

    private Browser phone() {
        return new Browser(server.port(), SAFARI);
    }
}
