package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionListener.Novelty;
import io.github.sessionaware.testing.CapturedLog;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners are notified of each change once, and cannot change its outcome. */
@Isolated("All tests of the JVM log to System.err, which this class captures")
class SessionListenerTest {
    private static final ClientInfo FIREFOX = client("Firefox 140 on Linux", "192.0.2.7");

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore store = new ReferenceStore();
    private final List<String> events = new ArrayList<>();
    private final SessionAwareTokenService service = aServiceOn(store)
            .clock(clock)
            .refreshTokens(TestService.refreshSecret())
            .listener(new Recorder())
            .build();

    @Test
    void everyChangeIsNotifiedOnceWithItsCause() {
        IssuedTokens r1 = service.issue("alice", FIREFOX);
        IssuedTokens r2 = service.refresh(r1.refreshToken(), FIREFOX);
        service.refresh(r1.refreshToken(), FIREFOX);
        IssuedTokens next = service.reauthenticate(service.validate(r2.accessToken()), LoginOptions.defaults());
        service.renameSession("alice", next.session().id(), "kitchen tablet");
        service.revokeSession("alice", next.session().id(), EndCause.LOGOUT);
        service.revokeSession("alice", next.session().id(), EndCause.LOGOUT);
        service.issue("alice", FIREFOX);
        service.revokeAllSessions("alice");

        assertEquals(
                List.of(
                        "created []",
                        "refreshed after Firefox 140 on Linux",
                        "retried by Firefox 140 on Linux",
                        "reauthenticated",
                        "ended LOGOUT",
                        "created []",
                        "ended UNSPECIFIED"),
                events);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNSPECIFIED", "LOGOUT", "ENDED_BY_USER", "PASSWORD_CHANGED", "ENDED_BY_ADMINISTRATOR"})
    void everyRevokeTakesACause(EndCause cause) {
        IssuedTokens kept = service.issue("alice", FIREFOX);
        service.issue("alice", FIREFOX);
        events.clear();

        service.revokeOtherSessions("alice", kept.session().id(), cause);
        service.revokeAllSessions("alice", cause);
        service.issue("alice", FIREFOX);
        service.revokeSessionsCreatedBefore("alice", START.plusMillis(1), cause);

        assertEquals(List.of("ended " + cause, "ended " + cause, "created []", "ended " + cause), events);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNSPECIFIED", "LOGOUT", "ENDED_BY_USER", "PASSWORD_CHANGED", "ENDED_BY_ADMINISTRATOR"})
    void everyRevokeOfARequestTakesACause(EndCause cause) {
        AuthenticatedSession current = aRequest();
        String other = service.issue("alice", FIREFOX).session().id();
        service.issue("alice", FIREFOX);
        events.clear();

        assertTrue(service.revoke(current, other, cause));
        assertEquals(1, service.revokeOthers(current, cause));
        assertTrue(service.revoke(current, cause));

        assertEquals(List.of("ended " + cause, "ended " + cause, "ended " + cause), events);
    }

    @Test
    void aRevokeOfARequestWithoutACauseHasTheUsualOne() {
        AuthenticatedSession current = aRequest();
        String other = service.issue("alice", FIREFOX).session().id();
        service.issue("alice", FIREFOX);
        events.clear();

        assertTrue(service.revoke(current, other));
        assertEquals(1, service.revokeOthers(current));
        assertTrue(service.revoke(current));

        assertEquals(List.of("ended ENDED_BY_USER", "ended ENDED_BY_USER", "ended LOGOUT"), events);
    }

    @Test
    void aRevokeByUserIdWithoutACauseSaysSo() {
        String id = service.issue("alice", FIREFOX).session().id();
        String kept = service.issue("alice", FIREFOX).session().id();
        service.issue("alice", FIREFOX);
        events.clear();

        assertTrue(service.revokeSession("alice", id));
        assertEquals(1, service.revokeOtherSessions("alice", kept));
        assertEquals(1, service.revokeSessionsCreatedBefore("alice", START.plusMillis(1)));
        service.issue("alice", FIREFOX);
        assertEquals(1, service.revokeAllSessions("alice"));

        String ended = "ended UNSPECIFIED";
        assertEquals(List.of(ended, ended, ended, "created []", ended), events);
    }

    /** A listener is not called for a request, so no session is the current one. */
    @Test
    void aListenerGetsTheUserAndTheSessionAsItIsListed() {
        List<Object> seen = new ArrayList<>();
        SessionAwareTokenService watched = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .listener(new SessionListener() {
                    @Override
                    public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
                        seen.add(List.of(userId, session));
                    }

                    @Override
                    public void sessionRefreshed(String userId, Session session, ClientInfo before) {
                        seen.add(List.of(userId, session));
                    }

                    @Override
                    public void sessionReauthenticated(String userId, Session session) {
                        seen.add(List.of(userId, session));
                    }

                    @Override
                    public void sessionEnded(String userId, Session session, EndCause cause) {
                        seen.add(List.of(userId, session));
                    }
                })
                .build();
        List<Object> listed = new ArrayList<>();

        IssuedTokens login = watched.issue("alice", FIREFOX);
        listed.add(List.of("alice", watched.listSessions("alice").get(0)));
        clock.advance(Duration.ofMinutes(1));
        IssuedTokens next = watched.refresh(login.refreshToken(), FIREFOX);
        listed.add(List.of("alice", watched.listSessions("alice").get(0)));
        IssuedTokens again = watched.reauthenticate(watched.validate(next.accessToken()));
        listed.add(List.of("alice", watched.listSessions("alice").get(0)));
        listed.add(listed.get(2));
        watched.revoke(watched.validate(again.accessToken()));

        assertEquals(listed, seen);
    }

    /** A request of a new login. */
    private AuthenticatedSession aRequest() {
        return service.validate(service.issue("alice", FIREFOX).accessToken());
    }

    @ParameterizedTest
    @EnumSource(names = {"SESSION_LIMIT", "REFRESH_TOKEN_REUSED"})
    void aCauseOfTheLibraryIsRefusedAndNothingEnds(EndCause cause) {
        AuthenticatedSession current = aRequest();
        String id = current.sessionId();
        for (Runnable revoke : List.<Runnable>of(
                () -> service.revoke(current, cause),
                () -> service.revoke(current, id, cause),
                () -> service.revokeOthers(current, cause),
                () -> service.revokeSession("alice", id, cause),
                () -> service.revokeOtherSessions("alice", id, cause),
                () -> service.revokeAllSessions("alice", cause),
                () -> service.revokeSessionsCreatedBefore("alice", START.plusSeconds(1), cause))) {
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, revoke::run);
            assertEquals("cause must not be " + cause + ": only this library uses it", refusal.getMessage());
        }
        assertEquals(1, service.listSessions("alice").size());
    }

