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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The example in real browsers. {@link PageStatesInBrowsersTest} checks how the pages look. */
class DevicesInBrowsersTest {
    private static final By LABEL = By.id("label");

    @RegisterExtension
    static final Chromiums browsers = new Chromiums();

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-20T09:00:00Z"));

    @RegisterExtension
    final TestServer server = new TestServer(Places.clients(), clock);

    @Test
    void oneBrowserSignsOutTheOtherWhoseNextClickLeadsToSignIn() throws Exception {
        Chromium laptop = laptop().signIn("alice");
        Chromium phone = phone().signIn("alice");

        laptop.open("/devices").click("Sign out Safari on iPhone");
        laptop.expectText("Sign out Safari on iPhone?").click("Cancel").expectPath("/devices");
        phone.open("/").expectPath("/");
        laptop.click("Sign out Safari on iPhone").expectText("That device will have to sign in again.");
        laptop.click("Sign out Safari on iPhone").expectPath("/devices");
        laptop.expectFocusOnText("Signed out Safari on iPhone.");
        laptop.open("/devices").expectText("You aren't signed in anywhere else.");

        phone.click("Your devices").expectPath("/sign-in?ended=session-ended&returnTo=%2Fdevices");
        phone.expectText("This device was signed out, from another of your devices");
    }

    @Test
    void theSignOutOfADeviceThatIsAlreadyGoneLeadsBackToTheList() throws Exception {
        Chromium laptop = laptop().signIn("alice");
        Chromium phone = phone().signIn("alice");

        laptop.open("/devices").click("Sign out Safari on iPhone").expectText("Sign out Safari on iPhone?");
        phone.click("Sign out").expectPath("/sign-in?signed-out");
        laptop.click("Sign out Safari on iPhone").expectPath("/devices");

        laptop.expectText("That device was already signed out.");
        laptop.open("/devices").expectNoText("already signed out");
    }

    @Test
    void allOtherDevicesAreSignedOutAfterAConfirmation() throws Exception {
        Chromium laptop = laptop().signIn("alice");
        Chromium phone = phone().signIn("alice");

        laptop.open("/devices").click("Sign out all other devices").expectPath("/devices/others");
        laptop.click("Cancel").expectPath("/devices");
        phone.open("/devices").expectPath("/devices");
        laptop.click("Sign out all other devices").click("Sign out all").expectPath("/devices");

        laptop.expectFocusOnText("All other devices are signed out.");
        laptop.expectText("You aren't signed in anywhere else.");
        phone.click("Home").expectPath("/sign-in?ended=session-ended&returnTo=%2F");
    }

    @Test
    void afterAWhileASignOutOfOthersAsksForThePasswordAndThenGoesOn() throws Exception {
        Chromium laptop = laptop().signIn("alice");
        Browser phone = new Browser(server.port(), PageStates.IPHONE).signedIn("alice");
        clock.advance(Duration.ofMinutes(6));

        laptop.open("/devices").click("Sign out Safari on iPhone").expectText("Confirm it's you");
        laptop.type(By.id("password"), "wrong").click("Continue").expectText("That password is incorrect.");
        laptop.type(By.id("password"), Users.DEMO.get("alice")).click("Continue");
        laptop.expectText("Sign out Safari on iPhone?").click("Sign out Safari on iPhone");

        laptop.expectText("Signed out Safari on iPhone.");
        assertEquals(303, phone.get("/").statusCode());
    }

    @Test
    void aPasswordChangeEndsTheOtherSessions() throws Exception {
        Chromium laptop = laptop().signIn("alice");
        Chromium phone = phone().signIn("alice");

        laptop.open("/password")
                .type(By.id("current"), Users.DEMO.get("alice"))
                .type(By.id("next"), "another-password")
                .click("Change password")
                .expectPath("/devices");

        laptop.expectFocusOnText("Your password is changed, and all other devices are signed out.");
        phone.click("Home").expectPath("/sign-in?ended=session-ended&returnTo=%2F");
        phone.expectText("your password was changed");
    }

