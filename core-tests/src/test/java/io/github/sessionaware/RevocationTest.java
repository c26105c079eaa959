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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationTest {
    private static final Duration IDLE = Duration.ofDays(14);

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service =
            aServiceOn(store).clock(clock).build();

    @Test
    void revokingALiveSessionReturnsTrueOnce() {
        IssuedTokens issued = login("alice");

        assertTrue(service.revokeSession("alice", issued.session().id()));
        assertFalse(service.revokeSession("alice", issued.session().id()));
        assertEnded(issued);
    }

    @Test
    void revokingOneLeavesTheOthers() {
        IssuedTokens phone = login("alice");
        IssuedTokens laptop = login("alice");

        service.revokeSession("alice", phone.session().id());

        assertEnded(phone);
        assertLive(laptop);
        assertEquals(List.of(laptop.session()), service.listSessions("alice"));
    }

    @Test
    void revokingASessionOfAnotherUserReturnsFalseAndEndsNothing() {
        IssuedTokens alices = login("alice");

        for (String other : List.of("mallory", "Alice", "alice ", "al\u0131ce")) {
            assertFalse(service.revokeSession(other, alices.session().id()));
        }
        assertLive(alices);
    }

    @Test
    void revokingAnUnknownSessionReturnsFalse() {
        login("alice");

        assertFalse(service.revokeSession("alice", "AAAAAAAAAAAAAAAAAAAAAAAA"));
        assertFalse(service.revokeSession("nobody", "AAAAAAAAAAAAAAAAAAAAAAAA"));
        assertEquals(1, service.listSessions("alice").size());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "short",
                "has space in its middle",
                "AAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAA\n",
                "AAAAAAAAAAAAAAAAAAAAAA\0A",
                "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9",
                "' or '1'='1' -- aaaaaaaaaaaaa",
                "%%%%%%%%%%%%%%%%%%%%%%%%",
                "\ud800"
            })
    void aMalformedSessionIdCostsNoStoreCall(String sessionId) {
        assertFalse(service.revokeSession("alice", sessionId));
        assertEquals(0, store.calls());
    }

    @Test
    void aHugeSessionIdCostsNoStoreCall() {
        assertFalse(service.revokeSession("alice", "A".repeat(65)));
        assertFalse(service.revokeSession("alice", "A".repeat(20 << 20)));
        assertEquals(0, store.calls());
    }

    @Test
    void revokingAnExpiredSessionReturnsFalse() {
        String first = login("alice").session().id();
        String second = login("alice").session().id();

        clock.set(START.plus(IDLE).minusMillis(1));
        assertTrue(service.revokeSession("alice", first));
        clock.set(START.plus(IDLE));
        assertFalse(service.revokeSession("alice", second));
    }

    @Test
    void revokingAllEndsEverySessionOfTheUserAndNoOther() {
        List<IssuedTokens> alices = List.of(login("alice"), login("alice"), login("alice"));
        IssuedTokens bobs = login("bob");

        assertEquals(3, service.revokeAllSessions("alice"));

        alices.forEach(this::assertEnded);
        assertLive(bobs);
        assertEquals(0, service.revokeAllSessions("alice"));
        assertEquals(0, service.revokeAllSessions("nobody"));
    }

    @Test
    void revokingOthersKeepsTheGivenSession() {
        IssuedTokens kept = login("alice");
        List<IssuedTokens> others = List.of(login("alice"), login("alice"));
        IssuedTokens bobs = login("bob");

        assertEquals(2, service.revokeOtherSessions("alice", kept.session().id()));

        others.forEach(this::assertEnded);
        assertLive(kept);
        assertLive(bobs);
        assertEquals(0, service.revokeOtherSessions("alice", kept.session().id()));
    }

    @Test
    void revokingOthersKeepsNothingIfTheUserDoesNotOwnTheGivenSession() {
        IssuedTokens bobs = login("bob");
        for (String kept :
                List.of(bobs.session().id(), "AAAAAAAAAAAAAAAAAAAAAAAA", "malformed", "", "A\0".repeat(12))) {
            List<IssuedTokens> alices = List.of(login("alice"), login("alice"));

            assertEquals(2, service.revokeOtherSessions("alice", kept));
            alices.forEach(this::assertEnded);
        }
        assertLive(bobs);
    }

    @Test
    void revokingOthersThanNullIsRefusedByNameAndEndsNothing() {
        IssuedTokens alices = login("alice");

        NullPointerException refusal =
                assertThrows(NullPointerException.class, () -> service.revokeOtherSessions("alice", null));
        assertEquals("keptSessionId", refusal.getMessage());
        assertLive(alices);
    }

    @Test
    void revokingAllCountsLiveSessionsOnly() {
        loginThreeTimesAndOutliveTwo();

        assertEquals(1, service.revokeAllSessions("alice"));
        clock.advance(Duration.ofDays(1));
        assertEquals(0, service.purgeExpiredSessions());
    }

    @Test
    void revokingOthersCountsLiveSessionsOnly() {
        loginThreeTimesAndOutliveTwo();
        String kept = login("alice").session().id();

        assertEquals(1, service.revokeOtherSessions("alice", kept));
        clock.advance(Duration.ofDays(1));
        assertEquals(0, service.purgeExpiredSessions());
    }

    @Test
    void purgingRemovesWhatExpiredADayAgoAndNothingElse() {
        Duration day = Duration.ofDays(1);
        login("alice");
        clock.advance(Duration.ofMillis(1));
        login("alice");

        clock.set(START.plus(IDLE).plus(day).minusMillis(1));
        assertEquals(0, service.purgeExpiredSessions());
        clock.set(START.plus(IDLE).plus(day));
        assertEquals(1, service.purgeExpiredSessions());
        assertEquals(0, service.purgeExpiredSessions());
        clock.set(START.plus(IDLE).plus(day).plusMillis(1));
        assertEquals(1, service.purgeExpiredSessions());
    }

    @Test
    void aNodeWhoseClockIsAheadPurgesNothingThatIsLiveForAnother() {
        IssuedTokens issued = login("alice");
        clock.set(START.plus(IDLE).minusMillis(1));
        FakeClock ahead = new FakeClock(clock.instant().plus(Duration.ofHours(23)));
        SessionAwareTokenService otherNode = aServiceOn(store).clock(ahead).build();

        assertEquals(0, otherNode.purgeExpiredSessions());

        assertEquals(List.of(issued.session()), service.listSessions("alice"));
    }

    @Test
    void theListHoldsLiveSessionsMostRecentlyActiveFirst() {
        IssuedTokens first = login("alice");
        clock.advance(Duration.ofMinutes(2));
        IssuedTokens second = login("alice");
        clock.advance(Duration.ofMinutes(2));
        IssuedTokens third = login("alice");
        clock.advance(Duration.ofMinutes(2));
        Session active = service.validate(first.accessToken()).session();

        assertEquals(List.of(active, third.session(), second.session()), service.listSessions("alice"));
        assertEquals(List.of(), service.listSessions("bob"));
        assertThrows(
                UnsupportedOperationException.class,
                () -> service.listSessions("alice").remove(0));
    }

    @Test
    void amongSessionsOfEqualActivityTheListHoldsTheNewestFirstAndThenTheSmallerId() {
        Session b = storedSession("b", START);
        Session a = storedSession("a", START);
        Session newest = storedSession("c", START.plusSeconds(1));

        assertEquals(List.of(newest, a, b), service.listSessions("alice"));
    }

    private Session storedSession(String letter, Instant createdAt) {
        Session session = new Session(
                letter.repeat(22), "alice", ClientInfo.unknown(), createdAt, START.plusSeconds(5), START.plus(IDLE));
        store.create(session);
        return session;
    }

    private IssuedTokens login(String user) {
        return service.issue(user, ClientInfo.unknown());
    }

    /** A thief who authenticates again must not survive the password change. */
    @Test
    void reauthenticationDoesNotMakeASessionNewer() {
        IssuedTokens issued = login("alice");
        clock.set(START.plusSeconds(20));
        service.reauthenticate(service.validate(issued.accessToken()), LoginOptions.none());

        assertEquals(1, service.revokeSessionsCreatedBefore("alice", START.plusSeconds(10), EndCause.PASSWORD_CHANGED));
        assertEquals(List.of(), service.listSessions("alice"));
    }

    @Test
    void aSessionCreatedInTheSameMillisecondStays() {
        login("alice");

        assertEquals(
                0, service.revokeSessionsCreatedBefore("alice", START.plusNanos(500_000), EndCause.PASSWORD_CHANGED));
    }

    @Test
    void aLongerPolicyRevivesNoExpiredSession() {
        SessionAwareTokenService before = aServiceOn(store)
                .clock(clock)
                .idleTimeout(Duration.ofHours(1))
                .accessTokenLifetime(Duration.ofDays(1))
                .build();
        IssuedTokens issued = before.issue("alice", ClientInfo.unknown());
        String id = issued.session().id();
        clock.set(START.plus(Duration.ofHours(2)));

        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.validate(issued.accessToken()));
        assertEquals(Reason.SESSION_EXPIRED, refusal.reason());
        assertEquals(List.of(), service.listSessions("alice"));
        assertFalse(service.renameSession("alice", id, "tablet"));
        assertFalse(service.revokeSession("alice", id));
    }

    private void loginThreeTimesAndOutliveTwo() {
        login("alice");
        login("alice");
        clock.advance(Duration.ofMillis(1));
        login("alice");
        clock.set(START.plus(IDLE));
    }

    private void assertLive(IssuedTokens issued) {
        assertEquals(
                issued.session().id(), service.validate(issued.accessToken()).sessionId());
    }

    private void assertEnded(IssuedTokens issued) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.validate(issued.accessToken()));
        assertEquals(Reason.SESSION_ENDED, refusal.reason());
    }
}
