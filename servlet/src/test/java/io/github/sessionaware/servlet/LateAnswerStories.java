package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * A browser has several requests under way, and their answers arrive in any order. {@code exchange} returns an answer
 * that the server has given, and {@code accept} lets it arrive.
 */
interface LateAnswerStories extends SiteTests {
    private Browser aliceWithAnExpiredToken() {
        Browser browser = site().browser().signedIn("alice");
        site().expireAccessTokens();
        return browser;
    }

    /** Time goes on between two requests. Without it, the order within one millisecond is tested. */
    private void afterAMoment(boolean isLater) {
        if (isLater) {
            site().clock.advance(Duration.ofMillis(1));
        }
    }

    private void assertSignedInAsTheOnlySession(Browser browser, String user) {
        assertEquals(user, browser.get("/me").line("user"));
        assertEquals(2, browser.cookies().size());
        assertEquals(1, site().sessions(user).size());
        if (!user.equals("alice")) {
            assertEquals(List.of(), site().sessions("alice"));
        }
        assertEquals(user, browser.get("/me").line("user"));
    }

    @Test
    default void anAnswerWithoutCookiesMayArriveAfterAPasswordChange() {
        Browser browser = site().browser().signedIn("alice");
        Answer late = browser.exchange("GET", "/me", Map.of());
        browser.post("/password", Map.of());

        browser.accept(late);

        assertSignedInAsTheOnlySession(browser, "alice");
    }

    @Test
    default void aRequestWithFormerCookiesMayReachTheServerAfterAPasswordChange() {
        Browser browser = site().browser().signedIn("alice");
        Browser former = browser.copy();
        browser.post("/password", Map.of());

        Answer late = former.exchange("GET", "/me", Map.of());
        browser.accept(late);

        assertEquals(303, late.status());
        assertEquals(List.of(), late.setCookies());
        assertSignedInAsTheOnlySession(browser, "alice");
    }

    @Test
    default void aRefreshFromBeforeAStepUpMayArriveAfterItOrBeforeIt() {
        for (boolean isLater : new boolean[] {false, true}) {
            for (boolean arrivesLate : new boolean[] {false, true}) {
                Browser browser = aliceWithAnExpiredToken();
                Answer refreshed = browser.exchange("GET", "/me", Map.of());
                afterAMoment(isLater);
                Answer steppedUp = browser.exchange("POST", "/step-up", Map.of());

                browser.accept(arrivesLate ? steppedUp : refreshed);
                browser.accept(arrivesLate ? refreshed : steppedUp);

                assertSignedInAsTheOnlySession(browser, "alice");
                site().tokens.revokeAllSessions("alice");
            }
        }
    }

    @Test
    default void aStepUpOnANodeWhoseClockIsBehindIsNotOverwrittenByAFormerRefresh() {
        Browser browser = aliceWithAnExpiredToken();
        site().clock.advance(Duration.ofSeconds(30));
        Answer refreshed = browser.exchange("GET", "/me", Map.of());
        // The session's last activity does not move back, so both tokens have the same time.
        site().clock.advance(Duration.ofSeconds(-25));
        Answer steppedUp = browser.exchange("POST", "/step-up", Map.of());

        browser.accept(steppedUp);
        browser.accept(refreshed);

        assertSignedInAsTheOnlySession(browser, "alice");
    }

    @Test
    default void aFormerSessionThatWasRefreshedMayArriveAfterOrBeforeANewSignIn() {
        for (String user : List.of("alice", "bob")) {
            for (boolean isLater : new boolean[] {false, true}) {
                for (boolean arrivesLate : new boolean[] {false, true}) {
                    Browser browser = aliceWithAnExpiredToken();
                    Answer refreshed = browser.exchange("GET", "/me", Map.of());
                    afterAMoment(isLater);
                    Answer signedIn = browser.exchange("POST", "/sign-in", Map.of("user", user));

                    browser.accept(arrivesLate ? signedIn : refreshed);
                    browser.accept(arrivesLate ? refreshed : signedIn);

                    assertSignedInAsTheOnlySession(browser, user);
                    site().tokens.revokeAllSessions(user);
                }
            }
        }
    }

