package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.github.sessionaware.testing.FakeClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;

/** The pages in real browsers. Screenshots go to {@code target/screenshots}. */
class DevicesInBrowsersTest {
    private static final String IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final List<String> PAGES = List.of("/", "/devices", "/devices/others", "/password", "/nothing");

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-20T09:00:00Z"));
    private final List<Chromium> opened = new ArrayList<>();

    @RegisterExtension
    final TestServer server = new TestServer(Places.clients(), clock);

    @AfterEach
    void closeBrowsers() throws Exception {
        for (Chromium browser : opened) {
            browser.close();
        }
    }

    @Test
    void oneBrowserSignsOutTheOtherWhoseNextClickLeadsToSignIn() throws Exception {
        Chromium laptop = browser().signIn("alice");
        Chromium phone = browser().withUserAgent(IPHONE).signIn("alice");

        laptop.open("/devices").click("Sign out Safari on iPhone");
        laptop.expectNoText("Safari on iPhone");

        phone.click("Your devices").expectPath("/sign-in?why=elsewhere");
        phone.expectText("This device was signed out: from another device");
        assertEquals(
                List.of("__Host-known"),
                phone.cookies().stream().map(Cookie::getName).toList());
    }

    @Test
    void allOtherDevicesAreSignedOutAfterAConfirmation() throws Exception {
        Chromium laptop = browser().signIn("alice");
        Chromium phone = browser().withUserAgent(IPHONE).signIn("alice");

        laptop.open("/devices").click("Sign out all").expectPath("/devices/others");
        laptop.click("Cancel").expectPath("/devices");
        phone.open("/devices").expectPath("/devices");
        laptop.click("Sign out all").click("Yes, sign them out").expectPath("/devices");

        phone.click("Home").expectPath("/sign-in?why=elsewhere");
        laptop.expectText("You are signed in nowhere else.");
    }

    @Test
    void aPasswordChangeEndsTheOtherSessions() throws Exception {
        Chromium laptop = browser().signIn("alice");
        Chromium phone = browser().withUserAgent(IPHONE).signIn("alice");

        laptop.open("/password")
                .type(By.id("current"), Users.DEMO.get("alice"))
                .type(By.id("next"), "another-password")
                .click("Change it")
                .expectPath("/devices");

        phone.click("Home").expectPath("/sign-in?why=elsewhere");
        phone.expectText("your password was changed");
    }

    @Test
    void twoTabsCanRefreshAtTheSameTime() throws Exception {
        Chromium laptop = browser().signIn("alice");
        for (int round = 0; round < 5; round++) {
            clock.advance(Duration.ofMinutes(16));
            String before = accessToken(laptop);

            assertEquals(List.of("/devices", "/devices"), laptop.loadInTwoTabs("/devices"));
            assertNotEquals(before, accessToken(laptop));
        }
        clock.advance(Duration.ofMinutes(1));
        laptop.open("/").expectPath("/");
    }

    @Test
    void afterSigningOutTheBackButtonShowsNothingPrivate() throws Exception {
        Chromium laptop = browser().signIn("alice").click("Your devices").expectPath("/devices");

        laptop.click("Sign out").expectPath("/sign-in?why=signed-out");
        laptop.back();

        laptop.expectNoText("Chrom");
        assertTrue(laptop.path().startsWith("/sign-in"), laptop.path());
    }

    @Test
    void theSessionContinuesWithoutTheAccessTokenButNotWithoutBothTokens() throws Exception {
        Chromium laptop = browser().signIn("alice");

        laptop.forgetCookie("__Host-access").open("/devices").expectPath("/devices");
        laptop.forgetCookie("__Host-access")
                .forgetCookie("__Host-refresh")
                .open("/devices")
                .expectPath("/sign-in?why=not");
    }

    @Test
    void scriptsCannotReadTheCookiesAndOnlyThisHostGetsThem() throws Exception {
        Chromium laptop = browser().signIn("alice");

        assertEquals("", laptop.script("return document.cookie"));
        assertEquals(3, laptop.cookies().size());
        laptop.cookies().forEach(cookie -> {
            assertTrue(cookie.getName().startsWith("__Host-"), cookie.getName());
            assertTrue(cookie.isSecure() && cookie.isHttpOnly(), cookie.getName());
            assertEquals("Lax", cookie.getSameSite());
            assertEquals("/", cookie.getPath());
            assertEquals("localhost", cookie.getDomain());
        });
    }

