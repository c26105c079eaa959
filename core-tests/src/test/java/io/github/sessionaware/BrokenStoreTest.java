package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a store does wrong, the service throws {@link SessionStoreException}: the token is neither valid nor
 * invalid.
 */
class BrokenStoreTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();
    private static final String OTHER_ID = "AAAAAAAAAAAAAAAAAAAAAAAA";

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore whole = new ReferenceStore();
    private final IssuedTokens live = serviceOn(whole).issue("alice", CLIENT);
    private final AuthenticatedSession current = serviceOn(whole).validate(live.accessToken());
    private final SessionRecord record = whole.list("alice").get(0);
    private final String id = live.session().id();

    static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("broken"),
                new NullPointerException(),
                new IllegalArgumentException("broken"),
                new UnsupportedOperationException(),
                new InvalidTokenException(Reason.SESSION_ENDED),
                new InvalidTokenException(Reason.MISSING),
                new StackOverflowError(),
                new InternalError("broken"),
                new NoClassDefFoundError("broken"),
                new AssertionError("broken"),
                new Error("broken"),
                new TimeoutException("checked"),
                new InterruptedException("checked"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyExceptionOfAStoreBecomesASessionStoreException(Throwable failure) {
        SessionAwareTokenService service = serviceOn(answering((proxy, method, arguments) -> {
            throw failure;
        }));

        everyMethod().forEach((name, method) -> {
            SessionStoreException answer =
                    assertThrows(SessionStoreException.class, () -> method.accept(service), name);
            assertEquals(
                    "The session store threw an unexpected exception; the cause says which", answer.getMessage(), name);
            assertNotNull(answer.getCause(), name);
        });
    }

    @Test
    void aSessionStoreExceptionReachesTheCallerUnchanged() {
        SessionStoreException failure = new SessionStoreException("The pool is empty");
        SessionAwareTokenService service = serviceOn(answering((proxy, method, arguments) -> {
            throw failure;
        }));

        everyMethod()
                .forEach((name, method) -> assertSame(
                        failure, assertThrows(SessionStoreException.class, () -> method.accept(service)), name));
    }

    @Test
    void aNullAnswerIsAFailure() {
        SessionAwareTokenService service = serviceOn(answering((proxy, method, arguments) -> null));
        Map<String, Consumer<SessionAwareTokenService>> methods = everyMethod();
        methods.forEach(
                (name, method) -> assertThrows(SessionStoreException.class, () -> method.accept(service), name));
    }

    @Test
    void aListThatHoldsNullIsAFailure() {
        SessionAwareTokenService service =
                serviceOn(answering((proxy, method, arguments) -> Arrays.asList(record, null)));

        for (String name : List.of(
                "listSessions",
                "listSessions of the current user",
                "revokeOthers",
                "revokeOtherSessions",
                "revokeAllSessions",
                "revokeSessionsCreatedBefore")) {
            assertThrows(
                    SessionStoreException.class, () -> everyMethod().get(name).accept(service), name);
        }
    }

    @Test
    void aRecordOfAnotherIdIsAFailureAndNotAnInvalidToken() {
        SessionRecord other = TestSessions.record("alice", OTHER_ID, START.plus(Duration.ofDays(1)));
        SessionAwareTokenService service = serviceOn(new StoreWrapper(new ReferenceStore()) {
            @Override
            public Optional<SessionRecord> find(String userId, String sessionId) {
                return Optional.of(other);
            }
        });

        SessionStoreException answer =
                assertThrows(SessionStoreException.class, () -> service.validate(live.accessToken()));
        assertEquals(
                "The session store returned a record that was not requested, which breaks its contract",
                answer.getMessage());
    }

    @Test
    void aSessionOfAnotherUserUnderTheSameIdIsAFailureAndNotAnInvalidToken() {
        SessionRecord bobs = TestSessions.record("bob", id, START.plus(Duration.ofDays(1)));
        SessionAwareTokenService service = serviceOn(new StoreWrapper(new ReferenceStore()) {
            @Override
            public Optional<SessionRecord> find(String userId, String sessionId) {
                return Optional.of(bobs);
            }
        });

        assertThrows(SessionStoreException.class, () -> service.validate(live.accessToken()));
        assertThrows(SessionStoreException.class, () -> service.renameSession("alice", id, "tablet"));
        assertThrows(SessionStoreException.class, () -> service.refresh(live.refreshToken(), CLIENT));
    }

    /** The store asks the admission, so only the owner shows that the removed record is another one. */
    @Test
    void aLimitNeverEndsASessionOfAnotherUser() {
        SessionRecord bobs = TestSessions.record("bob", id, START.plus(Duration.ofDays(1)));
        SessionStore store = new StoreWrapper(new ReferenceStore()) {
            @Override
            public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                return admission.decide(List.of(record)).map(left -> List.of(bobs));
            }
        };
        SessionAwareTokenService service = aServiceOn(store)
                .clock(clock)
                .sessionLimit(new SessionLimit(1, SessionLimit.AtLimit.END_OLDEST))
                .build();

        assertThrows(SessionStoreException.class, () -> service.issue("alice", CLIENT));
    }

    @Test
    void aLoginWithoutALimitEndsNoSession() {
        SessionRecord bobs = TestSessions.record("bob", OTHER_ID, START.plus(Duration.ofDays(1)));
        for (SessionRecord removed : List.of(bobs, record)) {
            SessionStore store = new StoreWrapper(new ReferenceStore()) {
                @Override
                public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                    return Optional.of(List.of(removed));
                }
            };
            SessionAwareTokenService service = aServiceOn(store)
                    .clock(clock)
                    .sessionLimit(SessionLimit.unlimited())
                    .build();

            assertThrows(SessionStoreException.class, () -> service.issue("alice", CLIENT));
        }
    }

    /** Otherwise a user could have more sessions than the limit allows, or lose another user's session. */
    @Test
    void aStoreThatDoesNotFollowTheAdmissionIsAFailure() {
        SessionRecord bobs = TestSessions.record("bob", OTHER_ID, START.plus(Duration.ofDays(1)));
        Map<String, BiFunction<Admission, SessionRecord, Optional<List<SessionRecord>>>> mistakes = Map.of(
                "never asks", (admission, session) -> Optional.of(List.of()),
                "stores although refused",
                        (admission, session) -> {
                            admission.decide(List.of(record));
                            return Optional.of(List.of());
                        },
                "refuses although admitted",
                        (admission, session) -> {
                            admission.decide(List.of());
                            return Optional.empty();
                        },
                "shows another user's session", (admission, session) -> admission.decide(List.of(bobs)));
        mistakes.forEach((name, mistake) -> {
            SessionStore store = new StoreWrapper(new ReferenceStore()) {
                @Override
                public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                    return mistake.apply(admission, session);
                }
            };
            SessionAwareTokenService service = aServiceOn(store)
                    .clock(clock)
                    .sessionLimit(new SessionLimit(1, SessionLimit.AtLimit.REFUSE_LOGIN))
                    .build();

            assertThrows(SessionStoreException.class, () -> service.issue("alice", CLIENT), name);
        });
    }

    @Test
    void aSessionOfAnotherUserIsNeverListed() {
        SessionRecord bobs = TestSessions.record("bob", OTHER_ID, START.plus(Duration.ofDays(1)));
        SessionAwareTokenService service = serviceOn(new StoreWrapper(new ReferenceStore()) {
            @Override
            public List<SessionRecord> list(String userId) {
                return List.of(record, bobs);
            }
        });

        assertThrows(SessionStoreException.class, () -> service.listSessions("alice"));
    }

    @Test
    void removingAnotherRecordThanRequestedIsAFailure() {
        SessionRecord bobs = TestSessions.record("bob", OTHER_ID, START.plus(Duration.ofDays(1)));
        SessionRecord anotherOfAlice = TestSessions.record("alice", OTHER_ID, START.plus(Duration.ofDays(1)));
        SessionRecord bobsUnderTheSameId = TestSessions.record("bob", id, START.plus(Duration.ofDays(1)));

        for (SessionRecord wrong : List.of(bobs, anotherOfAlice, bobsUnderTheSameId)) {
            SessionAwareTokenService one = serviceOn(answering((proxy, method, arguments) -> Optional.of(wrong)));
            assertThrows(SessionStoreException.class, () -> one.revokeSession("alice", id));
        }
        SessionAwareTokenService foreign = serviceOn(answering((proxy, method, arguments) -> List.of(bobs)));
        assertThrows(SessionStoreException.class, () -> foreign.revokeAllSessions("alice"));
        assertThrows(SessionStoreException.class, () -> foreign.revokeOtherSessions("alice", id));
        SessionAwareTokenService kept = serviceOn(answering((proxy, method, arguments) -> List.of(record)));
        assertThrows(SessionStoreException.class, () -> kept.revokeOtherSessions("alice", id));
    }

    @Test
    void aListThatTheStoreChangesLaterDoesNotChangeTheAnswer() {
        SessionRecord[] kept = {record};
        SessionAwareTokenService service = serviceOn(new StoreWrapper(new ReferenceStore()) {
            @Override
            public List<SessionRecord> list(String userId) {
                return Arrays.asList(kept);
            }
        });

        List<Session> listed = service.listSessions("alice");
        kept[0] = null;

        assertEquals(List.of(Session.of(record)), listed);
    }

    @Test
    void aLoginThatCannotBeStoredGivesNoToken() {
        ReferenceStore records = new ReferenceStore();
        SessionAwareTokenService service = serviceOn(new StoreWrapper(records) {
            @Override
            protected void beforeWrite() {
                throw new IllegalStateException("disk full");
            }
        });

        assertThrows(SessionStoreException.class, () -> service.issue("alice", CLIENT));
        assertEquals(List.of(), records.list("alice"));
    }

    @Test
    void recoveryNeedsNoRestart() {
        AtomicBoolean down = new AtomicBoolean();
        SessionAwareTokenService service = serviceOn(new StoreWrapper(new ReferenceStore()) {
            @Override
            protected void beforeRead() {
                if (down.get()) {
                    throw new StackOverflowError();
                }
            }
        });
        String token = service.issue("alice", CLIENT).accessToken();

        down.set(true);
        assertThrows(SessionStoreException.class, () -> service.validate(token));
        down.set(false);
        assertEquals("alice", service.validate(token).userId());
    }

    private Map<String, Consumer<SessionAwareTokenService>> everyMethod() {
        Map<String, Consumer<SessionAwareTokenService>> methods = new LinkedHashMap<>();
        methods.put("issue", service -> service.issue("alice", CLIENT));
        methods.put("validate", service -> service.validate(live.accessToken()));
        methods.put("refresh", service -> service.refresh(live.refreshToken(), CLIENT));
        methods.put("reauthenticate", service -> service.reauthenticate(current));
        methods.put("rename", service -> service.rename(current, id, "tablet"));
        methods.put("renameSession", service -> service.renameSession("alice", id, "tablet"));
        methods.put("listSessions of the current user", service -> service.listSessions(current));
        methods.put("listSessions", service -> service.listSessions("alice"));
        methods.put("revoke", service -> service.revoke(current));
        methods.put("revoke of a session id", service -> service.revoke(current, id));
        methods.put("revokeOthers", service -> service.revokeOthers(current));
        methods.put("revokeSession", service -> service.revokeSession("alice", id));
        methods.put("revokeOtherSessions", service -> service.revokeOtherSessions("alice", id));
        methods.put("revokeAllSessions", service -> service.revokeAllSessions("alice"));
        methods.put(
                "revokeSessionsCreatedBefore",
                service -> service.revokeSessionsCreatedBefore("alice", START.plusSeconds(1)));
        methods.put("purgeExpiredSessions", SessionAwareTokenService::purgeExpiredSessions);
        return methods;
    }

    private SessionAwareTokenService serviceOn(SessionStore store) {
        return aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
    }

    private static SessionStore answering(InvocationHandler answer) {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(), new Class<?>[] {SessionStore.class}, answer);
    }
}
