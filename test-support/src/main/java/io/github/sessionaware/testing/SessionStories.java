package io.github.sessionaware.testing;

import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionLimitExceededException;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of sessions under limits, step-up and names, on two nodes, to be kept on every store. */
public abstract class SessionStories extends RefreshStories {
    private static final int LOGINS = 50;
    private static final ClientInfo CLIENT = ClientInfo.unknown();
    private static final LoginOptions PASSWORD = LoginOptions.none().withAuthenticationMethods("pwd");

    @Test
    void fiftyLoginsWithLimitThreeOnTwoNodesLeaveThree() throws Exception {
        for (AtLimit atLimit : List.of(AtLimit.END_OLDEST, AtLimit.END_LEAST_RECENTLY_ACTIVE)) {
            Ended ended = new Ended();
            SessionAwareTokenService one = limited(store, 3, atLimit, ended);
            SessionAwareTokenService other = limited(otherNode(), 3, atLimit, ended);
            for (int round = 0; round < ROUNDS; round++) {
                clock.advance(Duration.ofSeconds(1));
                List<IssuedTokens> logins = together(LOGINS, i -> (i % 2 == 0 ? one : other).issue("alice", CLIENT));

                List<Session> left = one.listSessions("alice");
                assertEquals(3, left.size());
                assertEquals(3, store.list("alice").size());
                assertTrue(ids(logins).containsAll(idsOf(left)), "the newest are left");
                for (IssuedTokens login : logins) {
                    assertEquals(idsOf(left).contains(login.session().id()), validates(other, login), "listed is live");
                }
                assertEquals(
                        LOGINS * (round + 1) - 3, ended.of(EndCause.SESSION_LIMIT), "each that ended is told once");
            }
            one.revokeAllSessions("alice");
        }
        System.out.println("limit races of " + LOGINS + " logins on two nodes: " + 2 * ROUNDS + " rounds, 0 failures");
    }

    @Test
    void ofFiftyLoginsAtALimitThatRefusesThreeSucceed() throws Exception {
        SessionAwareTokenService one = limited(store, 3, AtLimit.REFUSE_LOGIN, new Ended());
        SessionAwareTokenService other = limited(otherNode(), 3, AtLimit.REFUSE_LOGIN, new Ended());
        for (int round = 0; round < ROUNDS; round++) {
            AtomicInteger refused = new AtomicInteger();
            Queue<IssuedTokens> accepted = new ConcurrentLinkedQueue<>();

            together(LOGINS, i -> {
                try {
                    accepted.add((i % 2 == 0 ? one : other).issue("alice", CLIENT));
                } catch (SessionLimitExceededException e) {
                    refused.incrementAndGet();
                }
                return i;
            });

            assertEquals(List.of(3, LOGINS - 3), List.of(accepted.size(), refused.get()));
            assertEquals(ids(accepted), idsOf(other.listSessions("alice")));
            one.revokeAllSessions("alice");
        }
    }

    @Test
    void atTheLimitTheOldestOrTheLeastRecentlyActiveEnds() {
        for (AtLimit atLimit : List.of(AtLimit.END_OLDEST, AtLimit.END_LEAST_RECENTLY_ACTIVE)) {
            SessionAwareTokenService service = limited(store, 2, atLimit, new Ended());
            IssuedTokens first = service.issue("alice", CLIENT);
            clock.advance(Duration.ofMinutes(1));
            IssuedTokens second = service.issue("alice", CLIENT);
            clock.advance(Duration.ofMinutes(1));
            service.validate(first.accessToken());

            IssuedTokens third = service.issue("alice", CLIENT);

            IssuedTokens gone = atLimit == AtLimit.END_OLDEST ? first : second;
            IssuedTokens kept = atLimit == AtLimit.END_OLDEST ? second : first;
            assertEquals(ids(List.of(kept, third)), idsOf(service.listSessions("alice")));
            assertEnded(service, gone);
            service.revokeAllSessions("alice");
        }
    }

    @Test
    void limitLoweredCountsAtTheNextLoginOfThatUser() {
        SessionAwareTokenService five = limited(store, 5, AtLimit.END_OLDEST, new Ended());
        List<IssuedTokens> logins = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            logins.add(five.issue("alice", CLIENT));
            clock.advance(Duration.ofSeconds(1));
        }
        SessionAwareTokenService two = limited(otherNode(), 2, AtLimit.END_OLDEST, new Ended());
        assertEquals(5, two.listSessions("alice").size(), "until the next login all go on");

        IssuedTokens next = two.issue("alice", CLIENT);

