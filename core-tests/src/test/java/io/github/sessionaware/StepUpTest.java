package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Before something dangerous the user is authenticated again, and the session goes on under a new id. */
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
                assertThrows(NullPointerException.class, () -> service.reauthenticate(null, LoginOptions.none()))
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

        IssuedTokens next = service.reauthenticate(current(), LoginOptions.none());

        assertEquals(START.plus(Duration.ofDays(40)), next.session().expiresAt());
        assertEquals(START.plus(Duration.ofDays(56)), next.accessTokenExpiresAt());
        assertEquals(START, next.session().createdAt());
    }

    @Test
    void reauthenticationSetsClaimsAndTimeoutsAndElseKeepsTheTimeouts() {
        IssuedTokens aal2 = service.reauthenticate(
                current(),
                LoginOptions.none().withTimeouts(SessionTimeouts.NIST_AAL2).withClaims(Map.of("acr", "aal2")));
        AuthenticatedSession now = service.validate(aal2.accessToken());
        assertEquals("aal2", now.token().getClaim("acr").asString());
        assertEquals(START.plus(Duration.ofHours(1)), aal2.session().expiresAt());

        IssuedTokens again = service.reauthenticate(now, LoginOptions.none());

        assertEquals(SessionTimeouts.NIST_AAL2, again.session().timeouts());
        assertNull(again.refreshToken());
    }

    @Test
    void reauthenticationCostsOneReadAndOneWrite() {
        AuthenticatedSession current = current();
        store.reset();

        service.reauthenticate(current, LoginOptions.none());

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
                () -> service.reauthenticate(current, LoginOptions.none().withClaims(Map.of("sub", "bob"))));
        assertThrows(
                IllegalArgumentException.class,
                () -> service.reauthenticate(
                        current,
                        LoginOptions.none()
                                .withTimeouts(new SessionTimeouts(Duration.ofDays(31), Duration.ofDays(31)))));

        assertEquals(List.of(login.session()), service.listSessions("alice"));
    }

    @Test
    void aTouchDuringAReauthenticationDoesNotPreventIt() {
        SessionAwareTokenService slow = aServiceOn(new StoreWrapper(store) {
                    private boolean touched;

                    @Override
                    public boolean replace(Session seen, Session next) {
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

        IssuedTokens next = slow.reauthenticate(current, LoginOptions.none());

        assertNotEquals(login.session().id(), next.session().id());
        assertEquals(List.of(next.session()), service.listSessions("alice"));
    }

    private AuthenticatedSession current() {
        return service.validate(login.accessToken());
    }

    private void assertRefused(Reason reason, AuthenticatedSession current) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.reauthenticate(current, LoginOptions.none()));
        assertEquals(reason, refusal.reason());
    }
}