    @Test
    void eachNewSignInIsANoticeWithAnAnswerOfItsOwn() throws Exception {
        Chromium laptop = laptop().signIn("alice");
        clock.advance(Duration.ofMinutes(1));
        new Browser(server.port(), PageStates.IPHONE).signedIn("alice");
        new Browser(server.port(), PageStates.EDGE).signedIn("alice");

        laptop.open("/").click("It was me on Safari on iPhone").expectPath("/");
        laptop.expectFocusOnText("Thanks for confirming that it was you on Safari on iPhone.");
        laptop.open("/devices");
        laptop.expectText("New sign-in on Edge on Windows").expectNoText("New sign-in on Safari");
        laptop.click("Wasn't you? Secure your account: Edge on Windows").expectPath("/password");
    }

    @Test
    void afterSignInThePageOpensThatWasAskedFor() throws Exception {
        Chromium laptop = laptop().open("/devices").expectPath("/sign-in?returnTo=%2Fdevices");

        laptop.type(By.id("user"), "alice").type(By.id("password"), "wrong").click("Sign in");
        laptop.expectText("The user name or password is incorrect.");
        laptop.fillInSignIn("alice").expectPath("/devices");
    }

    @Test
    void twoTabsCanRefreshAtTheSameTime() throws Exception {
        Chromium laptop = laptop().signIn("alice");
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
        Chromium laptop = laptop().signIn("alice").click("Your devices").expectPath("/devices");

        laptop.click("Sign out").expectPath("/sign-in?signed-out");
        laptop.back();

        laptop.expectNoText("Chrom");
        assertTrue(laptop.path().startsWith("/sign-in"), laptop.path());
    }

    @Test
    void theSessionContinuesWithoutTheAccessTokenButNotWithoutBothTokens() throws Exception {
        Chromium laptop = laptop().signIn("alice");

        laptop.forgetCookies("access").open("/devices").expectPath("/devices");
        laptop.forgetCookies("").open("/devices").expectPath("/sign-in?returnTo=%2Fdevices");
    }

    @Test
    void scriptsCannotReadTheCookiesAndOnlyThisHostGetsThem() throws Exception {
        Chromium laptop = laptop().signIn("alice");

        assertEquals("", laptop.script("return document.cookie"));
        assertEquals(2, laptop.cookies("").size());
        laptop.cookies().forEach(cookie -> {
            assertTrue(cookie.getName().startsWith("__Host-"), cookie.getName());
            assertTrue(cookie.isSecure() && cookie.isHttpOnly(), cookie.getName());
            assertEquals("Lax", cookie.getSameSite());
            assertEquals("/", cookie.getPath());
            assertEquals("localhost", cookie.getDomain());
        });
    }