    @Test
    default void aFormerSessionThatIsRefreshedAfterANewSignInDoesNotWin() {
        Browser browser = aliceWithAnExpiredToken();
        // The sign-in cannot end the former session.
        site().store.deletesNothing = true;
        Answer signedIn = browser.exchange("POST", "/sign-in", Map.of("user", "bob"));
        site().store.deletesNothing = false;
        site().clock.advance(Duration.ofSeconds(1));
        Answer refreshed = browser.exchange("GET", "/me", Map.of());

        browser.accept(signedIn);
        browser.accept(refreshed);

        assertSignedInAsTheOnlySession(browser, "bob");
    }

    @Test
    default void aRefreshMayArriveAfterOrBeforeASignOut() {
        for (boolean arrivesLate : new boolean[] {false, true}) {
            Browser browser = aliceWithAnExpiredToken();
            Answer refreshed = browser.exchange("GET", "/me", Map.of());
            Answer signedOut = browser.exchange("POST", "/sign-out", Map.of());

            browser.accept(arrivesLate ? signedOut : refreshed);
            browser.accept(arrivesLate ? refreshed : signedOut);

            assertEquals(303, browser.get("/me").status());
            assertEquals(List.of(), site().sessions("alice"));
        }
    }

    @Test
    default void anAnswerToADeadSessionMayArriveAfterANewSignIn() {
        Browser browser = site().browser().signedIn("alice");
        site().tokens.revokeAllSessions("alice");
        Answer refused = browser.exchange("GET", "/me", Map.of());
        browser.post("/sign-in", Map.of("user", "alice"));

        browser.accept(refused);

        assertSignedInAsTheOnlySession(browser, "alice");
    }

    @Test
    default void anAnswerThatCleansUpMayArriveAfterANewSignIn() {
        Browser browser = site().browser().signedIn("alice");
        browser.cookies().put("__Host-session-access-" + new Stamp(1, 1, "aaaaaa", "aaaa"), "x.y.z");
        browser.cookies().put("__Host-session-access-" + new Stamp(CookieRules.MADE_UP, 1, "aaaaaa", "aaaa"), "x.y.z");
        Answer cleansUp = browser.exchange("GET", "/me", Map.of());
        browser.post("/sign-in", Map.of("user", "bob"));

        browser.accept(cleansUp);

        assertEquals(4, cleansUp.deletedCookies().size());
        assertSignedInAsTheOnlySession(browser, "bob");
    }

    @Test
    default void twoSignInsOfOneBrowserLeaveOneSessionWhicheverAnswersArrive() {
        for (boolean firstArrives : new boolean[] {false, true}) {
            for (boolean secondArrivesFirst : new boolean[] {false, true}) {
                Browser browser = site().browser();
                Answer first = browser.exchange("POST", "/sign-in", Map.of("user", "alice"));
                Answer second = browser.exchange("POST", "/sign-in", Map.of("user", "alice"));

                if (secondArrivesFirst) {
                    browser.accept(second);
                }
                if (firstArrives) {
                    browser.accept(first);
                }
                browser.accept(second);

                if (firstArrives) {
                    assertSignedInAsTheOnlySession(browser, "alice");
                } else {
                    // Without the number of the form, nobody can know that no answer carried the first one.
                    assertEquals("alice", browser.get("/me").line("user"));
                    assertEquals(2, site().sessions("alice").size());
                }
                site().tokens.revokeAllSessions("alice");
            }
        }
    }

    @Test
    default void aFormSentAgainLeavesOneSessionThatOfTheLastAnswer() {
        for (String node : List.of("1", "2")) {
            Browser browser = site().browser();
            String attempt = browser.get("/sign-in").line("attempt");
            Map<String, String> form = Map.of("user", "alice", "attempt", attempt);
            browser.exchange("POST", "/sign-in", form);
            site().clock.advance(Duration.ofSeconds(1));

            browser.post("/sign-in", form, "X-Node: " + node);

            assertSignedInAsTheOnlySession(browser, "alice");
            site().tokens.revokeAllSessions("alice");
        }
    }

    @Test
    default void aFormSentTwiceAtTheSameTimeLeadsToOneLoginOnANode() throws Exception {
        Browser browser = site().browser().signedIn("bob");
        Map<String, String> form =
                Map.of("user", "alice", "attempt", browser.get("/sign-in").line("attempt"));
        site().store.beforeCreate = () -> Waiting.await(1);

        List<Answer> answers = Together.call(2, caller -> browser.exchange("POST", "/sign-in", form));

        site().store.beforeCreate = () -> {};
        assertEquals(2, site().notifications.created().size());
        assertEquals(answers.get(0).cookieNames(), answers.get(1).cookieNames());
        browser.accept(answers.get(0));
        browser.accept(answers.get(1));
        assertSignedInAsTheOnlySession(browser, "alice");
        assertEquals(List.of(), site().sessions("bob"));
    }