    @Test
    void aFormOfAnotherSiteDoesNothing() throws Exception {
        Chromium laptop = browser().signIn("alice");
        HttpServer evil =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        evil.createContext("/", exchange -> {
            byte[] page = """
                    <form id="f" method="post" action="http://localhost:%d/sign-out"></form>
                    <script>document.getElementById("f").submit()</script>
                    """.formatted(server.port()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        evil.start();
        try {
            // The browser sends no cookies with a form of another site. So this ends at sign-in, and the session lives.
            laptop.openElsewhere("http://127.0.0.1:" + evil.getAddress().getPort() + "/")
                    .expectPath("/sign-in?why=not");
        } finally {
            evil.stop(0);
        }
        laptop.open("/devices").expectPath("/devices");
    }

    @Test
    void userAgentsAndLabelsAreShownAndNeverRun() throws Exception {
        new Browser(server.port(), "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>")
                .signedIn("alice");
        Chromium laptop = browser().signIn("alice").open("/devices");
        laptop.click("Rename").type(By.cssSelector("details[open] [name=label]"), "<b>\"my\" 'laptop' & more</b>");
        laptop.click("Save").expectPath("/devices");

        laptop.expectText("<b>\"my\" 'laptop' & more</b>");
        assertEquals(0L, laptop.script("return document.querySelectorAll('main img, main script, main b').length"));
        assertEquals("Your devices · Shop", laptop.script("return document.title"));
    }

    @Test
    void theBrowserConsoleStaysEmpty() throws Exception {
        Chromium laptop = browser().signIn("alice");
        for (String path : PAGES.subList(0, 4)) {
            laptop.open(path);
        }
        laptop.open("/devices").click("Sign out").expectPath("/sign-in?why=signed-out");

        assertEquals(List.of(), laptop.complaints());
    }

    @Test
    void everythingWorksWithoutScripts() throws Exception {
        Chromium laptop = opened(Chromium.withoutScripts(server.port())).signIn("alice");
        new Browser(server.port(), IPHONE).signedIn("alice");

        laptop.open("/devices").click("Rename");
        laptop.type(By.cssSelector("details[open] [name=label]"), "kitchen").click("Save");
        laptop.expectText("kitchen");
        laptop.click("Sign out Safari on iPhone").expectPath("/devices");
        laptop.expectNoText("Safari");
        laptop.click("Sign out").expectPath("/sign-in?why=signed-out");
    }

    @Test
    void everythingCanBeReachedByKeyboard() throws Exception {
        new Browser(server.port(), IPHONE).signedIn("alice");
        Chromium laptop = browser().open("/sign-in");

        laptop.press("alice", Keys.TAB);
        laptop.press(Users.DEMO.get("alice"), Keys.ENTER);
        laptop.expectPath("/").tabTo("Your devices").press(Keys.ENTER);
        laptop.expectPath("/devices").tabTo("Sign out Safari on iPhone").press(Keys.ENTER);

        laptop.expectPath("/devices");
        laptop.expectNoText("Safari");
    }

    @Test
    void exactTimesAreInTheTimeZoneOfTheVisitor() throws Exception {
        String title = "return document.querySelector('main time').title";

        Chromium scripts = browser().inZone("Asia/Tokyo").signIn("alice").open("/devices");
        String shown = scripts.script(title).toString();
        assertTrue(shown.contains("6:00:00") && !shown.contains("UTC"), shown);

        Chromium none =
                opened(Chromium.withoutScripts(server.port())).signIn("alice").open("/devices");
        assertEquals("20 Nov 2026, 09:00:00 UTC", none.script(title));
    }

    @Test
    void anOutageKeepsTheUserSignedIn() throws Exception {
        Chromium laptop = browser().signIn("alice");

        server.takeStoreAway();
        laptop.open("/devices");
        laptop.expectText("You are still signed in");
        assertEquals(3, laptop.cookies().size());

        server.giveStoreBack();
        laptop.open("/devices").expectPath("/devices");
        laptop.expectText("This device");
    }

    @Test
    void allPagesAreAccessibleAndFitLightDarkAndPhone() throws Exception {
        clock.set(Instant.parse("2026-11-20T09:00:00Z"));
        proxied("198.51.100.7", "okhttp/4.12.0");
        clock.set(Instant.parse("2026-11-23T07:41:00Z"));
        proxied("192.0.2.81", IPHONE);
        clock.set(Instant.parse("2026-11-25T09:12:00Z"));
        Chromium laptop = browser()
                .from("203.0.113.9")
                .withUserAgent(FIREFOX)
                .ofWidth(1000, 940)
                .signIn("alice");
        clock.set(Instant.parse("2026-11-25T11:58:00Z"));
        proxied(
                "203.0.113.40",
                "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
                        + " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1");
        clock.set(Instant.parse("2026-11-25T12:00:00Z"));

        check(laptop, "light");
        check(laptop.dark(), "dark");
        Chromium phone = browser().from("203.0.113.40").withUserAgent(IPHONE).ofWidth(390, 844);
        check(phone.signIn("alice"), "phone");
        check(phone.dark(), "phone-dark");
        phone.open("/").click("Sign out").expectPath("/sign-in?why=signed-out");
        laptop.open("/").click("Sign out").expectPath("/sign-in?why=signed-out");
        check(phone, List.of("/sign-in?why=elsewhere"), "phone-dark");
        check(laptop, List.of("/sign-in"), "dark");
    }

    private static void check(Chromium browser, String look) throws Exception {
        check(browser, PAGES, look);
    }

    private static void check(Chromium browser, List<String> pages, String look) throws Exception {
        for (String path : pages) {
            browser.open(path);
            String name = path.equals("/") ? "home" : path.substring(1).replaceAll("[/?].*", "-more");
            browser.screenshot(name + "-" + look);
            assertEquals(List.of(), browser.accessibilityViolations(), path + " " + look);
            assertEquals(
                    true,
                    browser.script("return document.documentElement.scrollWidth <= window.innerWidth"),
                    path + " is wider than the " + look + " window");
        }
    }

    private void proxied(String address, String userAgent) throws Exception {
        new Browser(server.port(), userAgent).from(address).signedIn("alice");
    }

    private static String accessToken(Chromium browser) {
        return browser.cookies().stream()
                .filter(cookie -> cookie.getName().equals("__Host-access"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private Chromium browser() throws Exception {
        return opened(new Chromium(server.port()));
    }

    private Chromium opened(Chromium browser) {
        opened.add(browser);
        return browser;
    }
}
