package io.github.sessionaware.examples.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses the sample for servlets as browsers do, on Tomcat. */
class PlainServletTest {
    @TempDir
    private Path folder;

    private volatile boolean isDown;
    private final FakeClock clock = new FakeClock(TestService.START);
    private final SessionAwareTokenService tokens = TestService.aServiceOn(
                    new StoreWrapper(new InMemorySessionStore()) {
                        @Override
                        protected void beforeRead() {
                            if (isDown) {
                                throw new SessionStoreException("taken away");
                            }
                        }
                    })
            .clock(clock)
            .accessTokenLifetime(Duration.ofMinutes(10))
            .refreshTokens(TestService.refreshSecret())
            .build();
    private EmbeddedTomcat tomcat;
    private Browser firefox;
    private Browser safari;

    @BeforeEach
    void startTomcat() throws Exception {
        tomcat = EmbeddedTomcat.start(
                folder,
                (classes, context) ->
                        new PlainServletSample(tokens, (user, password) -> password.equals("right")).addTo(context));
        firefox = new Browser(tomcat.address(), "Firefox");
        safari = new Browser(tomcat.address(), "Safari");
    }

    @AfterEach
    void stopTomcat() throws Exception {
        tomcat.close();
    }

    @Test
    void aBrowserWithoutASessionSignsInAndReturnsToThePageThatItAskedFor() throws Exception {
        HttpResponse<String> refused = firefox.get("/devices?sorted=true");
        assertEquals(303, refused.statusCode());

        HttpResponse<String> signedIn = firefox.signIn(Browser.location(refused), "alice", "right");

        assertEquals(302, signedIn.statusCode());
        assertEquals("/devices?sorted=true", Browser.location(signedIn));
        assertTrue(firefox.get("/devices").body().contains("Firefox, this device"));
    }

    @Test
    void aWrongPasswordShowsTheFormAgain() throws Exception {
        HttpResponse<String> refused = firefox.signIn("/sign-in?returnTo=%2Fdevices", "alice", "wrong");

        assertTrue(refused.body().contains("<h1>Sign in</h1>"));
        assertEquals(Map.of(), firefox.cookies);
        assertEquals(
                "/devices", Browser.location(firefox.post("/sign-in", Browser.filledIn(refused, "alice", "right"))));
    }

    @Test
    void theListShowsAllDevicesAndSignsOneOut() throws Exception {
        firefox.signIn("/sign-in", "alice", "right");
        safari.signIn("/sign-in", "alice", "right");
        Session other = tokens.listSessions("alice").stream()
                .filter(session -> "Safari".equals(session.client().userAgent()))
                .findFirst()
                .orElseThrow();
        assertTrue(firefox.get("/").body().contains("value=\"" + other.id() + "\""));

        HttpResponse<String> revoked = firefox.post("/devices", Map.of("device", other.id()));

        assertEquals("/devices", Browser.location(revoked));
        assertFalse(firefox.get("/devices").body().contains("Safari"));
        assertEquals("/sign-in?ended=session-ended&returnTo=%2Fdevices", Browser.location(safari.get("/devices")));
    }

    @Test
    void signingThisDeviceOutDeletesItsCookies() throws Exception {
        firefox.signIn("/sign-in", "alice", "right");
        String own = tokens.listSessions("alice").get(0).id();

        firefox.post("/devices", Map.of("device", own));

        assertEquals(Map.of(), firefox.cookies);
        assertTrue(tokens.listSessions("alice").isEmpty());
        assertEquals("/sign-in?returnTo=%2Fdevices", Browser.location(firefox.get("/devices")));
    }

    @Test
    void theDeviceOfAnotherUserStays() throws Exception {
        firefox.signIn("/sign-in", "alice", "right");
        safari.signIn("/sign-in", "bob", "right");

        firefox.post(
                "/devices", Map.of("device", tokens.listSessions("bob").get(0).id()));

        assertEquals(200, safari.get("/devices").statusCode());
    }

    /** The filter refreshes, so the application has no refresh endpoint. */
    @Test
    void aBrowserWithAnExpiredAccessTokenStaysSignedIn() throws Exception {
        firefox.signIn("/sign-in", "alice", "right");
        Map<String, String> former = new TreeMap<>(firefox.cookies);
        clock.advance(Duration.ofMinutes(11));

        HttpResponse<String> page = firefox.get("/devices");

        assertEquals(200, page.statusCode());
        assertEquals("no-store", page.headers().firstValue("Cache-Control").orElseThrow());
        assertNotEquals(former, firefox.cookies);
        assertEquals(2, firefox.cookies.size());
        assertEquals(1, tokens.listSessions("alice").size());
    }

    @Test
    void anOutageIs503AndKeepsTheCookies() throws Exception {
        firefox.signIn("/sign-in", "alice", "right");
        Map<String, String> former = new TreeMap<>(firefox.cookies);
        isDown = true;

        HttpResponse<String> page = firefox.get("/devices");

        assertEquals(503, page.statusCode());
        assertEquals("5", page.headers().firstValue("Retry-After").orElseThrow());
        assertEquals(former, firefox.cookies);
    }

    @Test
    void aFormThatIsSentTwiceLeadsToOneSession() throws Exception {
        Map<String, String> form = Browser.filledIn(firefox.get("/sign-in"), "alice", "right");

        firefox.post("/sign-in", form);
        firefox.post("/sign-in", form);

        assertEquals(1, tokens.listSessions("alice").size());
        assertEquals(200, firefox.get("/devices").statusCode());
    }

    @Test
    void theNameOfADeviceIsEscaped() throws Exception {
        Browser hostile = new Browser(tomcat.address(), "<script>alert(1)</script>");
        hostile.signIn("/sign-in", "alice", "right");

        assertTrue(hostile.get("/devices").body().contains("<p>&lt;script>alert(1)&lt;/script>, this device "));
    }
}