    @Test
    void aNullCauseIsRefusedByName() {
        AuthenticatedSession current = aRequest();
        for (Runnable revoke : List.<Runnable>of(
                () -> service.revoke(current, (EndCause) null),
                () -> service.revoke(current, null, null),
                () -> service.revokeOthers(current, null),
                () -> service.revokeSession("alice", null, null),
                () -> service.revokeOtherSessions("alice", "x", null),
                () -> service.revokeAllSessions("alice", null),
                () -> service.revokeSessionsCreatedBefore("alice", START, null))) {
            assertEquals(
                    "cause",
                    assertThrows(NullPointerException.class, revoke::run).getMessage());
        }
    }

    @Test
    void removedExpiredSessionsAreNotNotified() {
        service.issue("alice", FIREFOX);
        clock.advance(Duration.ofDays(14));
        events.clear();

        service.revokeAllSessions("alice");

        assertEquals(List.of(), events);
    }

    @Test
    void reuseIsNotifiedOnceWithTheClientThatPresentedTheToken() {
        IssuedTokens r1 = service.issue("alice", FIREFOX);
        service.refresh(r1.refreshToken(), FIREFOX);
        clock.advance(Duration.ofSeconds(10));
        events.clear();

        for (int i = 0; i < 2; i++) {
            assertThrows(
                    InvalidTokenException.class,
                    () -> service.refresh(r1.refreshToken(), client("curl", "203.0.113.9")));
        }

        assertEquals(List.of("ended REFRESH_TOKEN_REUSED", "reused by curl"), events);
    }

