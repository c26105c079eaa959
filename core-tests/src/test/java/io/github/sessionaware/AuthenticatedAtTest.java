package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The user was authenticated elsewhere or earlier, for instance at an identity provider. */
class AuthenticatedAtTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = aService(clock).build();

    @Test
    void theTimeIsStoredWithTheSession() {
        IssuedTokens login = issue(START.minus(Duration.ofHours(3)).plusNanos(1_999_999));

        assertEquals(
                START.minus(Duration.ofHours(3)).plusMillis(1),
                login.session().authentication().time());
        assertEquals(START, login.session().createdAt());
        assertEquals(START, login.session().lastActiveAt());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void aTimeInTheFutureIsRefused(int millis) {
        Instant time = START.plusMillis(millis);

        if (millis <= 0) {
            assertEquals(time, issue(time).session().authentication().time());
        } else {
            String message = assertThrows(IllegalArgumentException.class, () -> issue(time))
                    .getMessage();
            assertEquals("authenticatedAt must not be in the future, was " + time + " at " + START, message);
            assertEquals(0, store.calls());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void aTimeAsLongAgoAsTheAbsoluteTimeoutIsRefused(int millis) {
        Instant time = START.minus(DAY).plusMillis(millis);

        if (millis < 0) {
            String message = assertThrows(IllegalArgumentException.class, () -> issue(time))
                    .getMessage();
            assertEquals("authenticatedAt must not be as long ago as the absolute timeout, was " + time, message);
            assertEquals(0, store.calls());
        } else {
            // The deadline is a whole second, so the session of the next second is the first that lives.
            assertThrows(IllegalArgumentException.class, () -> issue(time));
            issue(START.minus(DAY).plusSeconds(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theAbsoluteTimeoutCountsFromIt(int millis) {
        IssuedTokens login = issue(START.minus(Duration.ofHours(20)));
        Instant deadline = START.plus(Duration.ofHours(4));
        assertEquals(deadline, login.session().expiresAt());
        clock.set(deadline.plusMillis(millis));

        if (millis < 0) {
            assertEquals("alice", service.validate(login.accessToken()).userId());
        } else {
            assertThrows(InvalidTokenException.class, () -> service.validate(login.accessToken()));
            assertEquals(List.of(), service.listSessions("alice"));
        }
    }

    @Test
    void theTokenNeverExpiresAfterTheAbsoluteDeadline() {
        assertEquals(
                START.plusSeconds(60), issue(START.minus(DAY).plusSeconds(60)).accessTokenExpiresAt());
    }

    @Test
    void aShorterAbsoluteTimeoutOfTheSessionCounts() {
        LoginOptions brief = LoginOptions.defaults()
                .withTimeouts(new SessionTimeouts(Duration.ofHours(1), Duration.ofHours(1)))
                .withAuthenticatedAt(START.minus(Duration.ofHours(1)));

        assertThrows(IllegalArgumentException.class, () -> service.issue("alice", ClientInfo.unknown(), brief));

        assertEquals(0, store.calls());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void requireAuthenticatedWithinCountsFromIt(int millis) {
        AuthenticatedSession current = service.validate(
                issue(START.minus(Duration.ofMinutes(5)).minusMillis(millis)).accessToken());

        if (millis > 0) {
            assertThrows(
                    ReauthenticationRequiredException.class,
                    () -> current.requireAuthenticatedWithin(Duration.ofMinutes(5)));
        } else {
            current.requireAuthenticatedWithin(Duration.ofMinutes(5));
        }
    }

    @Test
    void aTimeOutsideTheYears0To9999IsRefused() {
        for (Instant time : List.of(Instant.MIN, Instant.MAX, Instant.parse("-0001-12-31T23:59:59Z"))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> LoginOptions.defaults().withAuthenticatedAt(time));
        }
        assertEquals(
                "authenticatedAt",
                assertThrows(
                                NullPointerException.class,
                                () -> LoginOptions.defaults().withAuthenticatedAt(null))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> issue(Instant.EPOCH));
        assertThrows(IllegalArgumentException.class, () -> issue(Instant.parse("0000-01-01T00:00:00Z")));
        assertThrows(IllegalArgumentException.class, () -> issue(Instant.parse("9999-12-31T23:59:59Z")));
        assertEquals(0, store.calls());
    }

    @Test
    void aRenewedAuthenticationMayHaveHappenedElsewhere() {
        AuthenticatedSession current = service.validate(issue(START).accessToken());
        clock.advance(Duration.ofMinutes(10));

        IssuedTokens renewed = service.reauthenticate(current, at(START.plus(Duration.ofMinutes(8))));

        assertEquals(
                START.plus(Duration.ofMinutes(8)),
                renewed.session().authentication().time());
        AuthenticatedSession next = service.validate(renewed.accessToken());
        next.requireAuthenticatedWithin(Duration.ofMinutes(2));
        assertThrows(
                ReauthenticationRequiredException.class,
                () -> next.requireAuthenticatedWithin(Duration.ofMinutes(2).minusMillis(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void aRenewedAuthenticationIsNotBeforeTheLast(int millis) {
        IssuedTokens login = issue(START.minusSeconds(10));
        AuthenticatedSession current = service.validate(login.accessToken());
        Instant time = START.minusSeconds(10).plusMillis(millis);
        store.reset();

        if (millis < 0) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> service.reauthenticate(current, at(time)))
                    .getMessage();
            assertTrue(message.contains("last authentication (2026-03-01T09:59:50Z), was 2026-03-01T09:59:49.999Z"));
            assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
            service.validate(login.accessToken());
        } else {
            assertEquals(
                    time,
                    service.reauthenticate(current, at(time))
                            .session()
                            .authentication()
                            .time());
        }
    }

    @Test
    void aRenewedAuthenticationInTheFutureIsRefused() {
        IssuedTokens login = issue(START);
        AuthenticatedSession current = service.validate(login.accessToken());

        assertThrows(IllegalArgumentException.class, () -> service.reauthenticate(current, at(START.plusMillis(1))));

        service.validate(login.accessToken());
    }

    /** The session would have expired when it was stored. */
    @Test
    void aRenewedAuthenticationAsLongAgoAsTheNewTimeoutsIsRefused() {
        IssuedTokens login = issue(START.minus(Duration.ofHours(10)));
        AuthenticatedSession current = service.validate(login.accessToken());
        List<SessionRecord> before = store.list("alice");
        LoginOptions brief = at(START.minus(Duration.ofHours(9)))
                .withTimeouts(new SessionTimeouts(Duration.ofHours(1), Duration.ofHours(8)));

        assertThrows(IllegalArgumentException.class, () -> service.reauthenticate(current, brief));

        assertEquals(before, store.list("alice"));
        service.validate(login.accessToken());
    }

    /** The application names no time, so nothing that it said is wrong. */
    @Test
    void aNodeWhoseClockIsBehindReauthenticatesWithoutMovingTheTimeBack() {
        SessionAwareTokenService behind =
                aService(new FakeClock(START.minusSeconds(2))).build();
        AuthenticatedSession current = behind.validate(issue(START).accessToken());

        IssuedTokens renewed = behind.reauthenticate(current);

        assertEquals(START, renewed.session().authentication().time());
        assertEquals("alice", service.validate(renewed.accessToken()).userId());
    }

    @Test
    void aMigrationMayNameALaterAuthentication() {
        SessionAwareTokenService migrating =
                aService(clock).acceptStatelessTokensUntil(START.plus(DAY)).build();
        String old = JWT.create()
                .withIssuer(ISSUER)
                .withSubject("alice")
                .withAudience(ISSUER)
                .withIssuedAt(START.minus(Duration.ofDays(5)))
                .withExpiresAt(START.plus(DAY))
                .sign(Algorithm.HMAC256(TestService.secret()));
        assertEquals(
                Reason.SESSION_EXPIRED,
                assertThrows(InvalidTokenException.class, () -> migrating.migrateStateless(old, ClientInfo.unknown()))
                        .reason());
        assertThrows(
                IllegalArgumentException.class,
                () -> migrating.migrateStateless(old, ClientInfo.unknown(), at(START.plusMillis(1))));
        assertEquals(2, store.calls(), "Each call looks whether the token has a session");

        IssuedTokens migrated = migrating.migrateStateless(old, ClientInfo.unknown(), at(START.minusSeconds(60)));

        assertEquals(START.minusSeconds(60), migrated.session().authentication().time());
    }

    private SessionAwareTokenServiceBuilder aService(FakeClock on) {
        return aServiceOn(store).clock(on).absoluteTimeout(DAY).idleTimeout(DAY).accessTokenLifetime(DAY);
    }

    private IssuedTokens issue(Instant authenticatedAt) {
        return service.issue("alice", ClientInfo.unknown(), at(authenticatedAt));
    }

    private static LoginOptions at(Instant authenticatedAt) {
        return LoginOptions.defaults().withAuthenticatedAt(authenticatedAt);
    }
}
