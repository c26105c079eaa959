package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Nodes with different settings on one store, and a session that one node changes for the other. */
class TwoNodesTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore store = new ReferenceStore();
    private final SessionAwareTokenService one = builder(store).build();
    private final SessionAwareTokenService other = builder(store).build();

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "REFUSE_LOGIN")
    void atTheLimitTheOldestOrTheLeastRecentlyActiveSessionEnds(AtLimit atLimit) {
        SessionAwareTokenService limited = limited(2, atLimit);
        IssuedTokens first = limited.issue("alice", CLIENT);
        clock.advance(Duration.ofMinutes(1));
        IssuedTokens second = limited.issue("alice", CLIENT);
        clock.advance(Duration.ofMinutes(1));
        other.validate(first.accessToken());

        IssuedTokens third = limited.issue("alice", CLIENT);

        boolean oldestEnds = atLimit == AtLimit.END_OLDEST;
        assertEquals(ids(oldestEnds ? second : first, third), listedIds());
        assertEnded(oldestEnds ? first : second);
    }

    @Test
    void aLoweredLimitAppliesFromTheNextLoginOfTheUser() {
        SessionAwareTokenService five = limited(5, AtLimit.END_OLDEST);
        List<IssuedTokens> logins = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            logins.add(five.issue("alice", CLIENT));
            clock.advance(Duration.ofSeconds(1));
        }
        SessionAwareTokenService two = limited(2, AtLimit.END_OLDEST);
        assertEquals(5, two.listSessions("alice").size());

        IssuedTokens next = two.issue("alice", CLIENT);

        assertEquals(ids(logins.get(4), next), listedIds());
    }

    @Test
    void shorterTimeoutsApplyToSessionsThatExist() {
        IssuedTokens login = one.issue("alice", CLIENT);
        SessionAwareTokenService stricter = builder(store)
                .idleTimeout(Duration.ofMinutes(30))
                .absoluteTimeout(Duration.ofHours(1))
                .build();

        clock.advance(Duration.ofMinutes(14));
        stricter.validate(login.accessToken());
        clock.advance(Duration.ofMinutes(30));

        assertEquals(List.of(), stricter.listSessions("alice"));
        assertEquals(0, stricter.revokeAllSessions("alice"), "No session was live");
    }

    @Test
    void reauthenticationRefusesTheOldTokensAndKeepsTheLabelAndTheLogin() {
        IssuedTokens old = one.issue("alice", CLIENT, LoginOptions.defaults().withAuthenticationMethods("pwd"));
        one.renameSession("alice", old.session().id(), "kitchen tablet");
        clock.advance(Duration.ofMinutes(14));
        AuthenticatedSession current =
                one.validate(other.refresh(old.refreshToken(), CLIENT).accessToken());

        IssuedTokens next =
                one.reauthenticate(current, LoginOptions.defaults().withAuthenticationMethods("pwd", "otp"));

        assertEquals(old.session().id(), next.session().id());
        assertEquals(List.of(TestSessions.notCurrent(next.session())), other.listSessions("alice"));
        assertEquals(old.session().createdAt(), next.session().createdAt());
        assertEquals("kitchen tablet", next.session().label());
        assertEquals(clock.instant(), next.session().authentication().time());
        assertEquals(List.of("pwd", "otp"), next.session().authentication().methods());
        other.validate(next.accessToken()).requireAuthenticatedWithin(Duration.ZERO);
        assertRefused(Reason.OTHER_GENERATION, () -> other.validate(old.accessToken()));
        assertRefused(Reason.UNKNOWN_REFRESH_TOKEN, () -> other.refresh(old.refreshToken(), CLIENT));
        other.validate(other.refresh(next.refreshToken(), CLIENT).accessToken());
    }

    /** A transaction of the application may have read the sessions before another node ended them. */
    @Test
    void aSessionThatAnotherNodeHasEndedIsNotCountedAgain() {
        SessionAwareTokenService stale = builder(new StoreWrapper(store) {
                    private List<SessionRecord> seen = List.of();

                    @Override
                    public List<SessionRecord> list(String userId) {
                        seen = seen.isEmpty() ? super.list(userId) : seen;
                        return seen;
                    }
                })
                .build();
        stale.issue("alice", CLIENT);
        Instant later = clock.instant().plusSeconds(1);

        assertEquals(1, stale.revokeSessionsCreatedBefore("alice", later, EndCause.PASSWORD_CHANGED));
        assertEquals(0, stale.revokeSessionsCreatedBefore("alice", later, EndCause.PASSWORD_CHANGED));
    }

    private SessionAwareTokenServiceBuilder builder(SessionStore nodesStore) {
        return aServiceOn(nodesStore).clock(clock).refreshTokens(TestService.refreshSecret());
    }

    private SessionAwareTokenService limited(int limit, AtLimit atLimit) {
        return builder(store).sessionLimit(new SessionLimit(limit, atLimit)).build();
    }

    private static Set<String> ids(IssuedTokens... logins) {
        return Stream.of(logins).map(login -> login.session().id()).collect(Collectors.toSet());
    }

    private Set<String> listedIds() {
        return other.listSessions("alice").stream().map(Session::id).collect(Collectors.toSet());
    }

    private void assertEnded(IssuedTokens login) {
        assertRefused(Reason.SESSION_ENDED, () -> other.validate(login.accessToken()));
    }

    private static void assertRefused(Reason reason, Executable call) {
        assertEquals(reason, assertThrows(InvalidTokenException.class, call).reason());
    }
}