    /** A page from a cache has the same number for everybody. */
    @Test
    default void twoUsersWhoSendTheSameFormAtTheSameTimeGetTheirOwnSessions() throws Exception {
        Browser alices = site().browser();
        Browser bobs = site().browser();
        String attempt = alices.get("/sign-in").line("attempt");
        CountDownLatch isUnderWay = new CountDownLatch(1);
        CountDownLatch bobIsAnswered = new CountDownLatch(1);
        site().store.beforeCreate = () -> {
            site().store.beforeCreate = () -> {};
            isUnderWay.countDown();
            Waiting.await(bobIsAnswered);
        };

        Together.call(List.of(() -> alices.post("/sign-in", Map.of("user", "alice", "attempt", attempt)), () -> {
            Waiting.await(isUnderWay);
            Answer answer = bobs.post("/sign-in", Map.of("user", "bob", "attempt", attempt));
            bobIsAnswered.countDown();
            return answer;
        }));

        assertEquals("bob", bobs.get("/me").line("user"));
        assertEquals("alice", alices.get("/me").line("user"));
    }

    @Test
    default void aFormSentTwiceAtTheSameTimeToTwoNodesLeavesOneSession() throws Exception {
        Browser browser = site().browser();
        Map<String, String> form =
                Map.of("user", "alice", "attempt", browser.get("/sign-in").line("attempt"));
        CountDownLatch bothAreStored = new CountDownLatch(2);
        site().store.afterCreate = () -> {
            bothAreStored.countDown();
            Waiting.await(bothAreStored);
        };

        List<Answer> answers =
                Together.call(2, caller -> browser.exchange("POST", "/sign-in", form, "X-Node: " + (caller + 1)));

        assertEquals(1, site().sessions("alice").size());
        answers.forEach(browser::accept);
        assertSignedInAsTheOnlySession(browser, "alice");
    }