        assertEquals(ids(List.of(logins.get(4), next)), idsOf(two.listSessions("alice")));
    }

    @Test
    void expiredSessionsTakeNoPlace() {
        SessionAwareTokenService service = limited(store, 1, AtLimit.REFUSE_LOGIN, new Ended());
        service.issue("alice", CLIENT);
        clock.advance(Duration.ofDays(14));

        IssuedTokens next = service.issue("alice", CLIENT);

        assertEquals(ids(List.of(next)), idsOf(service.listSessions("alice")));
        assertThrows(SessionLimitExceededException.class, () -> service.issue("alice", CLIENT));
    }

    @Test
    void reauthenticationGoesOnUnderANewIdAndTheOldTokensAreRefused() {
        SessionAwareTokenService one = service(store);
        SessionAwareTokenService other = service(otherNode());
        IssuedTokens old = one.issue("alice", CLIENT, PASSWORD);
        one.renameSession("alice", old.session().id(), "kitchen tablet");
        clock.advance(Duration.ofMinutes(14));
        AuthenticatedSession current =
                one.validate(other.refresh(old.refreshToken(), CLIENT).accessToken());

        IssuedTokens next = one.reauthenticate(current, LoginOptions.none().withAuthenticationMethods("pwd", "otp"));

        assertNotEquals(old.session().id(), next.session().id());
        assertEquals(List.of(next.session()), other.listSessions("alice"));
        assertEquals(old.session().createdAt(), next.session().createdAt());
        assertEquals("kitchen tablet", next.session().label());
        assertEquals(clock.instant(), next.session().authentication().time());
        assertEquals(List.of("pwd", "otp"), next.session().authentication().methods());
        other.validate(next.accessToken()).requireAuthenticatedWithin(Duration.ZERO);
        assertEnded(other, old);
        assertThrows(InvalidTokenException.class, () -> other.refresh(old.refreshToken(), CLIENT));
        other.validate(other.refresh(next.refreshToken(), CLIENT).accessToken());
    }

    /** There is no moment between: either the old session is there or the new one. */
    @Test
    void reauthenticateCutBetweenItsTwoHalvesLeavesOneSession() {
        for (boolean before : new boolean[] {true, false}) {
            SessionAwareTokenService cut = service(new StoreWrapper(store) {
                @Override
                public boolean replace(Session seen, Session next) {
                    if (before) {
                        throw new SessionStoreException("cut off");
                    }
                    super.replace(seen, next);
                    throw new SessionStoreException("cut off");
                }
            });
            IssuedTokens old = cut.issue("alice", CLIENT);
            AuthenticatedSession current = cut.validate(old.accessToken());

            assertThrows(SessionStoreException.class, () -> cut.reauthenticate(current, PASSWORD));

            SessionAwareTokenService other = service(otherNode());
            assertEquals(1, other.listSessions("alice").size());
            assertEquals(before, validates(other, old));
            assertEquals(1, other.revokeAllSessions("alice"));
        }
    }

    @Test
    void reauthenticationThatMeetsRevokeAllLeavesNothingValid() throws Exception {
        SessionAwareTokenService one = service(store);
        SessionAwareTokenService other = service(otherNode());
        for (int round = 0; round < ROUNDS; round++) {
            List<AuthenticatedSession> devices = Stream.generate(() -> one.issue("alice", CLIENT))
                    .limit(3)
                    .map(login -> one.validate(login.accessToken()))
                    .toList();

            List<Optional<IssuedTokens>> answers = together(4, i -> {
                if (i == 3) {
                    other.revokeAllSessions("alice");
                    return Optional.empty();
                }
                try {
                    return Optional.of(one.reauthenticate(devices.get(i), PASSWORD));
                } catch (InvalidTokenException e) {
                    return Optional.empty();
                }
            });

            assertEquals(List.of(), other.listSessions("alice"));
            answers.stream().flatMap(Optional::stream).forEach(tokens -> assertEnded(other, tokens));
        }
        System.out.println("reauthentication meets revoke-all: " + ROUNDS + " rounds, 0 failures");
    }

    @Test
    void ofSimultaneousReauthenticationsOneGoesOn() throws Exception {
        SessionAwareTokenService one = service(store);
        SessionAwareTokenService other = service(otherNode());
        for (int round = 0; round < ROUNDS; round++) {
            AuthenticatedSession current =
                    one.validate(one.issue("alice", CLIENT).accessToken());

            List<Optional<IssuedTokens>> answers = together(8, i -> {
                try {
                    return Optional.of((i % 2 == 0 ? one : other).reauthenticate(current, PASSWORD));
                } catch (InvalidTokenException e) {
                    assertEquals(Reason.SESSION_ENDED, e.reason());
                    return Optional.empty();
                }
            });

            List<IssuedTokens> won = answers.stream().flatMap(Optional::stream).toList();
            assertEquals(1, won.size());
            assertEquals(ids(won), idsOf(other.listSessions("alice")));
            one.revokeAllSessions("alice");
        }
    }

    @Test
    void aNewNameSurvivesWhateverElseHappensToTheSession() throws Exception {
        SessionAwareTokenService one = service(store);
        SessionAwareTokenService other = service(otherNode());
        IssuedTokens tokens = one.issue("alice", CLIENT);
        String id = tokens.session().id();
        AtomicReference<String> refreshToken = new AtomicReference<>(tokens.refreshToken());
        for (int round = 0; round < ROUNDS; round++) {
            String label = "tablet " + round;
            clock.advance(Duration.ofMinutes(1));

            together(3, i -> {
                switch (i) {
                    case 0 -> assertTrue(one.renameSession("alice", id, label));
                    case 1 ->
                        refreshToken.set(
                                other.refresh(refreshToken.get(), CLIENT).refreshToken());
                    default -> one.listSessions("alice");
                }
                return i;
            });

            assertEquals(label, other.listSessions("alice").get(0).label());
        }
        one.refresh(refreshToken.get(), CLIENT);
    }

    @Test
    void aLoginAfterRevokeAllSurvivesAndEveryOneBeforeIsGone() throws Exception {
        SessionAwareTokenService one = service(store);
        SessionAwareTokenService other = service(otherNode());
        for (int round = 0; round < ROUNDS; round++) {
            IssuedTokens before = one.issue("alice", CLIENT);
            Queue<IssuedTokens> after = new ConcurrentLinkedQueue<>();
            Queue<IssuedTokens> meanwhile = new ConcurrentLinkedQueue<>();

            together(4, i -> {
                if (i == 0) {
                    other.revokeAllSessions("alice");
                    after.add(other.issue("alice", CLIENT));
                } else {
                    meanwhile.add(one.issue("alice", CLIENT));
                }
                return i;
            });

            Set<String> listed = idsOf(one.listSessions("alice"));
            assertTrue(listed.containsAll(ids(after)));
            assertFalse(listed.contains(before.session().id()));
            assertEnded(one, before);
            for (IssuedTokens login : meanwhile) {
                assertEquals(listed.contains(login.session().id()), validates(other, login), "alive means listed");
            }
            one.revokeAllSessions("alice");
        }
    }

    @Test
    void sessionsCreatedBeforeAnInstantEnd() {
        SessionAwareTokenService one = service(store);
        IssuedTokens before = one.issue("alice", CLIENT);
        clock.advance(Duration.ofMillis(1));
        IssuedTokens then = one.issue("alice", CLIENT);
        IssuedTokens others = one.issue("bob", CLIENT);

        assertEquals(
                1,
                service(otherNode()).revokeSessionsCreatedBefore("alice", clock.instant(), EndCause.PASSWORD_CHANGED));

        assertEnded(one, before);
        one.validate(then.accessToken());
        one.validate(others.accessToken());
    }

    /** As a transaction of the application's may that has seen them before others ended them. */
    @Test
    void aStoreThatGoesOnListingWhatHasEndedIsAFailureAndNoLoop() {
        SessionAwareTokenService service = service(new StoreWrapper(store) {
            private List<Session> seen = List.of();

            @Override
            public List<Session> list(String userId) {
                seen = seen.isEmpty() ? super.list(userId) : seen;
                return seen;
            }
        });
        service.issue("alice", CLIENT);

        assertThrows(
                SessionStoreException.class,
                () -> service.revokeSessionsCreatedBefore(
                        "alice", clock.instant().plusSeconds(1), EndCause.PASSWORD_CHANGED));
    }

    @Test
    void aShorterPolicyAppliesToSessionsThatExist() {
        IssuedTokens login = service(store).issue("alice", CLIENT);
        SessionAwareTokenService stricter = aServiceOn(otherNode())
                .clock(clock)
                .idleTimeout(Duration.ofMinutes(30))
                .absoluteTimeout(Duration.ofHours(1))
                .build();

        clock.advance(Duration.ofMinutes(14));
        stricter.validate(login.accessToken());
        clock.advance(Duration.ofMinutes(30));

        assertEquals(List.of(), stricter.listSessions("alice"));
        assertEquals(0, stricter.revokeAllSessions("alice"), "none of them was live");
    }

    private SessionAwareTokenService service(SessionStore nodesStore) {
        return aServiceOn(nodesStore)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
    }

    private SessionAwareTokenService limited(SessionStore nodesStore, int limit, AtLimit atLimit, Ended ended) {
        return aServiceOn(nodesStore)
                .clock(clock)
                .sessionLimit(new SessionLimit(limit, atLimit))
                .listener(ended)
                .build();
    }

    private static Set<String> ids(Iterable<IssuedTokens> logins) {
        Set<String> ids = new HashSet<>();
        logins.forEach(login -> ids.add(login.session().id()));
        return ids;
    }

    private static Set<String> idsOf(List<Session> sessions) {
        return sessions.stream().map(Session::id).collect(Collectors.toSet());
    }

    private static boolean validates(SessionAwareTokenService node, IssuedTokens login) {
        try {
            node.validate(login.accessToken());
            return true;
        } catch (InvalidTokenException e) {
            return false;
        }
    }

    private static void assertEnded(SessionAwareTokenService node, IssuedTokens login) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> node.validate(login.accessToken()));
        assertEquals(Reason.SESSION_ENDED, refusal.reason());
    }

    private static final class Ended implements SessionListener {
        private final Queue<EndCause> causes = new ConcurrentLinkedQueue<>();

        @Override
        public void sessionEnded(Session session, EndCause cause) {
            causes.add(cause);
        }

        int of(EndCause cause) {
            return Collections.frequency(causes, cause);
        }
    }
}
