package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ExperimentalDeviceBinding.Refusal;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestDevice;
import io.github.sessionaware.testing.TestService;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Sessions that are bound to a device's key: what binding changes, and how their tokens are renewed. */
class DeviceBindingTest {
    private static final ClientInfo OWNER = client("Chromium on Linux", "192.0.2.7");
    private static final ClientInfo THIEF = client("Script on Linux", "203.0.113.9");
    private static final Duration BOUND_LIFETIME = Duration.ofMinutes(5);

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final List<String> events = new ArrayList<>();
    private final SessionAwareTokenService service = node(clock);
    private final ExperimentalBoundSessions bound = service.boundSessions();
    private final TestDevice device = TestDevice.es256();

    @Test
    void bindingReplacesTheRefreshTokenByShortAccessTokens() {
        IssuedTokens login = service.issue("alice", OWNER);
        assertFalse(login.session().deviceBound());

        IssuedTokens tokens = bind(login, device);

        assertNull(tokens.refreshToken());
        assertEquals(START.plus(BOUND_LIFETIME), tokens.accessTokenExpiresAt());
        assertTrue(tokens.session().deviceBound());
        assertTrue(service.validate(tokens.accessToken()).session().deviceBound());
        assertTrue(service.listSessions("alice").get(0).deviceBound());
        assertEquals(login.session().id(), tokens.session().id());
        assertRefused(Reason.DEVICE_PROOF_REQUIRED, () -> service.refresh(login.refreshToken(), THIEF));
        assertFalse(service.revokeByRefreshToken(login.refreshToken()));
        assertEquals(List.of("created", "bound", "refused REFRESH_TOKEN by Script on Linux"), events);
    }

    @Test
    void theAccessTokenFromBeforeTheBindingStaysValidUntilItExpires() {
        IssuedTokens login = service.issue("alice", OWNER);
        bind(login, device);
        clock.set(login.accessTokenExpiresAt().minusMillis(1));

        assertEquals("alice", service.validate(login.accessToken()).userId());
        clock.advance(Duration.ofMillis(1));
        assertRefused(Reason.EXPIRED, () -> service.validate(login.accessToken()));
    }

