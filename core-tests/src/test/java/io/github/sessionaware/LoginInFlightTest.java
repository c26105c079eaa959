package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.Notifications;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The password changes between the moment that a login checks it and the moment that the login stores its session. */
class LoginInFlightTest {
    private static final LoginOptions REFUSED = LoginOptions.defaults().withStillAllowed(() -> false);

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final Notifications notifications = new Notifications();
    private final SessionAwareTokenService service = aService(store).build();

    @Test
    void aLoginThatIsStillAllowedSucceeds() {
        IssuedTokens login = service.issue(
                "alice", ClientInfo.unknown(), LoginOptions.defaults().withStillAllowed(() -> true));

        assertEquals("alice", service.validate(login.accessToken()).userId());
        assertEquals(List.of(login.session().id()), notifications.created());
    }

    @Test
    void theApplicationIsAskedOnceAfterTheSessionExists() {
        List<Integer> sessions = new ArrayList<>();
        BooleanSupplier counting = () -> sessions.add(store.list("alice").size());

        service.issue("alice", ClientInfo.unknown(), LoginOptions.defaults().withStillAllowed(counting));

        assertEquals(List.of(1), sessions);
    }

    @Test
    void aLoginThatIsNoLongerAllowedLeavesNoSessionAndTellsNoListener() {
        String message = assertThrows(
                        LoginRefusedException.class, () -> service.issue("alice", ClientInfo.unknown(), REFUSED))
                .getMessage();

        assertEquals(
                "The application no longer allows the login (withStillAllowed), so its session has ended: let the user log in"
                        + " again",
                message);
        assertEquals(List.of(), store.list("alice"));
        assertEquals(List.of(), notifications.created());
        assertEquals(List.of(), notifications.ended());
    }

    /** The login has read the version of the password, then the password changes and all sessions end. */
    @Test
    void aLoginWithTheFormerPasswordDoesNotSurviveTheChange() {
        AtomicInteger passwordVersion = new AtomicInteger(1);
        int seen = passwordVersion.get();
        passwordVersion.incrementAndGet();
        service.revokeAllSessions("alice");

        assertThrows(
                LoginRefusedException.class,
                () -> service.issue(
                        "alice",
                        ClientInfo.unknown(),
                        LoginOptions.defaults().withStillAllowed(() -> passwordVersion.get() == seen)));

        assertEquals(List.of(), service.listSessions("alice"));
    }

    @Test
    void aRefusedLoginCostsTwoWrites() {
        SessionAwareTokenService plain = aServiceOn(store).clock(clock).build();

        assertThrows(LoginRefusedException.class, () -> plain.issue("alice", ClientInfo.unknown(), REFUSED));

        assertEquals(List.of(0, 2), List.of(store.reads(), store.writes()));
    }

    @Test
    void whatTheSupplierThrowsReachesTheCallerAndTheSessionIsGone() {
        for (Throwable thrown : List.of(
                new IllegalStateException("no database"),
                new StackOverflowError(),
                new SessionStoreException("of the application"),
                new IOException("of another language"))) {
            assertSame(
                    thrown,
                    assertThrows(
                            thrown.getClass(), () -> service.issue("alice", ClientInfo.unknown(), throwing(thrown))));

            assertEquals(List.of(), store.list("alice"));
            assertEquals(List.of(), notifications.created());
        }
    }

    @Test
    void ifTheSessionCannotBeDeletedTheStoreExceptionReachesTheCaller() {
        SessionAwareTokenService stuck = aService(new UndeletableStore()).build();

        assertThrows(SessionStoreException.class, () -> stuck.issue("alice", ClientInfo.unknown(), REFUSED));

        assertEquals(List.of(), notifications.created());
    }

    @Test
    void ifTheSupplierThrowsAndTheSessionCannotBeDeletedBothAreReported() {
        SessionAwareTokenService stuck = aService(new UndeletableStore()).build();
        IllegalStateException thrown = new IllegalStateException("no database");

        assertSame(
                thrown,
                assertThrows(
                        IllegalStateException.class,
                        () -> stuck.issue("alice", ClientInfo.unknown(), throwing(thrown))));

        assertEquals("cannot delete", thrown.getSuppressed()[0].getMessage());
    }

    @Test
    void listenersHearOfTheSessionsThatTheLimitEndedForARefusedLogin() {
        SessionAwareTokenService limited = aService(store)
                .sessionLimit(new SessionLimit(1, AtLimit.END_OLDEST))
                .build();
        IssuedTokens first = limited.issue("alice", ClientInfo.unknown());

        assertThrows(LoginRefusedException.class, () -> limited.issue("alice", ClientInfo.unknown(), REFUSED));

        assertEquals(List.of(first.session().id()), notifications.created());
        assertEquals(List.of(first.session().id()), notifications.ended(EndCause.SESSION_LIMIT));
        assertEquals(1, notifications.ended().size());
        assertEquals(List.of(), limited.listSessions("alice"));
    }

