package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sessionaware.testing.TestDevice;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Cookie;

/** Sessions that real browsers bind to their device, and what a thief has who copies them. */
class DeviceBoundInBrowsersTest {
    /**
     * Keys in software, because a machine for tests has no TPM, and as many signatures as a test with short tokens
     * needs.
     */
    private static final String BINDING = "--enable-features=DeviceBoundSessions"
            + ":RequireOriginTrialTokens/false/RefreshQuota/false"
            + ",EnableBoundSessionCredentialsSoftwareKeysForManualTesting";

    private static final String NO_BINDING = "--disable-features=DeviceBoundSessions";

    private static final Pattern PROOF = Pattern.compile("[Ss]ecure-[Ss]ession-[Rr]esponse: ([A-Za-z0-9_.-]+)");
    private static final Pattern IDENTIFIER = Pattern.compile("[Ss]ec-[Ss]ecure-[Ss]ession-[Ii]d: ([A-Za-z0-9_~-]+)");
    private static final Pattern CHALLENGE = Pattern.compile("\"([^\"]+)\";id=\"[^\"]+\"");

    private BoundServer server;
    private Path networkLog;

    @BeforeEach
    void start() throws Exception {
        server = BoundServer.start();
        networkLog = Files.createTempDirectory("netlog").resolve("log.json");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Chromium bindingBrowser() throws Exception {
        return Chromium.startWith(
                        server.home(), BINDING, "--log-net-log=" + networkLog, "--net-log-capture-mode=Everything")
                .at(server.url());
    }

    private Chromium otherBrowser() throws Exception {
        return Chromium.startWith(server.home(), NO_BINDING).at(server.url()).withUserAgent(PageStates.IPHONE);
    }

    @Test
    void aBoundSessionLivesThroughRenewalsRestartsAndANewKeyUntilItIsRevoked() throws Exception {
        Chromium owner = bindingBrowser();
        try (Chromium other = otherBrowser()) {
            owner.signIn("alice").open("/devices").expectText("Your devices");
            expectBound(owner);

            for (int renewals = 0; renewals < 3; renewals++) {
                String before = token(owner);
                owner.expectExpiryOf("__Host-session-access").open("/devices").expectPath("/devices");
                assertNotEquals(before, token(owner));
            }

            owner = owner.restarted();
            owner.open("/devices").expectPath("/devices").expectText("Bound");
            String beforeRestart = token(owner);
            server.restart((byte) 1, BoundServer.SHORT_LIFETIME);
            owner.open("/devices").expectPath("/devices");
            server.restart((byte) 2, BoundServer.LONG_LIFETIME);
            owner.open("/devices").expectPath("/devices").expectText("Bound");
            assertNotEquals(beforeRestart, token(owner));

            other.signIn("alice").open("/devices").click("Sign out " + nameOf(owner));
            other.click("Sign out " + nameOf(owner)).expectPath("/devices");
            owner.open("/devices").expectPath("/sign-in?ended=session-ended&returnTo=%2Fdevices");
        } finally {
            owner.close();
        }
    }

    @Test
    void aCopyOfABoundSessionWorksUntilItsTokenExpiresAndTheOwnerSeesTheAttempt() throws Exception {
        try (Chromium owner = bindingBrowser()) {
            owner.signIn("alice").open("/devices");
            expectBound(owner);
            Thief thief = thiefInTime(owner);
            while (thief.isAccepted()) {
                Thread.onSpinWait();
            }

            String id = lastLogged(IDENTIFIER, owner);
            String copied = lastLogged(PROOF, owner);
            HttpResponse<String> replayed = thief.renew(id, copied);
            assertEquals(403, replayed.statusCode());
            assertTrue(replayed.headers().allValues("Set-Cookie").isEmpty());
            Matcher challenge = CHALLENGE.matcher(
                    replayed.headers().firstValue("Secure-Session-Challenge").orElseThrow());
            assertTrue(challenge.matches());
            HttpResponse<String> forged = thief.renew(id, TestDevice.es256().renewal(challenge.group(1)));
            assertEquals(401, forged.statusCode());

            owner.open("/devices").expectPath("/devices").expectText("Somebody tried to use a copy of your session");
            owner.expectText("thief/1.0");
        }
    }

    @Test
    void aCopyOfAnUnboundSessionRenewsItselfForTheThief() throws Exception {
        try (Chromium owner = otherBrowser()) {
            owner.signIn("alice").open("/devices").expectText("Your devices");
            owner.expectNoText("Bound");
            Set<Cookie> onlyRefresh = new HashSet<>(owner.cookies());
            onlyRefresh.removeAll(owner.cookies("access"));

            HttpResponse<String> answer = new Thief(onlyRefresh).get("/devices");

            assertEquals(200, answer.statusCode());
            assertTrue(answer.headers().allValues("Set-Cookie").stream()
                    .anyMatch(cookie -> cookie.startsWith("__Host-session-refresh-")));
        }
    }

    /** Such a browser registers without the cookies of the login, which came from another site. */
    @Test
    void aLoginThatComesBackFromAnIdentityProviderIsBound() throws Exception {
        try (FederatedSite site = new FederatedSite(server.keyStore());
                Chromium browser = bindingBrowser()) {
            browser.openElsewhere(site.provider())
                    .click("Go on as alice")
                    .at(site.url())
                    .expectPath("/");
            expectBound(browser, "/");
            browser.open("/").expectPath("/");
            assertEquals(1, browser.cookies("access").size());

            browser.expectExpiryOf("__Host-session-access").open("/").expectText("Bound");
        }
    }

    /** The browser has handled the answer to its registration when it has dropped the refresh token. */
    private static void expectBound(Chromium browser, String path) {
        browser.expectAfterReloads(path, "Bound").expectExpiryOf("__Host-session-refresh");
    }

    private static void expectBound(Chromium browser) {
        expectBound(browser, "/devices");
    }

    private static String token(Chromium browser) {
        return browser.cookies("access").stream()
                .map(Cookie::getValue)
                .findFirst()
                .orElse("(none)");
    }

    private static String nameOf(Chromium browser) {
        browser.open("/devices");
        return browser.heading();
    }

    /** Copies the cookies again if the machine was too busy to use a copy before its token expired. */
    private Thief thiefInTime(Chromium owner) throws Exception {
        for (int copies = 0; copies < 20; copies++) {
            Thief thief = new Thief(owner.open("/devices").cookies());
            if (thief.isAccepted()) {
                return thief;
            }
        }
        throw new AssertionError("No copy was used in time");
    }

    /** Returns what the browser itself has sent last, from the log of its network. */
    private String lastLogged(Pattern header, Chromium browser) throws Exception {
        browser.expectExpiryOf("__Host-session-access").open("/devices").expectPath("/devices");
        Matcher found = header.matcher(Files.readString(networkLog));
        String last = null;
        while (found.find()) {
            last = found.group(1);
        }
        if (last == null) {
            throw new AssertionError("The browser has logged no " + header);
        }
        return last;
    }

    /** Another program with cookies of a browser. */
    private final class Thief {
        private final HttpClient client;
        private final Set<Cookie> copied;
        private final String cookies;

        Thief(Set<Cookie> copied) throws Exception {
            this.copied = copied;
            client = HttpClient.newBuilder().sslContext(server.trust()).build();
            cookies = copied.stream()
                    .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                    .collect(Collectors.joining("; "));
        }

        /** Uses the copy, which must work until its access token expires and never afterwards. */
        boolean isAccepted() throws Exception {
            Instant expiry = expiry();
            Instant asked = Instant.now();
            int status = get("/devices").statusCode();
            if (status == 200) {
                assertTrue(asked.isBefore(expiry), "a copy worked after its expiry");
            } else {
                assertFalse(Instant.now().isBefore(expiry), "a copy failed before its expiry: " + status);
            }
            return status == 200;
        }

        /** The past if the browser had no access token at that moment. */
        private Instant expiry() throws Exception {
            for (Cookie cookie : copied) {
                if (cookie.getName().startsWith("__Host-session-access")) {
                    byte[] payload =
                            Base64.getUrlDecoder().decode(cookie.getValue().split("\\.", -1)[1]);
                    return Instant.ofEpochSecond(
                            new ObjectMapper().readTree(payload).get("exp").asLong());
                }
            }
            return Instant.EPOCH;
        }

        HttpResponse<String> get(String path) throws Exception {
            return client.send(to(path).GET().build(), BodyHandlers.ofString());
        }

        HttpResponse<String> renew(String id, String proof) throws Exception {
            return client.send(
                    to("/device-bound/renewal")
                            .header("Sec-Secure-Session-Id", id)
                            .header("Secure-Session-Response", proof)
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
        }

        private HttpRequest.Builder to(String path) {
            return HttpRequest.newBuilder(URI.create(server.url() + path))
                    .header("Cookie", cookies)
                    .header("Accept", "text/html")
                    .header("User-Agent", "thief/1.0");
        }
    }
}
