package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Before something dangerous the user is authenticated again. The session goes on under its id, with tokens of the next
 * generation.
 */
class StepUpTest {
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = aServiceOn(store)
            .clock(clock)
            .accessTokenLifetime(Duration.ofDays(30))
            .build();
    private final IssuedTokens login = service.issue("alice", ClientInfo.unknown());

    @Test
    void anAuthenticationIsRecentUpToTheRequestedAge() {
        clock.set(START.plus(FIVE_MINUTES).minusMillis(1));
        current().requireAuthenticatedWithin(FIVE_MINUTES);
        clock.advance(Duration.ofMillis(1));
        current().requireAuthenticatedWithin(FIVE_MINUTES);
        clock.advance(Duration.ofMillis(1));

        ReauthenticationRequiredException refusal = assertThrows(
                ReauthenticationRequiredException.class, () -> current().requireAuthenticatedWithin(FIVE_MINUTES));

        assertEquals(FIVE_MINUTES, refusal.maxAge());
        assertEquals(
                "Bearer realm=\"api\", error=\"insufficient_user_authentication\","
                        + " error_description=\"A more recent authentication is required\", max_age=\"300\"",
                refusal.wwwAuthenticate());
    }

    @Test
    void theAgeIsMeasuredAtTheTimeOfTheRequest() {
        AuthenticatedSession current = current();
        clock.advance(Duration.ofDays(1));

        current.requireAuthenticatedWithin(Duration.ZERO);
    }

    @Test
    void anyAgeCanBeRequested() {
        current().requireAuthenticatedWithin(ChronoUnit.FOREVER.getDuration());
    }

    @Test
    void nullIsRefusedByName() {
        AuthenticatedSession current = current();
        assertEquals(
                "current",
                assertThrows(NullPointerException.class, () -> service.reauthenticate(null, LoginOptions.defaults()))
                        .getMessage());
        assertEquals(
                "options",
                assertThrows(NullPointerException.class, () -> service.reauthenticate(current, null))
                        .getMessage());
        assertEquals(
                "maxAge",
                assertThrows(NullPointerException.class, () -> current.requireAuthenticatedWithin(null))
                        .getMessage());
    }