    @Test
    void aLoginThatTheLimitRefusesDoesNotAskTheApplication() {
        SessionAwareTokenService limited = aService(store)
                .sessionLimit(new SessionLimit(1, AtLimit.REFUSE_LOGIN))
                .build();
        IssuedTokens first = limited.issue("alice", ClientInfo.unknown());

        assertThrows(
                SessionLimitExceededException.class,
                () -> limited.issue(
                        "alice", ClientInfo.unknown(), throwing(new IllegalStateException("must not be asked"))));

        assertEquals("alice", limited.validate(first.accessToken()).userId());
    }

    @Test
    void bothRefusalsAreOneException() {
        assertEquals(LoginRefusedException.class, SessionLimitExceededException.class.getSuperclass());
    }

    @Test
    void aRefusedReauthenticationEndsTheSession() {
        IssuedTokens login = service.issue("alice", ClientInfo.unknown());
        AuthenticatedSession current = service.validate(login.accessToken());

        assertThrows(LoginRefusedException.class, () -> service.reauthenticate(current, REFUSED));

        assertRefused(Reason.SESSION_ENDED, login);
        assertEquals(List.of(), notifications.reauthenticated());
        assertEquals(List.of(login.session().id()), notifications.ended(EndCause.UNSPECIFIED));
    }

    @Test
    void aReauthenticationThatIsStillAllowedSucceeds() {
        IssuedTokens login = service.issue("alice", ClientInfo.unknown());
        AuthenticatedSession current = service.validate(login.accessToken());

        IssuedTokens renewed =
                service.reauthenticate(current, LoginOptions.defaults().withStillAllowed(() -> true));

        assertEquals("alice", service.validate(renewed.accessToken()).userId());
        assertEquals(List.of(login.session().id()), notifications.reauthenticated());
    }

    /** The old tokens are refused, and nobody has received the new ones. */
    @Test
    void aRefusedReauthenticationWhoseSessionCannotBeDeletedLeavesNoValidToken() {
        IssuedTokens login = service.issue("alice", ClientInfo.unknown());
        SessionAwareTokenService stuck = aService(new UndeletableStore()).build();
        AuthenticatedSession current = stuck.validate(login.accessToken());

        assertThrows(SessionStoreException.class, () -> stuck.reauthenticate(current, REFUSED));

        assertRefused(Reason.OTHER_GENERATION, login);
    }

    @Test
    void aRefusedMigrationLeavesNoSessionNowAndLater() {
        String old = oldToken();

        assertThrows(LoginRefusedException.class, () -> service.migrateStateless(old, ClientInfo.unknown(), REFUSED));

        assertEquals(List.of(), service.listSessions("alice"));
        assertEquals(List.of(), notifications.created());
        assertEquals(List.of(), notifications.ended());
        assertEquals(
                Reason.SESSION_ENDED,
                assertThrows(InvalidTokenException.class, () -> service.migrateStateless(old, ClientInfo.unknown()))
                        .reason());
    }

    @Test
    void aRefusedMigrationOfATokenThatHasASessionLeavesThatSessionAlone() {
        String old = oldToken();
        IssuedTokens migrated = service.migrateStateless(old, ClientInfo.unknown());

        assertThrows(LoginRefusedException.class, () -> service.migrateStateless(old, ClientInfo.unknown(), REFUSED));

        service.validate(migrated.accessToken());
        assertEquals(List.of(), notifications.ended());
    }

    @Test
    void whatTheSupplierOfAMigrationThrowsReachesTheCaller() {
        SessionStoreException thrown = new SessionStoreException("of the application");

        assertSame(
                thrown,
                assertThrows(
                        SessionStoreException.class,
                        () -> service.migrateStateless(oldToken(), ClientInfo.unknown(), throwing(thrown))));

        assertEquals(List.of(), service.listSessions("alice"));
    }

    @Test
    void aMissingSupplierIsRefused() {
        assertEquals(
                "stillAllowed",
                assertThrows(
                                NullPointerException.class,
                                () -> LoginOptions.defaults().withStillAllowed(null))
                        .getMessage());
    }

    private SessionAwareTokenServiceBuilder aService(SessionStore on) {
        return aServiceOn(on)
                .clock(clock)
                .acceptStatelessTokensUntil(START.plusSeconds(3600))
                .listener(notifications);
    }

    private static LoginOptions throwing(Throwable thrown) {
        return LoginOptions.defaults().withStillAllowed(() -> {
            throw LoginInFlightTest.<RuntimeException>unchecked(thrown);
        });
    }

    /** Lets a checked exception pass, as other languages do. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static String oldToken() {
        return JWT.create()
                .withIssuer(ISSUER)
                .withSubject("alice")
                .withAudience(ISSUER)
                .withIssuedAt(START)
                .withExpiresAt(START.plusSeconds(3600))
                .sign(Algorithm.HMAC256(TestService.secret()));
    }

    private void assertRefused(Reason reason, IssuedTokens tokens) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.validate(tokens.accessToken()));
        assertEquals(reason, refusal.reason());
    }

    private final class UndeletableStore extends StoreWrapper {
        UndeletableStore() {
            super(store);
        }

        @Override
        public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
            throw new SessionStoreException("cannot delete");
        }
    }
}