    @Test
    default void aFormSentAgainLaterEndsNoSession() {
        Browser browser = site().browser();
        Map<String, String> form =
                Map.of("user", "alice", "attempt", browser.get("/sign-in").line("attempt"));
        browser.post("/sign-in", form);
        Browser other = site().browser();
        site().clock.advance(Duration.ofMinutes(2));

        other.post("/sign-in", form);

        assertEquals(2, site().sessions("alice").size());
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void aFormOfAnotherPageEndsNoSession() {
        Browser phone = site().browser();
        phone.post(
                "/sign-in",
                Map.of("user", "alice", "attempt", phone.get("/sign-in").line("attempt")));
        site().clock.advance(Duration.ofSeconds(1));
        Browser laptop = site().browser();

        laptop.post(
                "/sign-in",
                Map.of("user", "alice", "attempt", laptop.get("/sign-in").line("attempt")));

        assertEquals("alice", phone.get("/me").line("user"));
        assertEquals("alice", laptop.get("/me").line("user"));
    }

    @Test
    default void aFormOfAnotherUserWithTheSameNumberEndsNoSession() {
        Browser browser = site().browser();
        String attempt = browser.get("/sign-in").line("attempt");
        browser.post("/sign-in", Map.of("user", "alice", "attempt", attempt));

        site().browser().post("/sign-in", Map.of("user", "bob", "attempt", attempt));

        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void aSignInEndsTheFormerSessionOfTheBrowser() {
        Browser browser = site().browser().signedIn("alice");
        Browser former = browser.copy();

        browser.post("/sign-in", Map.of("user", "bob"));

        assertEquals(303, former.get("/me").status());
        assertSignedInAsTheOnlySession(browser, "bob");
    }

    @Test
    default void aFormerSessionWhoseCookiesDidNotComeWithTheSignInEndsAtTheNextRequest() {
        for (String user : List.of("alice", "bob")) {
            Browser browser = aliceWithAnExpiredToken();
            // SameSite keeps them back if an identity provider sends the form.
            Answer signedIn = browser.exchange("POST", "/sign-in", Map.of("user", user), "Cookie:");

            browser.accept(signedIn);

            assertEquals(4, browser.cookies().size());
            assertSignedInAsTheOnlySession(browser, user);
            site().tokens.revokeAllSessions(user);
        }
    }

    @Test
    default void aFormerSessionWithoutItsRefreshTokenEndsByItsAccessToken() {
        for (String spoilt : List.of("", "garbage")) {
            Browser browser = site().browser().signedIn("alice");
            String refresh = browser.names("refresh").get(0);
            if (spoilt.isEmpty()) {
                browser.cookies().remove(refresh);
            } else {
                browser.cookies().put(refresh, spoilt);
            }

            browser.post("/sign-in", Map.of("user", "bob"));

            assertSignedInAsTheOnlySession(browser, "bob");
            site().tokens.revokeAllSessions("bob");
        }
    }

    @Test
    default void aStepUpInTheRequestThatRefreshesLeavesOnePairOfCookies() {
        for (boolean isLater : new boolean[] {false, true}) {
            site().page("/slow-step-up", (request, response) -> {
                afterAMoment(isLater);
                site().filter
                        .replaceTokens(request, response, site().tokens.reauthenticate(SessionFilter.current(request)));
            });
            Browser browser = aliceWithAnExpiredToken();

            browser.post("/slow-step-up", Map.of());

            assertEquals(2, browser.cookies().size());
            assertSignedInAsTheOnlySession(browser, "alice");
            site().tokens.revokeAllSessions("alice");
        }
    }

    @Test
    default void anOutageWhileTheFormerSessionEndsIsMadeUpForByTheNextRequest() {
        Browser browser = site().browser().signedIn("alice");
        afterAMoment(true);
        site().store.deletesNothing = true;

        assertEquals(303, browser.post("/sign-in", Map.of("user", "bob")).status());
        assertEquals("bob", browser.get("/me").line("user"));
        assertEquals(4, browser.cookies().size());
        assertEquals(1, site().sessions("alice").size());

        site().store.deletesNothing = false;
        assertSignedInAsTheOnlySession(browser, "bob");
    }

    @Test
    default void anOutageDuringASignOutLeavesTheCookiesForTheNextTry() {
        Browser browser = site().browser().signedIn("alice");
        site().store.deletesNothing = true;

        for (String path : List.of("/sign-out", "/leave")) {
            BearerRules.assertUnavailable(browser.post(path, Map.of()));
        }

        site().store.deletesNothing = false;
        assertEquals(303, browser.post("/sign-out", Map.of()).status());
        assertTrue(browser.cookies().isEmpty());
        assertEquals(List.of(), site().sessions("alice"));
    }

    @Test
    default void anOutageDuringASignInLeavesTheFormerSession() {
        Browser browser = site().browser().signedIn("alice");
        site().store.isDown = true;

        BearerRules.assertUnavailable(browser.post("/sign-in", Map.of("user", "bob")));

        site().store.isDown = false;
        assertEquals("alice", browser.get("/me").line("user"));
    }

    @Test
    default void aSignOutEndsEachSessionOfTheBrowserOnOpenPathsToo() {
        for (String path : List.of("/sign-out", "/leave")) {
            Browser browser = site().browser().signedIn("alice");
            browser.cookies().putAll(site().browser().signedIn("bob").cookies());

            browser.post(path, Map.of());

            assertTrue(browser.cookies().isEmpty(), path);
            assertEquals(List.of(), site().sessions("alice"));
            assertEquals(List.of(), site().sessions("bob"));
            assertEquals(303, browser.post("/leave", Map.of()).status());
        }
    }

    @Test
    default void aSignOutDuringWhichAnotherTabStepsUpEndsTheSession() {
        site().page("/sign-out", (request, response) -> {
            site().tokens.reauthenticate(SessionFilter.current(request));
            site().filter.signOut(request, response);
        });

        site().browser().signedIn("alice").post("/sign-out", Map.of());

        assertEquals(List.of(), site().sessions("alice"));
    }

    @Test
    default void anOutageWhileEarlierSendsOfAFormAreLookedForLeavesTheUserSignedIn() {
        Browser browser = site().browser();
        String attempt = browser.get("/sign-in").line("attempt");
        site().store.listsNothing = true;

        browser.post("/sign-in", Map.of("user", "alice", "attempt", attempt));

        site().store.listsNothing = false;
        assertEquals("alice", browser.get("/me").line("user"));
    }
}