    @Test
    void aNegativeAgeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> current().requireAuthenticatedWithin(Duration.ofMillis(-1)));
    }

    @Test
    void reauthenticationRestartsTheAbsoluteTimeout() {
        clock.advance(Duration.ofDays(13));
        service.validate(login.accessToken());
        clock.advance(Duration.ofDays(13));

        IssuedTokens next = service.reauthenticate(current(), LoginOptions.defaults());

        assertEquals(START.plus(Duration.ofDays(40)), next.session().expiresAt());
        assertEquals(START.plus(Duration.ofDays(56)), next.accessTokenExpiresAt());
        assertEquals(START, next.session().createdAt());
    }

    @Test
    void reauthenticationSetsClaimsAndTimeoutsAndElseKeepsTheTimeouts() {
        IssuedTokens aal2 = service.reauthenticate(
                current(),
                LoginOptions.defaults().withTimeouts(SessionTimeouts.NIST_AAL2).withClaims(Map.of("acr", "aal2")));
        AuthenticatedSession now = service.validate(aal2.accessToken());
        assertEquals(Optional.of("aal2"), now.claim("acr", String.class));
        assertEquals(START.plus(Duration.ofHours(1)), aal2.session().expiresAt());

        IssuedTokens again = service.reauthenticate(now, LoginOptions.defaults());

        assertEquals(SessionTimeouts.NIST_AAL2, stored().timeouts());
        assertNull(again.refreshToken());
    }

    @Test
    void reauthenticationCostsOneReadAndOneWrite() {
        AuthenticatedSession current = current();
        store.reset();

        service.reauthenticate(current, LoginOptions.defaults());

        assertEquals(List.of(1, 1), List.of(store.reads(), store.writes()));
    }

    @Test
    void anEndedSessionCannotBeReauthenticated() {
        AuthenticatedSession current = current();
        service.revokeAllSessions("alice");

        assertRefused(Reason.SESSION_ENDED, current);
        assertEquals(List.of(), service.listSessions("alice"));
    }

    @Test
    void anExpiredSessionCannotBeReauthenticated() {
        AuthenticatedSession current = current();
        clock.advance(Duration.ofDays(14));

        assertRefused(Reason.SESSION_EXPIRED, current);
    }

    @Test
    void aRefusedReauthenticationLeavesTheSessionUnchanged() {
        AuthenticatedSession current = current();

        assertThrows(
                IllegalArgumentException.class,
                () -> service.reauthenticate(current, LoginOptions.defaults().withClaims(Map.of("sub", "bob"))));
        assertThrows(
                IllegalArgumentException.class,
                () -> service.reauthenticate(
                        current,
                        LoginOptions.defaults()
                                .withTimeouts(new SessionTimeouts(Duration.ofDays(31), Duration.ofDays(31)))));

        assertEquals(List.of(TestSessions.notCurrent(login.session())), service.listSessions("alice"));
        assertEquals(List.of(1L, 1), List.of(stored().version(), stored().generation()));
        service.validate(login.accessToken());
    }

    @Test
    void aTouchDuringAReauthenticationDoesNotPreventIt() {
        SessionAwareTokenService slow = aServiceOn(new StoreWrapper(store) {
                    private boolean touched;

                    @Override
                    public boolean replace(SessionRecord seen, SessionRecord next) {
                        if (!touched) {
                            touched = true;
                            service.validate(login.accessToken());
                        }
                        return super.replace(seen, next);
                    }
                })
                .clock(clock)
                .build();
        AuthenticatedSession current = current();
        clock.advance(Duration.ofMinutes(1));

        IssuedTokens next = slow.reauthenticate(current, LoginOptions.defaults());

        assertEquals(login.session().id(), next.session().id());
        assertEquals(List.of(TestSessions.notCurrent(next.session())), service.listSessions("alice"));
        assertEquals(List.of(3L, 2), List.of(stored().version(), stored().generation()));
        assertTokenRefused(Reason.OTHER_GENERATION, login.accessToken());
    }

    @Test
    void theTokensOfEachGenerationCarryItsNumberFromTheSecondOn() {
        IssuedTokens second = service.reauthenticate(current());
        IssuedTokens third = service.reauthenticate(service.validate(second.accessToken()));

        assertEquals(Optional.of(3), service.validate(third.accessToken()).claim("sid_gen", Integer.class));
        assertTrue(JWT.decode(login.accessToken()).getClaim("sid_gen").isMissing());
        assertEquals(2, JWT.decode(second.accessToken()).getClaim("sid_gen").asInt());
        assertEquals(
                login.session().id(),
                JWT.decode(third.accessToken()).getClaim("sid").asString());
    }

    @Test
    void onlyTheLatestGenerationIsValid() {
        IssuedTokens second = service.reauthenticate(current());
        assertTokenRefused(Reason.OTHER_GENERATION, login.accessToken());
        IssuedTokens third = service.reauthenticate(service.validate(second.accessToken()));

        assertTokenRefused(Reason.OTHER_GENERATION, login.accessToken());
        assertTokenRefused(Reason.OTHER_GENERATION, second.accessToken());
        assertEquals(login.session().id(), service.validate(third.accessToken()).sessionId());
    }

    @Test
    void aTokenOfAnotherGenerationCostsOneReadAndRecordsNoActivity() {
        service.reauthenticate(current());
        clock.advance(Duration.ofMinutes(5));
        SessionRecord before = stored();
        store.reset();

        assertTokenRefused(Reason.OTHER_GENERATION, login.accessToken());

        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
        assertEquals(before, stored());
    }

    @Test
    void anEndedOrExpiredSessionIsReportedBeforeTheGeneration() {
        IssuedTokens next = service.reauthenticate(current());
        clock.set(next.session().expiresAt());
        assertTokenRefused(Reason.SESSION_EXPIRED, login.accessToken());
        clock.set(START);
        service.revokeAllSessions("alice");

        assertTokenRefused(Reason.SESSION_ENDED, login.accessToken());
    }

    /** The signature is good, so only the record can tell. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 5, 1_000, Integer.MAX_VALUE})
    void aGenerationThatTheRecordDoesNotHaveCostsOneRead(int generation) {
        IssuedTokens second = service.reauthenticate(current());
        IssuedTokens third = service.reauthenticate(service.validate(second.accessToken()));
        Map<String, String> claims = HostileTokens.claimsOf(third.accessToken());
        assertEquals("3", claims.put("sid_gen", Integer.toString(generation)));
        store.reset();

        assertTokenRefused(Reason.OTHER_GENERATION, HostileTokens.rightly(claims));

        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
        claims.put("sid_gen", "3");
        service.validate(HostileTokens.rightly(claims));
    }

    @Test
    void aGenerationBeforeAnyStepUpCostsOneRead() {
        Map<String, String> claims = HostileTokens.claimsOf(login.accessToken());
        claims.put("sid_gen", "2");
        store.reset();

        assertTokenRefused(Reason.OTHER_GENERATION, HostileTokens.rightly(claims));

        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
    }

    @Test
    void aSessionThatWasValidatedBeforeAnotherStepUpCannotBeReauthenticated() {
        AuthenticatedSession before = current();
        IssuedTokens next = service.reauthenticate(current());

        assertRefused(Reason.OTHER_GENERATION, before);

        assertEquals(2, stored().generation());
        service.validate(next.accessToken());
    }

    /** Another tab has validated its request before the step-up. */
    @Test
    void aRequestFromBeforeAStepUpStillActsOnItsSession() {
        AuthenticatedSession before = current();
        IssuedTokens phone = service.issue("alice", ClientInfo.unknown());
        IssuedTokens next = service.reauthenticate(current());

        assertEquals(1, service.revokeOthers(before));
        assertTrue(service.rename(before, before.sessionId(), "kitchen tablet"));
        Session listed = service.listSessions(before).get(0);

        assertTokenRefused(Reason.SESSION_ENDED, phone.accessToken());
        assertTrue(listed.current());
        assertEquals(
                "kitchen tablet", service.validate(next.accessToken()).session().label());
        assertTrue(service.revoke(before));
        assertTokenRefused(Reason.SESSION_ENDED, next.accessToken());
    }

    @Test
    void reauthenticationReplacesTheRefreshFamily() {
        SessionAwareTokenService refreshing = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
        IssuedTokens r1 = refreshing.issue("bob", ClientInfo.unknown());
        IssuedTokens r2 = refreshing.refresh(r1.refreshToken(), ClientInfo.unknown());

        IssuedTokens next = refreshing.reauthenticate(refreshing.validate(r2.accessToken()));

        for (IssuedTokens old : List.of(r1, r2)) {
            assertEquals(
                    Reason.UNKNOWN_REFRESH_TOKEN,
                    assertThrows(
                                    InvalidTokenException.class,
                                    () -> refreshing.refresh(old.refreshToken(), ClientInfo.unknown()))
                            .reason());
        }
        IssuedTokens refreshed = refreshing.refresh(next.refreshToken(), ClientInfo.unknown());
        assertEquals(
                Optional.of(2), refreshing.validate(refreshed.accessToken()).claim("sid_gen", Integer.class));
    }

    /** For instance, a service behind the login page that never refreshes. */
    @Test
    void reauthenticationAtAServiceWithoutRefreshTokensEndsThoseOfTheOtherService() {
        SessionAwareTokenService refreshing = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
        IssuedTokens issued = refreshing.issue("bob", ClientInfo.unknown());

        IssuedTokens next = service.reauthenticate(service.validate(issued.accessToken()));

        assertNull(next.refreshToken());
        InvalidTokenException refusal = assertThrows(
                InvalidTokenException.class, () -> refreshing.refresh(issued.refreshToken(), ClientInfo.unknown()));
        assertEquals(Reason.UNKNOWN_REFRESH_TOKEN, refusal.reason());
        assertEquals("bob", refreshing.validate(next.accessToken()).userId());
    }

    @Test
    void categoryAndAttributesStayUnlessTheOptionsSetThem() {
        IssuedTokens issued = service.issue(
                "alice",
                ClientInfo.unknown(),
                LoginOptions.defaults().withCategory("api").withAttributes(Map.of("tenant", "blue")));
        IssuedTokens kept = service.reauthenticate(service.validate(issued.accessToken()));
        assertEquals("api", kept.session().category());
        assertEquals(Map.of("tenant", "blue"), kept.session().attributes());

        IssuedTokens changed = service.reauthenticate(
                service.validate(kept.accessToken()),
                LoginOptions.defaults().withCategory("support").withAttributes(Map.of()));

        assertEquals("support", changed.session().category());
        assertEquals(Map.of(), changed.session().attributes());
    }

    /** Applications push messages to a session and count its age. */
    @Test
    void reauthenticationKeepsIdLoginTimeLabelAndClient() {
        ClientInfo client = ClientInfo.builder().device("Firefox on Linux").build();
        IssuedTokens issued = service.issue("bob", client);
        service.renameSession("bob", issued.session().id(), "kitchen tablet");
        clock.advance(Duration.ofHours(1));

        Session next =
                service.reauthenticate(service.validate(issued.accessToken())).session();

        assertEquals(issued.session().id(), next.id());
        assertEquals(START, next.createdAt());
        assertEquals("kitchen tablet", next.label());
        assertEquals(client, next.client());
        assertEquals(clock.instant(), next.authentication().time());
    }

    @Test
    void aChangeThatTheStoreNeverAcceptsFailsAndIsNeitherSuccessNorRefusal() {
        SessionAwareTokenService stuck = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public boolean replace(SessionRecord seen, SessionRecord next) {
                        return false;
                    }
                })
                .clock(clock)
                .build();
        AuthenticatedSession current = current();

        assertThrows(SessionStoreException.class, () -> stuck.reauthenticate(current));
        assertThrows(SessionStoreException.class, () -> stuck.rename(current, current.sessionId(), "tablet"));

        service.validate(login.accessToken());
    }

    /** The client cannot know whether the change was made, so it tries its old token. */
    @Test
    void afterALostAnswerTheOldTokenIsRefusedAndTheSessionLives() {
        SessionAwareTokenService flaky = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public boolean replace(SessionRecord seen, SessionRecord next) {
                        super.replace(seen, next);
                        throw new SessionStoreException("the answer was lost");
                    }
                })
                .clock(clock)
                .build();
        AuthenticatedSession current = current();

        assertThrows(SessionStoreException.class, () -> flaky.reauthenticate(current));

        assertTokenRefused(Reason.OTHER_GENERATION, login.accessToken());
        assertEquals(1, service.listSessions("alice").size());
        assertRefused(Reason.OTHER_GENERATION, current);
    }

    private SessionRecord stored() {
        return store.list("alice").get(0);
    }

    private void assertTokenRefused(Reason reason, String token) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> service.validate(token));
        assertEquals(reason, refusal.reason());
    }

    private AuthenticatedSession current() {
        return service.validate(login.accessToken());
    }

    private void assertRefused(Reason reason, AuthenticatedSession current) {
        InvalidTokenException refusal = assertThrows(
                InvalidTokenException.class, () -> service.reauthenticate(current, LoginOptions.defaults()));
        assertEquals(reason, refusal.reason());
    }
}
