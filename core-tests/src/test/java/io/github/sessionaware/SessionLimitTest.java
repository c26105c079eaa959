package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits on the sessions of a user. Every store is tested for races at the limit. */
class SessionLimitTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final ClientInfo CLIENT = ClientInfo.unknown();

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aLimitBelowOneIsRefused(int sessions) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new SessionLimit(sessions, AtLimit.END_OLDEST));

        assertEquals("max must be at least 1, was " + sessions, refusal.getMessage());
    }

    @Test
    void theLimitCanDependOnTheUser() {
        SessionAwareTokenService service = aServiceOn(store)
                .clock(clock)
                .sessionLimit((user, category) -> new SessionLimit(user.equals("alice") ? 1 : 2, AtLimit.REFUSE_LOGIN))
                .build();
        service.issue("alice", CLIENT);
        service.issue("bob", CLIENT);
        service.issue("bob", CLIENT);

        SessionLimitExceededException refusal =
                assertThrows(SessionLimitExceededException.class, () -> service.issue("alice", CLIENT));
        assertEquals(1, refusal.limit());
        assertEquals(
                "The user has reached the limit of 1 live sessions of this category: end one first, or log in once with a"
                        + " limit that ends sessions (withSessionLimit)",
                refusal.getMessage());
        assertEquals(
                2,
                assertThrows(SessionLimitExceededException.class, () -> service.issue("bob", CLIENT))
                        .limit());
        assertEquals(1, service.listSessions("alice").size());
    }

    @Test
    void aFailingLimitRefusesTheLoginAndStoresNothing() {
        SessionAwareTokenService throwing = aServiceOn(store)
                .sessionLimit((user, category) -> {
                    throw new IllegalStateException("no plan");
                })
                .build();
        SessionAwareTokenService forgetful =
                aServiceOn(store).sessionLimit((user, category) -> null).build();

        assertThrows(IllegalStateException.class, () -> throwing.issue("alice", CLIENT));
        assertThrows(NullPointerException.class, () -> forgetful.issue("alice", CLIENT));

        assertEquals(0, store.calls());
    }

    @Test
    void aLimitedLoginCostsOneStoreCallEvenWithListeners() {
        aServiceOn(store)
                .sessionLimit(new SessionLimit(3, AtLimit.END_OLDEST))
                .listener(new SessionListener() {})
                .build()
                .issue("alice", CLIENT);

        assertEquals(List.of(0, 1), List.of(store.reads(), store.writes()));
    }

    /** A request that read the session before its deadline may record its activity after the login. */
    @Test
    void aLateTouchDoesNotReviveASessionThatDidNotCount() {
        List<String> causes = new ArrayList<>();
        SessionAwareTokenService service = aServiceOn(store)
                .clock(clock)
                .sessionLimit(new SessionLimit(1, AtLimit.REFUSE_LOGIN))
                .listener(new SessionListener() {
                    @Override
                    public void sessionEnded(String userId, Session session, EndCause cause) {
                        causes.add(cause.toString());
                    }
                })
                .build();
        service.issue("alice", CLIENT);
        SessionRecord old = store.list("alice").get(0);
        clock.set(old.expiresAt());
        Session current = service.issue("alice", CLIENT).session();

        assertFalse(
                store.touch(old, old.expiresAt().minusMillis(1), old.expiresAt().plusSeconds(60)));

        assertEquals(List.of(TestSessions.notCurrent(current)), service.listSessions("alice"));
        assertEquals(List.of(), causes);
    }

    @Test
    void aRefusedLoginRemovesNothing() {
        SessionAwareTokenService service = aServiceOn(store)
                .clock(clock)
                .sessionLimit(new SessionLimit(1, AtLimit.REFUSE_LOGIN))
                .build();
        SessionAwareTokenService unlimited = aServiceOn(store)
                .clock(clock)
                .sessionLimit(SessionLimit.unlimited())
                .build();
        Session old = unlimited.issue("alice", CLIENT).session();
        clock.set(old.expiresAt());
        unlimited.issue("alice", CLIENT);

        assertThrows(SessionLimitExceededException.class, () -> service.issue("alice", CLIENT));

        assertTrue(store.find("alice", old.id()).isPresent());
    }

    @Test
    void aLimitedLoginDeletesExpiredRecordsOfEveryCategory() {
        SessionRecord expired = SessionRecord.builder("alice", "e".repeat(22))
                .category("api")
                .expiresAt(START)
                .authentication(new Authentication(START.minusSeconds(60), List.of()))
                .build();
        store.create(expired, Admission.unconditional());

        Session session =
                aServiceOn(store).clock(clock).build().issue("alice", CLIENT).session();

        assertEquals(
                List.of(session.id()),
                store.list("alice").stream().map(SessionRecord::id).toList());
    }

    @Test
    void theFunctionReceivesUserAndCategoryAndALoginMayBringItsOwnLimit() {
        List<String> asked = new ArrayList<>();
        SessionAwareTokenService service = aServiceOn(store)
                .clock(clock)
                .sessionLimit((user, category) -> {
                    asked.add(user + " " + category);
                    return new SessionLimit(1, AtLimit.REFUSE_LOGIN);
                })
                .build();
        LoginOptions api = LoginOptions.defaults().withCategory("api");

        service.issue("alice", CLIENT, api);
        service.issue("alice", CLIENT);
        service.issue("alice", CLIENT, api.withSessionLimit(SessionLimit.unlimited()));
        assertThrows(SessionLimitExceededException.class, () -> service.issue("alice", CLIENT, api));
        assertThrows(NullPointerException.class, () -> api.withSessionLimit(null));

        assertEquals(List.of("alice api", "alice device", "alice api"), asked);
    }

    @Test
    void withoutSettingsTheHundredAndFirstLoginEndsAnother() {
        SessionAwareTokenService service = aServiceOn(store).clock(clock).build();
        String first = service.issue("alice", CLIENT).session().id();
        clock.advance(MINUTE);
        for (int login = 2; login <= 100; login++) {
            service.issue("alice", CLIENT);
        }
        assertTrue(store.find("alice", first).isPresent());

        service.issue("alice", CLIENT);

        assertEquals(100, service.listSessions("alice").size());
        assertFalse(store.find("alice", first).isPresent());
    }

    /** So no create that holds a lock deletes many. */
    @ParameterizedTest
    @CsvSource({"499, 1", "500, 2"})
    void moreThanFiveHundredSessionsEndBeforeTheLoginIsStored(int sessions, int creates) {
        CountingCreates counting = new CountingCreates();
        SessionAwareTokenService unlimited = aServiceOn(counting)
                .clock(clock)
                .sessionLimit(SessionLimit.unlimited())
                .build();
        for (int login = 0; login <= sessions; login++) {
            unlimited.issue("alice", CLIENT);
        }
        counting.limited = 0;

        aServiceOn(counting)
                .clock(clock)
                .sessionLimit(new SessionLimit(1, AtLimit.END_OLDEST))
                .build()
                .issue("alice", CLIENT);

        assertEquals(creates, counting.limited);
        assertEquals(1, counting.list("alice").size());
    }

    private static final class CountingCreates extends StoreWrapper {
        private int limited;

        CountingCreates() {
            super(new ReferenceStore());
        }

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            limited++;
            return super.create(session, admission);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "REFUSE_LOGIN")
    void theSmallerIdEndsAmongSessionsOfEqualAge(AtLimit atLimit) {
        SessionRecord a = session("a", START);
        SessionRecord b = session("b", START);

        assertEquals(Optional.of(List.of(a)), new SessionLimit(2, atLimit).makeRoom(List.of(b, a), MINUTE));
    }

    private static SessionRecord session(String letter, Instant createdAt) {
        return SessionRecord.builder("alice", letter.repeat(22))
                .createdAt(createdAt)
                .lastActiveAt(START.plusSeconds(5))
                .expiresAt(START.plusSeconds(60))
                .build();
    }
}