    @Test
    void aProofRenewsTheSessionAgainAndAgain() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String id = bound.identifier(tokens);
        for (int minute = 4; minute <= 40; minute += 4) {
            clock.set(START.plus(Duration.ofMinutes(minute)));

            tokens = bound.renew(id, device.renewal(bound.nextChallenge(tokens)), () -> OWNER);

            assertNull(tokens.refreshToken());
            assertEquals(clock.instant().plus(BOUND_LIFETIME), tokens.accessTokenExpiresAt());
            assertEquals(clock.instant(), tokens.session().lastActiveAt());
            assertEquals("alice", service.validate(tokens.accessToken()).userId());
        }
        assertEquals(10, events.stream().filter("refreshed"::equals).count());
    }

    @Test
    void anRsaKeyBindsTheSessionToo() {
        TestDevice rsa = TestDevice.rs256();
        IssuedTokens tokens = bind(service.issue("alice", OWNER), rsa);

        IssuedTokens next = renew(tokens, rsa);

        assertTrue(next.session().deviceBound());
    }

    /** Making the key takes up to twenty seconds. */
    @Tag("thorough")
    @Test
    void aLargerRsaKeyBindsTheSessionToo() {
        TestDevice larger = TestDevice.rs256(3072);
        assertTrue(bind(service.issue("bob", OWNER), larger).session().deviceBound());
    }

    @Test
    void renewalNeverMovesTheAbsoluteDeadline() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        for (int day = 1; day < 30; day++) {
            clock.set(START.plus(Duration.ofDays(day)));
            tokens = renew(tokens, device);
        }
        clock.set(START.plus(Duration.ofDays(30)).minusSeconds(1));
        tokens = renew(tokens, device);
        assertEquals(START.plus(Duration.ofDays(30)), tokens.accessTokenExpiresAt());

        IssuedTokens last = tokens;
        clock.advance(Duration.ofSeconds(1));

        assertRefused(Reason.SESSION_EXPIRED, () -> renew(last, device));
    }

    @Test
    void anIdleSessionCannotBeRenewed() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        clock.advance(Duration.ofDays(14));

        assertRefused(Reason.SESSION_EXPIRED, () -> renew(tokens, device));
    }

    @Test
    void aRevokedSessionEndsAtOnceAndCannotBeRenewed() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        service.revokeSession("alice", tokens.session().id());

        assertRefused(Reason.SESSION_ENDED, () -> service.validate(tokens.accessToken()));
        assertRefused(Reason.SESSION_ENDED, () -> renew(tokens, device));
    }

    @Test
    void theFirstBindingWins() {
        IssuedTokens login = service.issue("alice", OWNER);
        String challenge = bound.registrationChallenge(login);
        String first = device.registration(challenge);
        bound.bind(service.validate(login.accessToken()), first, () -> OWNER);
        TestDevice other = TestDevice.es256();

        for (String second : List.of(other.registration(challenge), first)) {
            assertRefused(
                    Reason.ALREADY_BOUND, () -> bound.bind(service.validate(login.accessToken()), second, () -> THIEF));
        }

        renew(login, device);
        assertRefused(Reason.BAD_SIGNATURE, () -> renew(login, other));
        assertTrue(events.get(events.size() - 1).startsWith("refused WRONG_KEY"), events.toString());
        assertEquals(
                2,
                events.stream()
                        .filter("refused SECOND_BINDING by Script on Linux"::equals)
                        .count());
    }

    @Test
    void eachChallengeRenewsOnce() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String proof = device.renewal(bound.nextChallenge(tokens));
        String id = bound.identifier(tokens);
        bound.renew(id, proof, () -> OWNER);

        ExperimentalChallengeException refusal =
                assertThrows(ExperimentalChallengeException.class, () -> bound.renew(id, proof, () -> THIEF));

        assertEquals("refused USED_CHALLENGE by Script on Linux", events.get(events.size() - 1));
        bound.renew(id, device.renewal(refusal.challenge()), () -> OWNER);
    }

    @Test
    void aChallengeThatWasHandedOutEarlyMayArriveLate() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String early = bound.nextChallenge(tokens);
        clock.advance(Duration.ofMinutes(4));
        bound.nextChallenge(tokens);
        clock.set(START.plus(Duration.ofMinutes(15)).minusMillis(1));

        bound.renew(bound.identifier(tokens), device.renewal(early), () -> OWNER);
    }

    @Test
    void aChallengeIsRefusedFromTheEndOfItsLifetimeOn() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String early = device.renewal(bound.nextChallenge(tokens));
        clock.set(START.plus(Duration.ofMinutes(15)));
        store.reset();

        ExperimentalChallengeException refusal = assertThrows(
                ExperimentalChallengeException.class, () -> bound.renew(bound.identifier(tokens), early, () -> OWNER));

        assertEquals(0, store.calls());
        bound.renew(bound.identifier(tokens), device.renewal(refusal.challenge()), () -> OWNER);
    }

    @Test
    void aNodeWhoseClockIsBehindAsksForAChallengeThatCounts() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        clock.advance(Duration.ofMinutes(1));
        String proof = device.renewal(bound.nextChallenge(tokens));
        bound.renew(bound.identifier(tokens), proof, () -> OWNER);
        ExperimentalBoundSessions behind = node(new FakeClock(START)).boundSessions();

        ExperimentalChallengeException refusal = assertThrows(
                ExperimentalChallengeException.class, () -> behind.renew(bound.identifier(tokens), proof, () -> OWNER));

        behind.renew(bound.identifier(tokens), device.renewal(refusal.challenge()), () -> OWNER);
    }

    @Test
    void theRegistrationWindowEndsMinutesAfterTheLogin() {
        IssuedTokens login = service.issue("alice", OWNER);
        String proof = device.registration(bound.registrationChallenge(login));
        IssuedTokens late = service.issue("alice", OWNER);
        String lateProof = device.registration(bound.registrationChallenge(late));
        clock.set(START.plus(Duration.ofMinutes(2)).minusMillis(1));
        bound.bind(service.validate(login.accessToken()), proof, () -> OWNER);
        clock.advance(Duration.ofMillis(1));
        AuthenticatedSession current = service.validate(late.accessToken());
        store.reset();

        assertRefused(Reason.WRONG_CHALLENGE, () -> bound.bind(current, lateProof, () -> OWNER));
        assertEquals(0, store.calls());
    }

    @Test
    void aRegistrationAfterARevokeOrAfterExpiryBindsNothing() {
        IssuedTokens revoked = service.issue("alice", OWNER);
        AuthenticatedSession current = service.validate(revoked.accessToken());
        String proof = device.registration(bound.registrationChallenge(revoked));
        service.revokeAllSessions("alice");
        assertRefused(Reason.SESSION_ENDED, () -> bound.bind(current, proof, () -> OWNER));

        IssuedTokens expired = service.issue(
                "alice",
                OWNER,
                LoginOptions.defaults()
                        .withTimeouts(new SessionTimeouts(Duration.ofSeconds(61), Duration.ofSeconds(61))));
        AuthenticatedSession other = service.validate(expired.accessToken());
        String otherProof = device.registration(bound.registrationChallenge(expired));
        clock.advance(Duration.ofSeconds(61));
        assertRefused(Reason.SESSION_EXPIRED, () -> bound.bind(other, otherProof, () -> OWNER));
    }

    @Test
    void theBindingStaysThroughARenewedAuthentication() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String used = device.renewal(bound.nextChallenge(tokens));
        IssuedTokens renewed = bound.renew(bound.identifier(tokens), used, () -> OWNER);

        IssuedTokens stepUp = service.reauthenticate(service.validate(renewed.accessToken()));

        assertNull(stepUp.refreshToken());
        assertTrue(stepUp.session().deviceBound());
        assertEquals(clock.instant().plus(BOUND_LIFETIME), stepUp.accessTokenExpiresAt());
        assertRefused(Reason.OTHER_GENERATION, () -> service.validate(renewed.accessToken()));
        assertThrows(
                ExperimentalChallengeException.class, () -> bound.renew(bound.identifier(tokens), used, () -> OWNER));
        IssuedTokens next = renew(stepUp, device);
        assertEquals("alice", service.validate(next.accessToken()).userId());
    }

    @Test
    void aProofOfBeforeARenewedAuthenticationGetsTokensOfTheNewGeneration() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String proof = device.renewal(bound.nextChallenge(tokens));
        service.reauthenticate(service.validate(tokens.accessToken()));

        IssuedTokens next = bound.renew(bound.identifier(tokens), proof, () -> OWNER);

        assertEquals("alice", service.validate(next.accessToken()).userId());
    }

    @Test
    void aReissuedTokenOfABoundSessionExpiresWithTheTokenOfTheRequest() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        clock.advance(Duration.ofMinutes(3));
        String token = tokens.accessToken();
        for (int i = 0; i < 3; i++) {
            IssuedTokens again = service.reissue(service.validate(token), TokenOptions.defaults());
            assertEquals(START.plus(BOUND_LIFETIME), again.accessTokenExpiresAt());
            assertEquals(
                    START,
                    service.validate(again.accessToken())
                            .claim("iat", Instant.class)
                            .orElseThrow());
            token = again.accessToken();
        }
        IssuedTokens shorter =
                service.reissue(service.validate(token), TokenOptions.defaults().withLifetime(Duration.ofMinutes(1)));
        assertEquals(clock.instant().plus(Duration.ofMinutes(1)), shorter.accessTokenExpiresAt());
        String last = token;
        clock.set(START.plus(BOUND_LIFETIME));

        assertRefused(Reason.EXPIRED, () -> service.validate(last));
    }

    @Test
    void aStatelessTokenLeadsToNoTokensOfABoundSession() {
        SessionAwareTokenService accepting = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .acceptStatelessTokensUntil(START.plus(Duration.ofDays(1)))
                .build();
        String stateless = RawSigner.mac("HmacSHA256", TestService.secret())
                .sign(
                        "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                        "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"alice\",\"iat\":%d,\"exp\":%d}"
                                .formatted(
                                        TestService.ISSUER,
                                        TestService.ISSUER,
                                        START.getEpochSecond(),
                                        START.getEpochSecond() + 3600));
        IssuedTokens migrated = accepting.migrateStateless(stateless, OWNER);
        ExperimentalBoundSessions sessions = accepting.boundSessions();
        sessions.bind(
                accepting.validate(migrated.accessToken()),
                device.registration(sessions.registrationChallenge(migrated)),
                () -> OWNER);

        assertRefused(Reason.DEVICE_PROOF_REQUIRED, () -> accepting.migrateStateless(stateless, THIEF));
    }

    @Test
    void proofsOfOneSessionUserOrEndpointAreWorthNothingAtAnother() {
        IssuedTokens one = service.issue("alice", OWNER);
        IssuedTokens two = service.issue("alice", OWNER);
        IssuedTokens bobs = service.issue("bob", OWNER);
        String forOne = device.registration(bound.registrationChallenge(one));
        assertRefused(
                Reason.WRONG_CHALLENGE, () -> bound.bind(service.validate(two.accessToken()), forOne, () -> THIEF));
        assertRefused(
                Reason.WRONG_CHALLENGE, () -> bound.bind(service.validate(bobs.accessToken()), forOne, () -> THIEF));
        assertRefused(
                Reason.WRONG_CHALLENGE,
                () -> bound.bind(
                        service.validate(one.accessToken()),
                        device.registration(bound.nextChallenge(one)),
                        () -> THIEF));
        bind(one, device);
        bind(two, device);
        bind(bobs, TestDevice.es256());
        store.reset();

        String registration = bound.registrationChallenge(one);
        String challengeOfOne = bound.nextChallenge(one);
        for (Executable swapped : List.<Executable>of(
                () -> bound.renew(bound.identifier(one), device.renewal(registration), () -> THIEF),
                () -> bound.renew(bound.identifier(two), device.renewal(challengeOfOne), () -> THIEF),
                () -> bound.renew(bound.identifier(bobs), device.renewal(challengeOfOne), () -> THIEF))) {
            assertThrows(ExperimentalChallengeException.class, swapped);
        }
        assertRefused(
                Reason.MALFORMED,
                () -> bound.renew(bound.identifier(one), device.registration(challengeOfOne), () -> THIEF));
        assertEquals(0, store.calls());
        assertRefused(Reason.BAD_SIGNATURE, () -> renew(bobs, device));
        assertEquals(1, store.reads());
    }

    @Test
    void aSessionThatIsNotBoundCannotBeRenewed() {
        IssuedTokens login = service.issue("alice", OWNER);

        assertRefused(Reason.NOT_DEVICE_BOUND, () -> renew(login, device));
        service.refresh(login.refreshToken(), OWNER);
    }

    @Test
    void aServiceWithAnotherSecretRenewsNoSession() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String id = bound.identifier(tokens);
        String proof = device.renewal(bound.nextChallenge(tokens));
        ExperimentalBoundSessions other = aServiceOn(store)
                .clock(clock)
                .refreshTokens("another secret for refresh tokens".getBytes(UTF_8))
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .build()
                .boundSessions();
        store.reset();

        ExperimentalChallengeException refusal =
                assertThrows(ExperimentalChallengeException.class, () -> other.renew(id, proof, () -> OWNER));

        assertEquals(0, store.calls());
        assertRefused(Reason.NOT_DEVICE_BOUND, () -> other.renew(id, device.renewal(refusal.challenge()), () -> OWNER));
    }

    @Test
    void writeAccessToTheTableBindsNoSessionToAnotherKey() {
        IssuedTokens alices = bind(service.issue("alice", OWNER), device);
        TestDevice writers = TestDevice.es256();
        IssuedTokens own = bind(service.issue("mallory", THIEF), writers);
        SessionRecord record = store.find("alice", alices.session().id()).orElseThrow();
        SessionRecord writersRecord = store.find("mallory", own.session().id()).orElseThrow();
        for (String state :
                new String[] {record.refreshState(), writersRecord.refreshState(), "b1.0..x", "b1.0.", null}) {
            SessionRecord seen = store.find("alice", record.id()).orElseThrow();
            SessionRecord forged = seen.next()
                    .deviceKey(writersRecord.deviceKey())
                    .refreshState(state)
                    .build();
            assertTrue(store.replace(seen, forged));

            assertRefused(Reason.NOT_DEVICE_BOUND, () -> renew(alices, writers));
        }
    }

    @Test
    void aFormerSecretIsAcceptedAndEachRenewalNeedsItNoLonger() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String proof = device.renewal(bound.nextChallenge(tokens));
        ExperimentalBoundSessions rotated = aServiceOn(store)
                .clock(clock)
                .refreshTokens("another secret for refresh tokens".getBytes(UTF_8), TestService.refreshSecret())
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .build()
                .boundSessions();

        IssuedTokens next = rotated.renew(bound.identifier(tokens), proof, () -> OWNER);

        ExperimentalBoundSessions later = aServiceOn(store)
                .clock(clock)
                .refreshTokens("another secret for refresh tokens".getBytes(UTF_8))
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .build()
                .boundSessions();
        later.renew(bound.identifier(tokens), device.renewal(rotated.nextChallenge(next)), () -> OWNER);
    }

    @Test
    void aRenewalWithoutAProofGetsAChallengeAndCostsNoStoreCall() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        store.reset();
        for (String none : new String[] {null, "", "  "}) {
            assertThrows(
                    ExperimentalChallengeException.class,
                    () -> bound.renew(bound.identifier(tokens), none, () -> OWNER));
        }
        for (String identifier : new String[] {
            null,
            "",
            "x",
            "s~",
            "s~YWxpY2U",
            "s~YWxpY2U~short",
            "YWxpY2U~" + tokens.session().id(),
            bound.identifier(tokens) + "=",
            "s~YWxpY2V~" + tokens.session().id(),
            "s~AA~" + tokens.session().id()
        }) {
            assertThrows(InvalidTokenException.class, () -> bound.renew(identifier, null, () -> OWNER), identifier);
        }
        assertEquals(0, store.calls());
    }

    @Test
    void aBlankIdentifierCountsAsMissing() {
        for (String none : new String[] {null, "", " "}) {
            assertRefused(Reason.MISSING, () -> bound.renew(none, null, () -> OWNER));
        }
    }

    @Test
    void aBindingCountsAsActivity() {
        IssuedTokens login = service.issue("alice", OWNER);
        AuthenticatedSession current = service.validate(login.accessToken());
        clock.advance(Duration.ofSeconds(30));

        IssuedTokens tokens = bound.bind(current, device.registration(bound.registrationChallenge(login)), () -> OWNER);

        assertEquals(clock.instant(), tokens.session().lastActiveAt());
    }

    @Test
    void aSessionThatAServiceForOthersHasValidatedBindsNothing() {
        IssuedTokens login = service.issue("alice", OWNER);
        SessionAwareTokenService other =
                aServiceOn(store).clock(clock).audience("https://other.example").build();
        IssuedTokens ticket = service.reissue(
                service.validate(login.accessToken()), TokenOptions.defaults().withAudience("https://other.example"));
        String proof = device.registration(bound.registrationChallenge(login));

        assertThrows(
                IllegalArgumentException.class,
                () -> bound.bind(other.validate(ticket.accessToken()), proof, () -> THIEF));
    }

    /** A browser may hold a challenge that was made after the one that it has signed first. */
    @Test
    void aRenewalUsesUpTheChallengesFromBeforeItsOwnAndNoLaterOnes() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String first = bound.nextChallenge(tokens);
        clock.advance(Duration.ofMinutes(1));
        String second = bound.nextChallenge(tokens);
        clock.advance(Duration.ofMinutes(1));
        bound.renew(bound.identifier(tokens), device.renewal(first), () -> OWNER);

        bound.renew(bound.identifier(tokens), device.renewal(second), () -> OWNER);

        assertThrows(
                ExperimentalChallengeException.class,
                () -> bound.renew(bound.identifier(tokens), device.renewal(first), () -> OWNER));
    }

    /** Whoever copied the tokens of before the renewed authentication has lost them by it. */
    @Test
    void aRequestFromBeforeARenewedAuthenticationBindsNothing() {
        IssuedTokens login = service.issue("alice", OWNER);
        AuthenticatedSession before = service.validate(login.accessToken());
        String proof = device.registration(bound.registrationChallenge(login));
        String crossSite = device.registration(bound.crossSiteRegistrationChallenge(login));
        service.reauthenticate(before);

        assertRefused(Reason.OTHER_GENERATION, () -> bound.bind(before, proof, () -> THIEF));
        assertRefused(Reason.OTHER_GENERATION, () -> bound.bind(null, crossSite, () -> THIEF));
    }

    @Test
    void aChallengeOfBeforeARenewedAuthenticationBindsNothingAlsoWithTheTokensOfAfter() {
        IssuedTokens login = service.issue("alice", OWNER);
        String before = device.registration(bound.registrationChallenge(login));
        String crossSite = device.registration(bound.crossSiteRegistrationChallenge(login));
        IssuedTokens stepUp = service.reauthenticate(service.validate(login.accessToken()));
        AuthenticatedSession after = service.validate(stepUp.accessToken());

        assertRefused(Reason.WRONG_CHALLENGE, () -> bound.bind(after, before, () -> THIEF));
        assertRefused(Reason.OTHER_GENERATION, () -> bound.bind(after, crossSite, () -> THIEF));
        assertTrue(bind(stepUp, device).session().deviceBound());
    }

    /** After a login that came from another site, browsers register without cookies. */
    @Test
    void aChallengeForALoginFromAnotherSiteNamesTheSessionOfARegistrationWithoutOne() {
        service.issue("alice", OWNER);
        for (boolean withSession : new boolean[] {false, true}) {
            IssuedTokens login = service.issue("alice", OWNER);
            AuthenticatedSession current = withSession ? service.validate(login.accessToken()) : null;
            String proof = device.registration(bound.crossSiteRegistrationChallenge(login));
            store.reset();

            IssuedTokens tokens = bound.bind(current, proof, () -> OWNER);

            assertEquals(List.of(1, 1), List.of(store.reads(), store.writes()));
            assertEquals(login.session().id(), tokens.session().id());
            assertEquals("alice", service.validate(tokens.accessToken()).userId());
            renew(tokens, device);
        }
        assertEquals(
                2,
                service.listSessions("alice").stream()
                        .filter(Session::deviceBound)
                        .count());
    }

    @Test
    void anotherChallengeOrAnotherSessionBindsNothing() {
        IssuedTokens login = service.issue("alice", OWNER);
        AuthenticatedSession other =
                service.validate(service.issue("alice", OWNER).accessToken());
        String ordinary = device.registration(bound.registrationChallenge(login));
        String crossSite = device.registration(bound.crossSiteRegistrationChallenge(login));
        store.reset();

        assertRefused(Reason.WRONG_CHALLENGE, () -> bound.bind(null, ordinary, () -> THIEF));
        assertRefused(Reason.WRONG_CHALLENGE, () -> bound.bind(other, crossSite, () -> THIEF));
        assertEquals(0, store.calls());
    }

    @Test
    void aUserIdOfTheGreatestLengthFitsIntoAChallenge() {
        IssuedTokens login = service.issue("\u20ac".repeat(255), OWNER);
        TestDevice rsa = TestDevice.rs256();

        IssuedTokens tokens =
                bound.bind(null, rsa.registration(bound.crossSiteRegistrationChallenge(login)), () -> OWNER);

        renew(tokens, rsa);
    }

    @Test
    void aChallengeWhoseNamesWereChangedBindsNothing() {
        IssuedTokens login = service.issue("alice", OWNER);
        IssuedTokens other = service.issue("alice", OWNER);
        String challenge = bound.crossSiteRegistrationChallenge(login);
        String names = "~" + bound.identifier(login) + "~1";
        store.reset();
        for (String changed : List.of(
                challenge.replace(login.session().id(), other.session().id()),
                challenge.replace("~YWxpY2U~", "~Ym9i~"),
                challenge.replaceFirst("~1$", "~2"),
                challenge.replaceFirst("~1$", "~01"),
                challenge.replaceFirst("~1$", ""),
                challenge.replaceFirst("~1$", "~1" + "0".repeat(20)),
                challenge.replace(names, ""),
                bound.registrationChallenge(login) + names,
                bound.nextChallenge(login),
                bound.nextChallenge(login) + names)) {
            assertNotEquals(challenge, changed);
            assertRefused(Reason.WRONG_CHALLENGE, () -> bound.bind(null, device.registration(changed), () -> THIEF));
        }
        String noUser = challenge.replace("~YWxpY2U~", "~AA~");
        assertRefused(Reason.MALFORMED, () -> bound.bind(null, device.registration(noUser), () -> THIEF));
        assertEquals(0, store.calls());
        bound.bind(null, device.registration(challenge), () -> OWNER);
    }

    /** Verifying a signature takes long, so nobody makes a service do that without a challenge of his own. */
    @Test
    void theChallengeIsCheckedBeforeTheSignature() {
        IssuedTokens login = service.issue("alice", OWNER);
        AuthenticatedSession current = service.validate(login.accessToken());
        String unsigned = device.registration("1~x").replaceFirst("\\.[^.]*$", "." + "A".repeat(86));
        String badlySigned =
                device.registration(bound.registrationChallenge(login)).replaceFirst("\\.[^.]*$", "." + "A".repeat(86));

        assertRefused(Reason.WRONG_CHALLENGE, () -> bound.bind(current, unsigned, () -> THIEF));
        assertRefused(Reason.BAD_SIGNATURE, () -> bound.bind(current, badlySigned, () -> THIEF));
    }

    /** A node whose clock was ahead for some time leaves no challenges that count much longer than others. */
    @Test
    void aChallengeFromTheFutureIsRefusedIfItIsAsFarAwayAsItsLifetime() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        FakeClock ahead = new FakeClock(START.plus(Duration.ofMinutes(15)));
        String far = node(ahead).boundSessions().nextChallenge(tokens);
        ahead.set(START.plus(Duration.ofMinutes(15)).minusMillis(1));
        String near = node(ahead).boundSessions().nextChallenge(tokens);

        assertThrows(
                ExperimentalChallengeException.class,
                () -> bound.renew(bound.identifier(tokens), device.renewal(far), () -> OWNER));
        bound.renew(bound.identifier(tokens), device.renewal(near), () -> OWNER);
    }

    /** Otherwise anybody who knows the ids of a session could alarm its owner. */
    @Test
    void aGuessedRefreshTokenOfABoundSessionNotifiesNobody() {
        IssuedTokens login = service.issue("alice", OWNER);
        String guess = RefreshToken.first("alice", login.session().id(), new SecureRandom())
                .encoded();
        bind(login, device);
        List<String> before = List.copyOf(events);

        assertRefused(Reason.UNKNOWN_REFRESH_TOKEN, () -> service.refresh(guess, THIEF));

        assertEquals(before, events);
    }

    /** Otherwise write access to the table would make a copied proof usable again, or hide that a token was copied. */
    @Test
    void writeAccessToTheTableChangesNeitherTheUsedChallengeNorTheFormerRefreshToken() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String used = device.renewal(bound.nextChallenge(tokens));
        IssuedTokens renewed = bound.renew(bound.identifier(tokens), used, () -> OWNER);
        String state = renewed.record().refreshState();
        String[] parts = state.split("\\.", -1);
        for (String changed : List.of(
                "b1.0." + parts[2] + "." + parts[3],
                "b1." + parts[1] + ".." + parts[3],
                "b1." + parts[1] + "." + "A".repeat(43) + "." + parts[3])) {
            SessionRecord seen = store.find("alice", tokens.session().id()).orElseThrow();
            assertTrue(store.replace(seen, seen.next().refreshState(changed).build()));

            assertRefused(Reason.NOT_DEVICE_BOUND, () -> bound.renew(bound.identifier(tokens), used, () -> THIEF));
        }
    }

    @Test
    void bindingAndRenewalCostOneReadAndOneWriteEach() {
        IssuedTokens login = service.issue("alice", OWNER);
        AuthenticatedSession current = service.validate(login.accessToken());
        String registration = device.registration(bound.registrationChallenge(login));
        store.reset();

        IssuedTokens tokens = bound.bind(current, registration, () -> OWNER);

        assertEquals(List.of(1, 1), List.of(store.reads(), store.writes()));
        store.reset();
        renew(tokens, device);
        assertEquals(List.of(1, 1), List.of(store.reads(), store.writes()));
    }

    @Test
    void renewedTokensCarryTheClaimsOfTheApplication() {
        SessionAwareTokenService withClaims = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .claimsOnRefresh((userId, session) -> Map.of("bound", session.deviceBound()))
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .build();
        ExperimentalBoundSessions sessions = withClaims.boundSessions();
        IssuedTokens login = withClaims.issue("alice", OWNER);

        IssuedTokens tokens = sessions.bind(
                withClaims.validate(login.accessToken()),
                device.registration(sessions.registrationChallenge(login)),
                () -> OWNER);

        assertEquals(
                true,
                withClaims
                        .validate(tokens.accessToken())
                        .claim("bound", Boolean.class)
                        .orElseThrow());
    }

    @Test
    void aPageMayRequireABoundSession() {
        IssuedTokens login = service.issue("alice", OWNER);
        AuthenticatedSession before = service.validate(login.accessToken());
        IssuedTokens tokens = bind(login, device);

        assertRefused(Reason.NOT_DEVICE_BOUND, before::requireDeviceBound);
        service.validate(tokens.accessToken()).requireDeviceBound();
    }

    @Test
    void whatABrowserHasSkippedReachesTheListenersWithoutAStoreCall() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        store.reset();

        bound.skipped(bound.identifier(tokens), "quota_exceeded");
        bound.skipped("nonsense", "quota_exceeded");
        bound.skipped(null, "unreachable");

        assertEquals(0, store.calls());
        assertEquals("skipped quota_exceeded by alice", events.get(events.size() - 1));
        assertEquals(3, events.size());
    }

    /** A rollback of the application's transaction must not make a used challenge usable again. */
    @Test
    void aServiceOnTheStoreOfATransactionBindsAndRenewsInTheStoreOfBefore() {
        SessionAwareTokenService joined = service.withSessionStore(new ReferenceStore());
        IssuedTokens login = service.issue("alice", OWNER);

        IssuedTokens tokens = joined.boundSessions()
                .bind(
                        service.validate(login.accessToken()),
                        device.registration(bound.registrationChallenge(login)),
                        () -> OWNER);
        String proof = device.renewal(bound.nextChallenge(tokens));
        joined.boundSessions().renew(bound.identifier(tokens), proof, () -> OWNER);

        assertTrue(service.listSessions("alice").get(0).deviceBound());
        assertThrows(
                ExperimentalChallengeException.class, () -> bound.renew(bound.identifier(tokens), proof, () -> OWNER));
    }

    /** Whoever copies a proof can change its signature (r, s) into the valid one (r, n - s). */
    @Test
    void aUsedProofWithTheOtherValidSignatureRenewsNothing() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String proof = device.renewal(bound.nextChallenge(tokens));
        String other = withTheOtherSignature(proof);
        assertNotEquals(proof, other);
        bound.renew(bound.identifier(tokens), proof, () -> OWNER);

        assertThrows(
                ExperimentalChallengeException.class, () -> bound.renew(bound.identifier(tokens), other, () -> THIEF));

        assertEquals("refused USED_CHALLENGE by Script on Linux", events.get(events.size() - 1));
    }

    private static String withTheOtherSignature(String proof) {
        String content = proof.substring(0, proof.lastIndexOf('.') + 1);
        byte[] signature = Base64.getUrlDecoder().decode(proof.substring(content.length()));
        BigInteger order = new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16);
        byte[] s = order.subtract(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)))
                .toByteArray();
        byte[] changed = Arrays.copyOf(signature, 64);
        Arrays.fill(changed, 32, 64, (byte) 0);
        int length = Math.min(s.length, 32);
        System.arraycopy(s, s.length - length, changed, 64 - length, length);
        return content + TestDevice.encode(changed);
    }

    @Test
    void contradictorySettingsAreRefused() {
        assertThrows(
                IllegalStateException.class,
                () -> aServiceOn(store)
                        .deviceBinding(ExperimentalDeviceBinding.defaults())
                        .build());
        assertThrows(
                IllegalStateException.class,
                () -> aServiceOn(store)
                        .refreshTokens(TestService.refreshSecret())
                        .accessTokenLifetime(Duration.ofMinutes(4))
                        .deviceBinding(ExperimentalDeviceBinding.defaults())
                        .build());
        assertThrows(
                IllegalStateException.class, () -> aServiceOn(store).build().boundSessions());
        ExperimentalDeviceBinding defaults = ExperimentalDeviceBinding.defaults();
        Duration tooShort = Duration.ofMillis(999);
        assertThrows(IllegalArgumentException.class, () -> defaults.withAccessTokenLifetime(tooShort));
        assertThrows(IllegalArgumentException.class, () -> defaults.withRegistrationWindow(tooShort));
        assertThrows(IllegalArgumentException.class, () -> defaults.withChallengeLifetime(tooShort));
    }

    @Test
    void theStoreHoldsNothingThatAuthenticates() {
        IssuedTokens tokens = bind(service.issue("alice", OWNER), device);
        String challenge = bound.nextChallenge(tokens);
        bound.renew(bound.identifier(tokens), device.renewal(challenge), () -> OWNER);

        SessionRecord stored = store.find("alice", tokens.session().id()).orElseThrow();

        assertEquals(Jwks.canonical(device.keys().getPublic()), stored.deviceKey());
        assertFalse(stored.refreshState().contains(challenge.substring(challenge.indexOf('~') + 1)));
        assertNotEquals(null, stored.refreshState());
    }

    private SessionAwareTokenService node(FakeClock time) {
        return aServiceOn(store)
                .clock(time)
                .refreshTokens(TestService.refreshSecret())
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .listener(new Recorder())
                .build();
    }

    private IssuedTokens bind(IssuedTokens login, TestDevice key) {
        return bound.bind(
                service.validate(login.accessToken()),
                key.registration(bound.registrationChallenge(login)),
                () -> OWNER);
    }

    /** Begins without a proof and signs each challenge that it gets, as a browser does. */
    private IssuedTokens renew(IssuedTokens tokens, TestDevice key) {
        String proof = null;
        for (int attempts = 0; attempts < 3; attempts++) {
            try {
                return bound.renew(bound.identifier(tokens), proof, () -> OWNER);
            } catch (ExperimentalChallengeException e) {
                proof = key.renewal(e.challenge());
            }
        }
        throw new AssertionError("A browser would have given up");
    }

    private static ClientInfo client(String name, String address) {
        return ClientInfo.builder().device(name).ipAddress(address).build();
    }

    private static void assertRefused(Reason reason, Executable call) {
        assertEquals(reason, assertThrows(InvalidTokenException.class, call).reason());
    }

    private final class Recorder implements SessionListener {
        @Override
        public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
            events.add("created");
        }

        @Override
        public void sessionRefreshed(String userId, Session session, ClientInfo before) {
            events.add("refreshed");
        }

        @Override
        public void deviceBound(String userId, Session session) {
            assertTrue(session.deviceBound());
            events.add("bound");
        }

        @Override
        public void deviceProofRefused(String userId, Session session, ClientInfo presentedBy, Refusal refusal) {
            events.add("refused " + refusal + " by " + presentedBy.device());
        }

        @Override
        public void deviceRenewalSkipped(String userId, String sessionId, String reason) {
            events.add("skipped " + reason + " by " + userId);
        }
    }
}