    @Test
    void aLoginAtTheLimitNotifiesTheEndedSessionFirst() {
        SessionAwareTokenService limited = aServiceOn(store)
                .clock(clock)
                .sessionLimit(new SessionLimit(1, AtLimit.END_OLDEST))
                .listener(new Recorder())
                .build();
        limited.issue("alice", FIREFOX);

        limited.issue("alice", client("Safari on iPhone", "192.0.2.8"));

        assertEquals(List.of("created []", "ended SESSION_LIMIT", "created [DEVICE]"), events);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "Firefox 141 on Linux  | 192.0.2.200         | []",
                "Firefox on Linux      | 192.0.2.7           | []",
                "Firefox 141 on Linux (Pixel 8) | 192.0.2.200 | []",
                "Firefox 141 on Linux 11 | 192.0.2.200       | []",
                "Safari on iPhone      | 192.0.2.7           | [DEVICE]",
                "Firefox 140 on Linux  | 192.0.3.7           | [NETWORK]",
                "Safari on iPhone      | 2001:db8::7         | [DEVICE, NETWORK]",
                "null                  | null                | []",
                "null                  | ::ffff:192.0.2.9    | []",
                "Firefox 140 on Linux  | not an address      | [NETWORK]"
            })
    void aLoginNotifiesWhatIsNew(String device, String address, String expected) {
        service.issue("alice", FIREFOX);
        service.issue("bob", client(device, address));

        service.issue("alice", client(device, address));

        assertEquals("created []", events.get(1), "Nothing is new at the first login");
        assertEquals("created " + expected, events.get(2));
    }

    /** A thief who refreshes from his own device and place must not become known by that. */
    @Test
    void aRefreshMakesNothingKnownToALaterLogin() {
        ClientInfo thief = client("Chrome on Windows", "203.0.113.9");
        service.refresh(service.issue("alice", FIREFOX).refreshToken(), thief);

        service.issue("alice", thief);
        service.issue("alice", FIREFOX);

        assertEquals(
                List.of(
                        "created []",
                        "refreshed after Firefox 140 on Linux",
                        "created [DEVICE, NETWORK]",
                        "created []"),
                events);
    }

    @Test
    void aListenerGetsTheClientBeforeAndAfterARefresh() {
        List<ClientInfo> seen = new ArrayList<>();
        SessionAwareTokenService watched = aServiceOn(store)
                .refreshTokens(TestService.refreshSecret())
                .listener(new SessionListener() {
                    @Override
                    public void sessionRefreshed(String userId, Session session, ClientInfo before) {
                        seen.addAll(List.of(before, session.client()));
                    }
                })
                .build();
        ClientInfo moved = client("Firefox 140 on Linux", "203.0.113.9");

        watched.refresh(watched.issue("alice", FIREFOX).refreshToken(), moved);

        assertEquals(List.of(FIREFOX, moved), seen);
    }

    @Test
    void aLoginIsComparedWithLoginsOfItsCategoryOnly() {
        LoginOptions support = LoginOptions.defaults().withCategory("support");
        ClientInfo helper = client("Chrome on Windows", "203.0.113.9");
        service.issue("alice", FIREFOX);

        service.issue("alice", helper, support);
        service.issue("alice", FIREFOX, support);
        service.issue("alice", helper);

        assertEquals(
                List.of("created []", "created []", "created [DEVICE, NETWORK]", "created [DEVICE, NETWORK]"), events);
    }

    /** The record keeps 128 code points of the device, so a login is compared by as many. */
    @Test
    void aLongUserAgentIsKnownAgain() {
        String longest = "Agent/1 \ud83d\ude00 ".repeat(100);
        service.issue("alice", agent(longest));

        service.issue("alice", agent(longest));

        assertEquals(List.of("created []", "created []"), events);
        assertEquals(128, store.list("alice").get(0).loginDevice().codePoints().count());
    }

    @Test
    void theUserAgentCountsIfTheDeviceIsUnknown() {
        service.issue("alice", agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"));
        service.issue("alice", agent("Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"));
        service.issue("alice", agent("Mozilla/5.0 (X11; Linux x86_64; rv:141.0.2) Gecko/20100101 Firefox/141.0.2"));
        service.issue("alice", agent("curl/8.5.0"));

        assertEquals(List.of("created []", "created []", "created []", "created [DEVICE]"), events);
    }

    @Test
    void aListenerThatThrowsAfterTheCommitChangesNothing() {
        List<Runnable> later = new ArrayList<>();
        SessionAwareTokenService joined = aServiceOn(store)
                .clock(clock)
                .listener(new SessionListener() {
                    @Override
                    public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
                        throw new IllegalStateException();
                    }
                })
                .listener(new Recorder())
                .build()
                .withSessionStore(store, later::add);
        joined.issue("alice", FIREFOX);
        assertEquals(List.of(), events);

        later.forEach(Runnable::run);

        assertEquals(List.of("created []"), events);
        assertEquals(
                "afterCommit",
                assertThrows(NullPointerException.class, () -> joined.withSessionStore(store, null))
                        .getMessage());
    }

    /** A store may retry its transaction, and the first attempt was rolled back. */
    @Test
    void noveltyIsDecidedByTheLastAttemptOfTheStore() {
        service.issue("alice", FIREFOX);
        SessionRecord gone = store.list("alice").get(0);
        events.clear();
        SessionAwareTokenService limited = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        assertTrue(admission.decide(List.of(gone)).isPresent());
                        store.deleteAll("alice", null);
                        return super.create(session, admission);
                    }
                })
                .clock(clock)
                .sessionLimit(new SessionLimit(3, AtLimit.REFUSE_LOGIN))
                .listener(new Recorder())
                .build();

        limited.issue("alice", client("Safari on iPhone", "192.0.2.7"));

        assertEquals(List.of("created []"), events);
    }

    /** A full disk, for example. */
    @Test
    void aLogThatThrowsChangesNothing() {
        SessionAwareTokenService logged = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                        throw new SessionStoreException("The store is read-only");
                    }
                })
                .clock(clock)
                .listener(SessionListener.logging())
                .listener(new Recorder())
                .build();
        PrintStream before = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, UTF_8) {
            @Override
            public void println(String line) {
                throw new IllegalStateException("No space left");
            }
        });
        try {
            events.clear();
            IssuedTokens login = logged.issue("alice", FIREFOX);
            clock.set(START.plusSeconds(60));
            logged.validate(login.accessToken());
            assertEquals(1, logged.revokeAllSessions("alice"));
        } finally {
            System.setErr(before);
        }
        assertEquals(2, events.size(), events::toString);
    }

    @Test
    void aListenerThatThrowsIsLoggedInOneLineAndChangesNothing() {
        for (Throwable thrown : List.of(
                new IllegalStateException("secret-that-must-not-be-shown"),
                new StackOverflowError(),
                new AssertionError())) {
            SessionAwareTokenService unlucky = aServiceOn(store)
                    .clock(clock)
                    .listener(new SessionListener() {
                        @Override
                        public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
                            throwIt(thrown);
                        }
                    })
                    .listener(new Recorder())
                    .build();
            try (CapturedLog log = new CapturedLog()) {
                events.clear();

                IssuedTokens login = unlucky.issue("alice", FIREFOX);

                unlucky.validate(login.accessToken());
                assertEquals(List.of("created []"), events, "The next listener must be notified");
                assertEquals(1, log.linesOf("WARN").size(), log.text());
                assertEquals(1, log.text().lines().count(), log.text());
                assertFalse(log.text().contains("must-not-be-shown"), log.text());
            }
            unlucky.revokeAllSessions("alice");
        }
    }

    @Test
    void listenersAreNotNotifiedOfChangesThatTheStoreDidNotConfirm() {
        SessionAwareTokenService down = aServiceOn(new StoreWrapper(store) {
                    @Override
                    protected void beforeWrite() {
                        throw new SessionStoreException("down");
                    }
                })
                .listener(new Recorder())
                .build();

        assertThrows(SessionStoreException.class, () -> down.issue("alice", FIREFOX));
        assertThrows(SessionStoreException.class, () -> down.revokeAllSessions("alice"));

        assertEquals(List.of(), events);
    }

    @Test
    void inATransactionListenersAreNotifiedAfterItsCommit() {
        List<Runnable> afterCommit = new ArrayList<>();
        SessionAwareTokenService joined = service.withSessionStore(store, afterCommit::add);

        joined.issue("alice", FIREFOX);
        joined.revokeAllSessions("alice", EndCause.PASSWORD_CHANGED);
        assertEquals(List.of(), events);
        afterCommit.forEach(Runnable::run);

        assertEquals(List.of("created []", "ended PASSWORD_CHANGED"), events);
    }

    @Test
    void aFullQueueDoesNotFailTheCall() {
        SessionAwareTokenService joined = service.withSessionStore(store, notification -> {
            throw new IllegalStateException("full");
        });

        joined.validate(joined.issue("alice", FIREFOX).accessToken());
    }

    @Test
    void onlyListenersOfAServiceWithoutALimitNeedAReadBeforeALogin() {
        CountingStore counting = new CountingStore(store);
        aServiceOn(counting).listener(new Recorder()).build().issue("alice", FIREFOX);
        assertEquals(List.of(0, 1), List.of(counting.reads(), counting.writes()));

        counting.reset();
        SessionAwareTokenServiceBuilder unlimited = aServiceOn(counting).sessionLimit(SessionLimit.unlimited());
        unlimited.build().issue("alice", FIREFOX);
        assertEquals(List.of(0, 1), List.of(counting.reads(), counting.writes()));

        counting.reset();
        unlimited.listener(new Recorder()).build().issue("alice", FIREFOX);
        assertEquals(List.of(1, 1), List.of(counting.reads(), counting.writes()));
    }

    @Test
    void theLogHasOneLinePerEventUnderTheNamesOfOwaspAndNoSessionId() {
        SessionAwareTokenService logging = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .listener(SessionListener.logging())
                .build();
        SessionAwareTokenService strict = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .refuseRetriesFromAnother(Novelty.DEVICE)
                .listener(SessionListener.logging())
                .build();
        try (CapturedLog log = new CapturedLog()) {
            IssuedTokens r1 = logging.issue("alice", FIREFOX);
            IssuedTokens r2 = logging.refresh(r1.refreshToken(), FIREFOX);
            logging.refresh(r1.refreshToken(), FIREFOX);
            logging.refresh(r1.refreshToken(), client("curl", "203.0.113.9"));
            assertThrows(
                    InvalidTokenException.class,
                    () -> strict.refresh(r1.refreshToken(), client("curl", "203.0.113.9")));
            logging.issue("alice", client("curl", "203.0.113.9"));
            logging.refresh(r2.refreshToken(), FIREFOX);
            assertThrows(InvalidTokenException.class, () -> logging.refresh(r1.refreshToken(), FIREFOX));
            logging.reauthenticate(
                    logging.validate(logging.issue("bob", FIREFOX).accessToken()), LoginOptions.defaults());
            logging.revokeAllSessions("alice", EndCause.LOGOUT);

            List<String> logged = log.text()
                    .lines()
                    .map(line -> line.replaceAll(".*events - ", "").replaceAll("session=[\\w-]{16}", "session=#"))
                    .toList();
            assertEquals(
                    List.of(
                            "session_created:alice session=# new=-",
                            "session_renewed:alice session=#",
                            "authn_token_retry:alice session=# differs=-",
                            "authn_token_retry:alice session=# differs=[DEVICE, NETWORK]",
                            "authn_token_retry_refused:alice session=# differs=[DEVICE, NETWORK]",
                            "session_created:alice session=# new=[DEVICE, NETWORK]",
                            "session_renewed:alice session=#",
                            "session_ended:alice,REFRESH_TOKEN_REUSED session=#",
                            "authn_token_reuse:alice session=#",
                            "session_created:bob session=# new=-",
                            "session_renewed:bob session=# authenticated=again",
                            "session_ended:alice,LOGOUT session=#"),
                    logged);
            assertFalse(log.text().contains(r1.session().id()));
            assertEquals(3, log.linesOf("WARN").size());
            assertTrue(log.linesOf("WARN").get(0).contains("authn_token_retry:"));
            assertTrue(log.linesOf("WARN").get(1).contains("authn_token_retry_refused:"));
            assertTrue(log.linesOf("WARN").get(2).contains("authn_token_reuse"));
        }
    }

    @Test
    void aUserIdCannotForgeAnEvent() {
        SessionAwareTokenService logging =
                aServiceOn(store).listener(SessionListener.logging()).build();
        try (CapturedLog log = new CapturedLog()) {
            logging.issue("mallory\u2028session_ended:admin,LOGOUT \u202esession=A", FIREFOX);

            assertTrue(log.text().contains("session_created:mallory_session_ended:admin_LOGOUT__session=A session="));
        }
    }

    private static ClientInfo client(String device, String address) {
        return ClientInfo.builder().device(device).ipAddress(address).build();
    }

    private static ClientInfo agent(String userAgent) {
        return ClientInfo.builder().userAgent(userAgent).build();
    }

    private static void throwIt(Throwable thrown) {
        if (thrown instanceof Error e) {
            throw e;
        }
        throw (RuntimeException) thrown;
    }

    private final class Recorder implements SessionListener {
        @Override
        public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
            events.add("created "
                    + new TreeSet<>(novelties.stream().map(Enum::name).toList()));
        }

        @Override
        public void sessionRefreshed(String userId, Session session, ClientInfo before) {
            events.add("refreshed after " + before.device());
        }

        @Override
        public void sessionReauthenticated(String userId, Session session) {
            events.add("reauthenticated");
        }

        @Override
        public void sessionEnded(String userId, Session session, EndCause cause) {
            events.add("ended " + cause);
        }

        @Override
        public void refreshTokenReused(String userId, Session session, ClientInfo presentedBy) {
            events.add("reused by " + presentedBy.device());
        }

        @Override
        public void refreshRetried(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {
            events.add("retried by " + retriedBy.device());
        }
    }
}
