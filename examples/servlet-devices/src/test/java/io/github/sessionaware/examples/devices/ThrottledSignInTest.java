package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.testing.FakeClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strangers guess a password, and its owner comes along. All clients here have the same address. */
class ThrottledSignInTest {
    private static final String RIGHT = Users.DEMO.get("alice");

    private static final String NEXT = "another-demo-password";

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-25T09:00:00Z"));

    @RegisterExtension
    final TestServer server = new TestServer(ClientInfoReader.builder().build(), clock);

    @Test
    void afterTenWrongPasswordsThePageSaysWhenToTryAgain() throws Exception {
        guess("alice");

        HttpResponse<String> refused = signIn(browser(), RIGHT);
        assertTooMany(refused, 10);
        assertTrue(refused.body().contains("Try again in about 10 seconds."), refused.body());
        assertTrue(refused.body().contains("name=\"user\" value=\"alice\""), refused.body());
        assertEquals(303, signIn(browser(), "bob", Users.DEMO.get("bob")).statusCode());

        clock.advance(Duration.ofSeconds(10));
        assertEquals(303, signIn(browser(), RIGHT).statusCode());
    }

    @Test
    void unknownUsersAreSlowedDownAlike() throws Exception {
        guess("mallory");

        assertTooMany(signIn(browser(), "mallory", "x"), 10);
    }

    @Test
    void theOwnerSignsInAgainFromAKnownBrowserWhileStrangersGuess() throws Exception {
        Browser laptop = browser().signedIn("alice");
        laptop.submit("/", "/sign-out", Map.of());
        guess("alice");

        assertTooMany(signIn(browser(), RIGHT), 10);
        assertEquals(303, signIn(laptop, RIGHT).statusCode());
    }

    @Test
    void aKnownBrowserIsSlowedDownToo() throws Exception {
        Browser laptop = browser().signedIn("alice");
        for (int i = 0; i < 10; i++) {
            assertEquals(401, signIn(laptop, "wrong").statusCode());
        }

        assertTooMany(signIn(laptop, RIGHT), 10);
        assertEquals(303, signIn(browser(), RIGHT).statusCode());
    }

    @Test
    void aBrowserKnownToOneUserIsAStrangerToAnother() throws Exception {
        Browser thief = browser().signedIn("bob");
        guess("alice");

        assertTooMany(signIn(thief, RIGHT), 10);
    }

    @Test
    void aBrowserIsKnownFor90Days() throws Exception {
        Browser laptop = browser().signedIn("alice");

        clock.advance(Duration.ofDays(90).minusMillis(1));
        guess("alice");
        assertEquals(303, signIn(laptop, RIGHT).statusCode());

        clock.advance(Duration.ofMillis(1));
        assertTooMany(signIn(laptop, RIGHT), 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "x", "x.9999999999.x", "x.99999999999999999999.x", "%"})
    void aForgedCookieMakesNoBrowserKnown(String forged) throws Exception {
        guess("alice");
        Browser thief = browser();
        thief.known(forged);

        assertTooMany(signIn(thief, RIGHT), 10);
    }

    @Test
    void aChangedCookieMakesNoBrowserKnown() throws Exception {
        Browser laptop = browser().signedIn("alice");
        guess("alice");
        String[] parts = laptop.known().split("\\.", -1);
        long until = Long.parseLong(parts[1]);

        laptop.known(parts[0] + "." + (until + 1) + "." + parts[2]);
        assertTooMany(signIn(laptop, RIGHT), 10);
        laptop.known("x" + parts[0] + "." + until + "." + parts[2]);
        assertTooMany(signIn(laptop, RIGHT), 10);
        laptop.known(parts[0] + "." + until + "." + parts[2]);
        assertEquals(303, signIn(laptop, RIGHT).statusCode());
    }

    @Test
    void aKnownBrowserKeepsItsCookieAndEachBrowserHasItsOwn() throws Exception {
        Browser laptop = browser().signedIn("alice");
        String first = laptop.known();
        laptop.signedIn("alice");

        assertEquals(first, laptop.known());
        assertNotEquals(first, browser().signedIn("alice").known());
    }

    @Test
    void aSignedInUserChangesThePasswordWhileStrangersGuess() throws Exception {
        Browser laptop = browser().signedIn("alice");
        guess("alice");

        assertEquals(303, change(laptop, RIGHT).statusCode());
    }

    @Test
    void theCurrentPasswordIsGuessedTenTimesPerSession() throws Exception {
        Browser stolen = browser().signedIn("alice");
        Browser laptop = browser().signedIn("alice");
        for (int i = 0; i < 10; i++) {
            assertEquals(403, change(stolen, "wrong").statusCode());
        }

        assertTooMany(change(stolen, RIGHT), 10);
        assertEquals(303, signIn(browser(), RIGHT).statusCode());
        assertEquals(303, change(laptop, RIGHT).statusCode());
    }

    /** The thief has copied the session's cookies, and not the one that makes the browser a known one. */
    @Test
    void aThiefOfTheSessionCannotUseUpTheTriesOfItsOwner() throws Exception {
        Browser laptop = browser().signedIn("alice");
        Browser thief = browser();
        thief.cookies().putAll(laptop.cookies());
        for (int i = 0; i < 10; i++) {
            assertEquals(403, change(thief, "wrong").statusCode());
        }

        assertTooMany(change(thief, RIGHT), 10);
        assertEquals(303, change(laptop, RIGHT).statusCode());
    }

    @Test
    void aPasswordChangeForgetsTheOtherBrowsers() throws Exception {
        Browser thief = browser().signedIn("alice");
        Browser laptop = browser().signedIn("alice");
        String before = laptop.known();
        assertEquals(303, change(laptop, RIGHT).statusCode());
        assertNotEquals(before, laptop.known());
        guess("alice");

        assertTooMany(signIn(thief, NEXT), 10);
        assertEquals(303, signIn(laptop, NEXT).statusCode());
    }

    private void guess(String user) throws Exception {
        Browser stranger = browser();
        for (int i = 0; i < 10; i++) {
            assertEquals(401, signIn(stranger, user, "wrong").statusCode());
        }
    }

    private static HttpResponse<String> signIn(Browser browser, String password) throws Exception {
        return signIn(browser, "alice", password);
    }

    private static HttpResponse<String> signIn(Browser browser, String user, String password) throws Exception {
        return browser.post("/sign-in", Map.of("user", user, "password", password));
    }

    private static HttpResponse<String> change(Browser browser, String current) throws Exception {
        return browser.submit("/password", "/password", Map.of("current", current, "next", NEXT));
    }

    private static void assertTooMany(HttpResponse<String> answer, int seconds) {
        assertEquals(429, answer.statusCode());
        assertEquals(
                Integer.toString(seconds),
                answer.headers().firstValue("Retry-After").orElseThrow());
    }

    private Browser browser() {
        return new Browser(server.port(), "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    }
}
