package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls of a request on what {@code validate} returned: nothing of another user can be named. */
class CurrentSessionTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service =
            aServiceOn(store).clock(clock).build();
    private final IssuedTokens laptop = service.issue("alice", CLIENT);
    private final IssuedTokens phone = service.issue("alice", CLIENT);
    private final IssuedTokens bobs = service.issue("bob", CLIENT);
    private final AuthenticatedSession current = service.validate(laptop.accessToken());

    @Test
    void theListMarksTheSessionOfTheRequest() {
        Map<String, Boolean> marks =
                service.listSessions(current).stream().collect(Collectors.toMap(Session::id, Session::current));

        assertEquals(Map.of(laptop.session().id(), true, phone.session().id(), false), marks);
    }

    @Test
    void theListOfARequestIsThatOfItsUserExceptForTheMark() {
        clock.advance(Duration.ofMinutes(5));
        service.validate(phone.accessToken());

        List<Session> listed = service.listSessions(current);

        assertEquals(
                service.listSessions("alice"),
                listed.stream().map(TestSessions::notCurrent).toList());
        assertEquals(phone.session().id(), listed.get(0).id(), "The most recently active session comes first");
        assertThrows(UnsupportedOperationException.class, () -> listed.remove(0));
    }

    @Test
    void aListWithoutTheSessionOfTheRequestMarksNone() {
        service.revoke(current);

        assertEquals(List.of(TestSessions.notCurrent(phone.session())), service.listSessions(current));
    }

    @Test
    void aSessionOfAServiceWithAnotherIssuerAudienceOrTypeIsRefused() {
        SessionAwareTokenService otherIssuer =
                aServiceOn(store).clock(clock).issuer("https://blog.example").build();
        SessionAwareTokenService otherAudience =
                aServiceOn(store).clock(clock).audience("https://api.example").build();
        SessionAwareTokenService otherType =
                aServiceOn(store).clock(clock).tokenType("ticket+jwt").build();
        for (SessionAwareTokenService other : List.of(otherIssuer, otherAudience, otherType)) {
            List<Executable> calls = List.of(
                    () -> other.listSessions(current),
                    () -> other.rename(current, current.sessionId(), "tablet"),
                    () -> other.revoke(current),
                    () -> other.revoke(current, current.sessionId()),
                    () -> other.revokeOthers(current),
                    () -> other.reissue(current, TokenOptions.defaults()),
                    () -> other.setAttributes(current, attributes -> attributes),
                    () -> other.reauthenticate(current));
            calls.forEach(call -> assertThrows(IllegalArgumentException.class, call));
        }

        assertLive(laptop);
        assertLive(phone);
    }

    /** The other service accepts tokens for both audiences. This one would refuse the token itself. */
    @Test
    void aSessionWhoseTokenIsForAnotherAudienceIsRefusedThoughItsServiceAcceptsBoth() {
        SessionAwareTokenService both = aServiceOn(store)
                .clock(clock)
                .audience(TestService.ISSUER, "https://files.example")
                .build();
        String ofFiles = service.reissue(current, TokenOptions.defaults().withAudience("https://files.example"))
                .accessToken();

        AuthenticatedSession files = both.validate(ofFiles);

        assertThrows(IllegalArgumentException.class, () -> service.reissue(files, TokenOptions.defaults()));
        service.listSessions(both.validate(laptop.accessToken()));
    }

    @Test
    void aSessionThatAnotherNodeOfTheServiceHasValidatedIsAccepted() {
        SessionAwareTokenService node = aServiceOn(store).clock(clock).build();

        assertTrue(node.revoke(current));

        assertEnded(laptop);
    }

    @Test
    void loggingOutEndsTheSessionOfTheRequestOnce() {
        assertTrue(service.revoke(current));
        assertFalse(service.revoke(current));

        assertEnded(laptop);
        assertLive(phone);
    }

    @Test
    void aRequestEndsAnotherDeviceOfItsUserOnce() {
        assertTrue(service.revoke(current, phone.session().id()));
        assertFalse(service.revoke(current, phone.session().id()));

        assertEnded(phone);
        assertLive(laptop);
    }

    @Test
    void aRequestMayEndItsOwnSessionByItsId() {
        assertTrue(service.revoke(current, current.sessionId()));

        assertEnded(laptop);
    }

    @Test
    void aRequestEndsNoSessionOfAnotherUser() {
        assertFalse(service.revoke(current, bobs.session().id()));
        assertFalse(service.revoke(current, bobs.session().id(), EndCause.LOGOUT));
        assertFalse(service.rename(current, bobs.session().id(), "mine"));

        assertLive(bobs);
        assertEquals(List.of(TestSessions.notCurrent(bobs.session())), service.listSessions("bob"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "short", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAA\n", "\ud800", "alice"})
    void aMalformedSessionIdEndsNothingWithoutAStoreCall(String sessionId) {
        store.reset();

        assertFalse(service.revoke(current, sessionId));
        assertFalse(service.revoke(current, sessionId, EndCause.LOGOUT));
        assertFalse(service.rename(current, sessionId, "tablet"));

        assertEquals(0, store.calls());
    }

    @Test
    void revokingOthersKeepsTheSessionOfTheRequest() {
        assertEquals(1, service.revokeOthers(current));
        assertEquals(0, service.revokeOthers(current));

        assertEnded(phone);
        assertLive(laptop);
        assertLive(bobs);
    }

    /** The request was validated before its session ended. */
    @Test
    void revokingOthersForASessionThatHasEndedMeanwhileEndsTheRest() {
        service.revoke(current);

        assertEquals(1, service.revokeOthers(current));

        assertEnded(phone);
        assertLive(bobs);
    }

    @Test
    void eachCallCostsOneStoreCall() {
        store.reset();

        service.listSessions(current);
        assertCost(1, 0);
        service.revoke(current, phone.session().id());
        assertCost(0, 1);
        service.revokeOthers(current);
        assertCost(0, 1);
        service.revoke(current);
        assertCost(0, 1);
    }

    @Test
    void nullIsRefusedByNameWithoutAStoreCall() {
        store.reset();
        for (Executable call : List.<Executable>of(
                () -> service.listSessions((AuthenticatedSession) null),
                () -> service.revoke(null),
                () -> service.revoke(null, EndCause.LOGOUT),
                () -> service.revoke(null, "x"),
                () -> service.revoke(null, "x", EndCause.LOGOUT),
                () -> service.revokeOthers(null),
                () -> service.revokeOthers(null, EndCause.LOGOUT),
                () -> service.rename(null, "x", "tablet"),
                () -> service.reauthenticate(null),
                () -> service.reauthenticate(null, LoginOptions.defaults()))) {
            assertEquals(
                    "current", assertThrows(NullPointerException.class, call).getMessage());
        }
        assertEquals(0, store.calls());
    }

    @Test
    void aRequestKnowsItsUserItsSessionAndItsTime() {
        clock.advance(Duration.ofSeconds(5));

        AuthenticatedSession request = service.validate(laptop.accessToken());

        assertEquals("alice", request.userId());
        assertEquals(laptop.session().id(), request.sessionId());
        assertEquals(laptop.session(), request.session());
        assertEquals(START.plusSeconds(5), request.validatedAt());
        assertEquals(START, current.validatedAt());
    }

    private void assertCost(int reads, int writes) {
        assertEquals(List.of(reads, writes), List.of(store.reads(), store.writes()));
        store.reset();
    }

    private void assertLive(IssuedTokens login) {
        assertEquals(login.session().id(), service.validate(login.accessToken()).sessionId());
    }

    private void assertEnded(IssuedTokens login) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.validate(login.accessToken()));
        assertEquals(Reason.SESSION_ENDED, refusal.reason());
    }
}