    /** A form of another site, of a sub-domain, and of a sandbox, whose origin is {@code null}. */
    @Test
    void aFormOfAnotherOriginDoesNothing() throws Exception {
        Chromium laptop = laptop().signIn("alice");
        HttpServer evil =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        evil.createContext("/", exchange -> {
            byte[] page = """
                    <form id="f" method="post" action="http://localhost:%d/sign-out"></form>
                    <script>document.getElementById("f").submit()</script>
                    """.formatted(server.port()).getBytes(StandardCharsets.UTF_8);
            if (exchange.getRequestURI().getPath().equals("/sandbox")) {
                exchange.getResponseHeaders().set("Content-Security-Policy", "sandbox allow-scripts allow-forms");
            }
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        evil.start();
        try {
            int port = evil.getAddress().getPort();
            for (String page :
                    List.of("127.0.0.1:" + port, "evil.localhost:" + port, "127.0.0.1:" + port + "/sandbox")) {
                laptop.openElsewhere("http://" + page).expectText("This form is out of date");
                laptop.open("/devices").expectPath("/devices");
            }
        } finally {
            evil.stop(0);
        }
    }

    @Test
    void userAgentsAndLabelsAreShownAndNeverRun() throws Exception {
        new Browser(server.port(), "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>")
                .signedIn("alice");
        Chromium laptop =
                laptop().withUserAgent(PageStates.EDGE).signIn("alice").open("/devices");
        laptop.click("Details of Edge on Windows").type(LABEL, "<b>\"my\" 'laptop' & more</b>");
        laptop.click("Save").expectPath("/devices");

        laptop.expectText("Renamed to <b>\"my\" 'laptop' & more</b> · Edge on Windows.");
        assertEquals(
                0L,
                laptop.script(
                        "return document.querySelectorAll('main img, main script, main h2 b, main h3 b').length"));
        assertEquals("Your devices · Shop", laptop.script("return document.title"));
    }

    @Test
    void theBrowserConsoleStaysEmpty() throws Exception {
        Chromium laptop = laptop().signIn("alice");
        for (String path : List.of("/", "/devices", "/devices/others", "/confirm", "/password")) {
            laptop.open(path);
        }
        laptop.open("/devices").click("Sign out").expectPath("/sign-in?signed-out");

        assertEquals(List.of(), laptop.complaints());
    }

    @Test
    void everythingWorksWithoutScripts() throws Exception {
        Chromium laptop = browsers.withoutScripts(server.port())
                .inZone("Asia/Tokyo")
                .withUserAgent(PageStates.EDGE)
                .signIn("alice");
        new Browser(server.port(), PageStates.IPHONE).signedIn("alice");

        laptop.open("/devices").click("Details of Edge on Windows").expectText("20 Nov 2026, 09:00:00 UTC");
        laptop.type(LABEL, "kitchen").click("Save").expectPath("/devices");
        laptop.expectFocusOnText("Renamed to kitchen · Edge on Windows.");
        laptop.click("Sign out Safari on iPhone").expectText("Sign out Safari on iPhone?");
        laptop.click("Sign out Safari on iPhone").expectPath("/devices");
        laptop.expectFocusOnText("Signed out Safari on iPhone.");
        laptop.click("Sign out").expectPath("/sign-in?signed-out");
    }

    @Test
    void everythingCanBeReachedByKeyboard() throws Exception {
        new Browser(server.port(), PageStates.IPHONE).signedIn("alice");
        Chromium laptop = laptop().open("/sign-in").expectFocusOn(By.id("user"));

        laptop.press("alice", Keys.TAB);
        laptop.press(Users.DEMO.get("alice"), Keys.ENTER);
        laptop.expectPath("/").tabTo("Your devices").press(Keys.ENTER);
        laptop.expectPath("/devices").tabTo("Sign out Safari on iPhone").press(Keys.ENTER);
        laptop.expectText("That device will have to sign in again.");
        laptop.tabTo("Sign out Safari on iPhone").press(Keys.ENTER);

        laptop.expectPath("/devices").expectFocusOnText("Signed out Safari on iPhone.");
        laptop.press(Keys.TAB);
        laptop.expectFocusOnText("change your password");
    }

    @Test
    void exactTimesAreInTheTimeZoneOfTheVisitor() throws Exception {
        Chromium laptop =
                laptop().inZone("Asia/Tokyo").withUserAgent(PageStates.EDGE).signIn("alice");

        laptop.open("/devices").click("Details of Edge on Windows").expectText("6:00:00");

        laptop.expectNoText("UTC");
    }

    @Test
    void anOutageKeepsTheUserSignedIn() throws Exception {
        Chromium laptop = laptop().signIn("alice");

        server.takeStoreAway();
        laptop.open("/devices");
        laptop.expectText("You're still signed in");
        assertEquals(2, laptop.cookies("").size());

        server.giveStoreBack();
        laptop.open("/devices").expectPath("/devices");
        laptop.expectText("This device");
    }

    private static String accessToken(Chromium browser) {
        return browser.cookies("access").iterator().next().getValue();
    }

    private Chromium laptop() throws Exception {
        return browsers.laptop(server.port());
    }

    private Chromium phone() throws Exception {
        return browsers.phone(server.port());
    }
}
