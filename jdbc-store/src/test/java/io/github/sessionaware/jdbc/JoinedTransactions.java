package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.TestService;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Takes part in a transaction of the application's own. */
abstract class JoinedTransactions extends StoreFixture {
    JoinedTransactions(TestDatabase database) {
        super(database);
    }

    @BeforeEach
    void createTables() {
        store.createTableIfMissing();
    }

    @Test
    void joinedCallsAreCommittedOrRolledBackWithTheTransaction() throws Exception {
        store.create(SESSION, unconditional());
        SessionRecord second = session('s');
        store.create(second, unconditional());
        inTransaction(transaction -> {
            SessionStore joined = store.joining(transaction);
            SessionRecord third = session('t');

            joined.create(third, unconditional());
            assertFalse(joined.touch(SESSION, START.plusSeconds(60), START.plusSeconds(99)), "records no activity");
            assertEquals(List.of(second), joined.delete(USER, Set.of(second.id())));
            assertEquals(Set.of(SESSION, second), new HashSet<>(store.list(USER)), "before the commit");
            assertEquals(List.of(SESSION), joined.deleteAll(USER, third.id()));
            assertEquals(Optional.of(third), joined.find(USER, third.id()));
            transaction.rollback();

            assertEquals(Set.of(SESSION, second), new HashSet<>(store.list(USER)));
            joined.create(third, unconditional());
            assertEquals(2, joined.deleteAll(USER, third.id()).size());
            transaction.commit();

            assertEquals(List.of(third), store.list(USER));
            assertEquals(List.of(third), joined.deleteAll(USER, null));
            transaction.commit();
            assertFalse(transaction.isClosed());
        });
        assertEquals(List.of(), store.list(USER));
    }

    @Test
    void aJoinedRevokeLocksTheSessionsItRevokesAndNoOthers() throws Exception {
        SessionRecord kept = session("k".repeat(22), USER, START.plusSeconds(9));
        SessionRecord other = session("o".repeat(22), USER, START.plusSeconds(9));
        List.of(SESSION, kept, other).forEach(session -> store.create(session, unconditional()));
        inTransaction(transaction -> {
            transaction.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);

            store.joining(transaction).delete(USER, Set.of(ID));
            assertTrue(touched(kept), "a revoke of one leaves the others free");
            assertEquals(
                    List.of(other), store.delete(USER, Set.of(other.id())), "a revoke of one leaves the others free");
            store.create(other, unconditional());
            store.joining(transaction).deleteAll(USER, kept.id());
            SessionRecord seen = kept.touched(START.plusSeconds(1), START.plusSeconds(9));
            assertTrue(store.touch(seen, START.plusSeconds(2), START.plusSeconds(9)), "the kept session is free");
            assertThrows(
                    SessionStoreException.class,
                    () -> impatientStore().delete(USER, Set.of(other.id())),
                    "a revoked session is locked until the commit");

            transaction.commit();
        });
        assertEquals(Optional.empty(), store.find(USER, other.id()));
    }

    @Test
    void noTouchComesBetweenTheLookAndTheDeleteOfAJoinedRevoke() throws Exception {
        assertNoTouchComesBetween(joined -> joined.delete(USER, Set.of(ID)));
        assertNoTouchComesBetween(joined -> joined.deleteAll(USER, null));
    }

    private void assertNoTouchComesBetween(Function<SessionStore, List<SessionRecord>> revoke) throws Exception {
        store.create(SESSION, unconditional());
        inTransaction(transaction -> {
            Connection touching =
                    Interference.beforeEach("delete", transaction, arguments -> assertFalse(touched(SESSION)));

            assertEquals(List.of(SESSION), revoke.apply(store.joining(touching)));

            transaction.commit();
        });
        assertEquals(Optional.empty(), store.find(USER, ID));
    }

    @Test
    void aJoinedRevokeSeesSessionsThatBeganAfterTheTransaction() throws Exception {
        inTransaction(transaction -> {
            transaction.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            transaction.createStatement().executeQuery("select count(*) from jwt_sessions");
            store.create(SESSION, unconditional());

            assertEquals(List.of(SESSION), store.joining(transaction).deleteAll(USER, null));

            transaction.commit();
        });
        assertEquals(Optional.empty(), store.find(USER, ID));
    }

    @Test
    void aNodeWithABoundSeesAJoinedRevokeOnceTheApplicationHasRunItsNotifications() throws Exception {
        SessionAwareTokenService tokens = TestService.aServiceOn(store)
                .maxStaleness(Duration.ofMinutes(1))
                .build();
        String token = tokens.issue(USER, ClientInfo.unknown()).accessToken();
        tokens.validate(token);
        List<Runnable> afterCommit = new ArrayList<>();
        inTransaction(transaction -> {
            SessionAwareTokenService joined = tokens.withSessionStore(store.joining(transaction), afterCommit::add);
            assertEquals(1, joined.revokeAllSessions(USER));
            assertEquals(USER, tokens.validate(token).userId(), "before the commit");
            transaction.commit();
        });

        afterCommit.forEach(Runnable::run);

        assertThrows(InvalidTokenException.class, () -> tokens.validate(token));
    }

    @Test
    void aJoinedStoreIsUselessAfterItsTransaction() throws Exception {
        store.create(SESSION, unconditional());
        inTransaction(transaction -> {
            SessionStore joined = store.joining(transaction);
            transaction.commit();
            transaction.setAutoCommit(true);

            assertThrows(SessionStoreException.class, () -> joined.deleteAll(USER, null));
        });
        assertEquals(Optional.of(SESSION), store.find(USER, ID));
    }

    @Test
    void aConnectionWithAutoCommitCannotBeJoined() throws Exception {
        try (Connection connection = database.driver().getConnection()) {
            assertThrows(IllegalArgumentException.class, () -> store.joining(connection));
        }
    }

    @Test
    void aJoinedStoreRefusesTablesOfAnotherVersion() throws Exception {
        int version = Schema.VERSION + 1;
        database.execute("update jwt_sessions_schema set version = " + version);
        inTransaction(transaction -> {
            SessionStore joined = new JdbcSessionStore(watched.dataSource()).joining(transaction);

            String message = assertThrows(SessionStoreException.class, () -> joined.create(SESSION, unconditional()))
                    .getMessage();
            assertTrue(message.contains("schema version " + version), message);
            assertTrue(message.contains("works with version " + Schema.VERSION), message);
            transaction.rollback();
        });
    }
}
