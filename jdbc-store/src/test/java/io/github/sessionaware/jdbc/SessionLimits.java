package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lets logins of one user take turns where sessions are limited. */
abstract class SessionLimits extends StoreFixture {
    SessionLimits(TestDatabase database) {
        super(database);
    }

    @BeforeEach
    void createTables() {
        store.createTableIfMissing();
    }

    @Test
    void limitedLoginsOfOneUserWaitForEachOtherAndOthersDoNotSeeThem() throws Exception {
        inTransaction(transaction -> {
            store.joining(transaction).create(SESSION, decidedBy(present -> Optional.of(List.of())));

            assertEquals(Optional.empty(), store.find(USER, ID));
            assertThrows(
                    SessionStoreException.class,
                    () -> impatientStore().create(session('s'), decidedBy(present -> Optional.of(List.of()))));

            transaction.rollback();
        });
        assertEquals(List.of(), store.list(USER));
    }

    @Test
    void aSessionThatIsCreatedDuringALimitedLoginWaitsForNothingAndStays() {
        SessionRecord during = session('d');
        JdbcSessionStore limited = new JdbcSessionStore(Jdbi.create(() -> {
            Connection connection = database.driver().getConnection();
            // In a higher level MariaDB locks the gaps between the user's sessions, and the other login waits.
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            return Interference.beforeEach("insert", connection, arguments -> store.create(during, unconditional()));
        }));

        assertEquals(Optional.of(List.of()), limited.create(SESSION, decidedBy(Optional::of)));

        assertEquals(Set.of(during, SESSION), Set.copyOf(store.list(USER)));
    }

    /** A fixed order, whatever the order of the choice, so that two logins never wait for each other. */
    @Test
    void sessionsThatALimitEndsAreDeletedInTheOrderOfTheirIds() {
        List<SessionRecord> three = List.of(session('a'), session('b'), session('c'));
        three.forEach(session -> store.create(session, unconditional()));
        List<SessionRecord> reversed = List.of(three.get(2), three.get(1), three.get(0));

        assertEquals(Optional.of(three), store.create(SESSION, decidedBy(present -> Optional.of(reversed))));
    }

    /** Other users wait for the lock, and a list of 100,000 sessions takes seconds. */
    @Test
    void theAdmissionDecidesAboutManySessionsBeforeTheLoginHoldsItsLockForLong() {
        database.fill(SessionTable.MANY + 1);
        database.execute("update jwt_sessions set user_id = '" + USER + "'");

        assertCost(
                List.of("update", "select", "commit", "select"),
                () -> assertEquals(Optional.empty(), store.create(SESSION, decidedBy(present -> {
                    assertEquals(SessionTable.MANY + 1, present.size());
                    return Optional.empty();
                }))));
        assertCost(
                List.of("update", "select", "commit", "select", "update", "select", "insert", "commit"),
                () -> store.create(SESSION, decidedBy(present -> Optional.of(List.of()))));
        assertThrows(
                SessionStoreException.class,
                () -> store.create(SESSION, decidedBy(present -> Optional.empty())),
                "the id exists");
    }

    @Test
    void aLimitedLoginWithoutItsLockRowNamesTheRemedyAndStoresNothing() {
        // The rows of other users stay, so that their number tells createTableIfMissing what to do.
        int bucket = Math.floorMod(USER.hashCode(), 64);
        database.execute("delete from jwt_sessions_locks where bucket = " + bucket);

        SessionStoreException failure = assertThrows(
                SessionStoreException.class, () -> store.create(SESSION, decidedBy(present -> Optional.of(List.of()))));

        assertTrue(failure.getMessage().contains("jwt_sessions_locks"), failure.getMessage());
        assertTrue(failure.getMessage().contains("createTableIfMissing"), failure.getMessage());
        assertEquals(Optional.empty(), store.find(USER, ID));
        store.createTableIfMissing();
        assertEquals(Optional.of(List.of()), store.create(SESSION, decidedBy(present -> Optional.of(List.of()))));
    }
}
