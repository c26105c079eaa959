package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.TestService;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a user lives through with several tabs, several devices, and a thief. */
class StoriesTest {
    private static final String PASSWORD = Users.DEMO.get("alice");
    private static final String NEXT = "another-demo-password";
    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final String SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
    private static final Pattern SESSION = Pattern.compile("href=\"/devices/([^/\"]{22,})\"");
    private static final Pattern NOTICE = Pattern.compile("action=\"/notices/([^/]+)/dismiss\"");

    private final FakeClock clock = new FakeClock(TestService.START);

    @RegisterExtension
    final TestServer server = new TestServer(clock);

    @Test
    void aLateAnswerLeavesTheCookiesOfAPasswordChangeAlone() throws Exception {
        Browser browser = laptop().signedIn("alice");
        Browser slowTab = browser.tab();
        Browser refreshingTab = browser.tab().withoutAccessToken();

        HttpResponse<String> refreshed = refreshingTab.get("/");
        assertEquals(303, changePassword(browser).statusCode());
        HttpResponse<String> refused = slowTab.get("/");
        browser.receive(refused);
        browser.receive(refreshed);

        assertEquals(200, browser.get("/").statusCode());
        assertEquals(1, sessions(browser).size());
        assertEquals(2, browser.cookies().size());
    }

    @Test
    void aLateAnswerLeavesTheCookiesOfANewSignInAlone() throws Exception {
        Browser browser = laptop().signedIn("alice");
        Browser slowTab = browser.tab();
        HttpResponse<String> refreshed = browser.tab().withoutAccessToken().get("/");

        browser.signedIn("alice");
        browser.receive(slowTab.get("/"));
        browser.receive(refreshed);

        assertEquals(200, browser.get("/").statusCode());
        assertEquals(1, sessions(browser).size());
        assertEquals(2, browser.cookies().size());
    }

    @Test
    void aDoubleClickOnSignInLeavesOneSession() throws Exception {
        Browser browser = laptop();
        Map<String, String> form = browser.fields("/sign-in");
        form.putAll(Map.of("user", "alice", "password", PASSWORD));

        Browser cancelled = browser.tab();
        assertEquals(303, cancelled.post("/sign-in", form).statusCode());
        clock.advance(Duration.ofMillis(200));
        assertEquals(303, browser.post("/sign-in", form).statusCode());

        assertEquals(1, sessions(browser).size());
    }

    @Test
    @Tag("thorough")
    void noSignInWithTheOldPasswordSurvivesItsChange() throws Exception {
        Browser owner = laptop().signedIn("alice");
        ExecutorService pool = Executors.newFixedThreadPool(3);
        String current = PASSWORD;
        try {
            for (int attempt = 0; attempt < 200; attempt++) {
                clock.advance(Duration.ofMinutes(1)); // so that nobody tries too often
                String old = current;
                String next = "password number " + attempt;
                List<Future<HttpResponse<String>>> logins = new ArrayList<>();
                Callable<HttpResponse<String>> form =
                        () -> phone().post("/sign-in", Map.of("user", "alice", "password", old));
                Callable<HttpResponse<String>> json = () -> phone().json("/api/login", "alice", old);
                Map<String, String> change = owner.fields("/password");
                change.putAll(Map.of("current", old, "next", next));
                logins.add(pool.submit(form));
                logins.add(pool.submit(json));
                assertEquals(303, owner.post("/password", change).statusCode(), "attempt " + attempt);
                for (Future<HttpResponse<String>> login : logins) {
                    login.get();
                }
                assertEquals(1, sessions(owner).size(), "attempt " + attempt);
                current = next;
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void twoNewSignInsAreTwoNoticesAndNoThiefDismissesHisOwn() throws Exception {
        Browser owner = laptop().signedIn("alice");
        clock.advance(Duration.ofSeconds(1));
        Browser thief = phone().signedIn("alice");
        clock.advance(Duration.ofSeconds(1));
        Browser again = new Browser(server.port(), "okhttp/4.12.0").signedIn("alice");

        List<String> notices = notices(owner);
        assertEquals(2, notices.size());
        assertEquals(List.of(notices.get(1)), notices(thief));
        assertTrue(again.get("/").body().contains("New sign-in"));
        assertEquals(List.of(), notices(again));
        for (String notice : notices) {
            again.submit("/", "/notices/" + notice + "/dismiss", Map.of());
        }
        thief.submit("/", "/notices/" + notices.get(0) + "/dismiss", Map.of());
        thief.submit("/", "/sign-out", Map.of());
        again.submit("/", "/sign-out", Map.of());

        assertEquals(notices, notices(owner));
        owner.submit("/", "/notices/" + notices.get(0) + "/dismiss", Map.of());
        assertEquals(List.of(notices.get(1)), notices(owner));
    }

    @Test
    void theSignOutOfADeviceThatIsAlreadyGoneLeadsBackToTheList() throws Exception {
        Browser owner = laptop().signedIn("alice");
        Browser phone = phone().signedIn("alice");
        String gone = sessions(phone).get(0);
        phone.submit("/", "/sign-out", Map.of());

        HttpResponse<String> answer = owner.submit("/devices", "/devices/" + gone + "/sign-out", Map.of());

        assertEquals("/devices", location(answer));
        assertMessage("That device was already signed out.", owner);
    }

    @Test
    void endingOtherSessionsAsksForThePasswordAgain() throws Exception {
        Browser owner = laptop().signedIn("alice");
        phone().signedIn("alice");
        clock.advance(PagesServlet.RECENT.plusMillis(1));

        HttpResponse<String> asked = owner.submit("/devices", "/devices/others", Map.of());
        assertEquals("/confirm?returnTo=%2Fdevices", location(asked));
        assertEquals(2, sessions(owner).size());

        Map<String, String> form = owner.fields(location(asked));
        form.put("password", "wrong");
        assertEquals(401, owner.post("/confirm", form).statusCode());
        form.put("password", PASSWORD);
        assertEquals("/devices", location(owner.post("/confirm", form)));
        assertEquals("/devices", location(owner.submit("/devices", "/devices/others", Map.of())));
        assertMessage("All other devices are signed out.", owner);
        assertEquals(1, sessions(owner).size());
    }

    @Test
    void aThiefWhoEndsEachSessionOfTheOwnerCannotKeepHimFromChangingThePassword() throws Exception {
        Browser owner = laptop().signedIn("alice");
        Browser thief = phone().signedIn("alice");
        Map<String, String> form = owner.fields("/password");
        thief.submit("/devices", "/devices/others", Map.of());

        form.putAll(Map.of("user", "alice", "current", PASSWORD, "next", NEXT));
        HttpResponse<String> changed = owner.post("/password", form);

        assertEquals("/devices", location(changed));
        assertMessage("Your password is changed, and all other devices are signed out.", owner);
        assertEquals(1, sessions(owner).size());
        assertEquals("/sign-in?ended=session-ended&returnTo=%2F", location(thief.get("/")));
        assertEquals(
                401,
                thief.post("/sign-in", Map.of("user", "alice", "password", PASSWORD))
                        .statusCode());
    }

    @Test
    void aSessionThatEndsInTheMiddleOfAFormLeadsToSignInAndBack() throws Exception {
        Browser owner = laptop().signedIn("alice");
        String session = sessions(owner).get(0);
        Map<String, String> form = owner.fields("/devices?x=1");
        phone().signedIn("alice").submit("/devices", "/devices/others", Map.of());

        HttpResponse<String> answer = owner.post(
                "/devices/" + session + "/rename",
                form,
                "Referer",
                "http://localhost:" + server.port() + "/devices?x=1");
        assertEquals("/sign-in?ended=session-ended&returnTo=%2Fdevices%3Fx%3D1", location(answer));

        Map<String, String> signIn = owner.fields(location(answer));
        signIn.putAll(Map.of("user", "alice", "password", PASSWORD));
        assertEquals("/devices?x=1", location(owner.post("/sign-in", signIn)));
    }

    @Test
    void aSignInThroughAnotherHostNameIsRefused() throws Exception {
        Map<String, String> form = Map.of("user", "alice", "password", PASSWORD);

        for (String origin : List.of("http://127.0.0.1:", "http://evil.localhost:", "https://localhost:")) {
            HttpResponse<String> answer =
                    laptop().post("/sign-in", form, "Origin", origin + server.port(), "Sec-Fetch-Site", "same-origin");
            assertEquals(403, answer.statusCode(), origin);
        }
    }

    @Test
    void anotherSiteCanTryNoPassword() throws Exception {
        Map<String, String> form = Map.of("user", "alice", "current", PASSWORD, "next", NEXT);

        for (int attempt = 0; attempt < 20; attempt++) {
            assertEquals(
                    403,
                    phone().post("/password", form, "Sec-Fetch-Site", "cross-site")
                            .statusCode());
        }

        laptop().signedIn("alice");
    }

    @Test
    void aPasswordFormThatIsSentTwiceSignsNobodyOut() throws Exception {
        Browser owner = laptop().signedIn("alice");
        Map<String, String> form = owner.fields("/password");
        form.putAll(Map.of("current", PASSWORD, "next", NEXT));
        Browser second = owner.tab();

        assertEquals(303, owner.post("/password", form).statusCode());
        assertEquals(403, second.post("/password", form).statusCode());

        assertEquals(200, owner.get("/").statusCode());
    }

    private HttpResponse<String> changePassword(Browser browser) throws Exception {
        return browser.submit("/password", "/password", Map.of("current", PASSWORD, "next", NEXT));
    }

    private static List<String> sessions(Browser browser) throws Exception {
        return all(SESSION, browser.get("/devices"));
    }

    private static List<String> notices(Browser browser) throws Exception {
        return all(NOTICE, browser.get("/"));
    }

    private static List<String> all(Pattern pattern, HttpResponse<String> page) {
        assertEquals(200, page.statusCode());
        return pattern.matcher(page.body())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static void assertMessage(String sentence, Browser browser) throws Exception {
        String page = browser.get("/devices").body();
        assertTrue(page.contains(sentence), page);
    }

    private static String location(HttpResponse<String> answer) {
        assertEquals(303, answer.statusCode());
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private Browser laptop() {
        return new Browser(server.port(), FIREFOX);
    }

    private Browser phone() {
        return new Browser(server.port(), SAFARI);
    }
}
