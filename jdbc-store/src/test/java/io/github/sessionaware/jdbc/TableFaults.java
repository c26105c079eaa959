package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.assertShowsNoValues;
import static io.github.sessionaware.jdbc.SampleSessions.numbered;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStoreException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Survives tables and rows that others have changed, or names what is wrong with them. */
abstract class TableFaults extends StoreFixture {
    TableFaults(TestDatabase database) {
        super(database);
    }

    @Test
    void aMissingTableIsNamedWithTheRemedyAndNoCallShowsItsValues() {
        for (Runnable call : everyCall(store)) {
            SessionStoreException failure = assertThrows(SessionStoreException.class, call::run);

            assertTrue(failure.getMessage().contains("jwt_sessions"), failure.getMessage());
            assertTrue(failure.getMessage().contains("createTableIfMissing"), failure.getMessage());
            assertTrue(failure.getCause() instanceof SQLException, "the driver's exception is the cause");
            assertShowsNoValues(failure);
        }
    }

    @Test
    void aColumnThatIsTooNarrowIsNamedAsAFaultOfTheTable() {
        store.createTableIfMissing();
        database.execute(
                "alter table jwt_sessions drop column device", "alter table jwt_sessions add column device varchar(3)");

        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> store.create(SESSION));

        assertTrue(failure.getMessage().contains("another shape"), failure.getMessage());
        assertShowsNoValues(failure);
    }

    @Test
    void aDuplicateIsRefusedAndNotShown() {
        store.createTableIfMissing();
        store.create(SESSION);

        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> store.create(SESSION));

        assertShowsNoValues(failure);
    }

    @Test
    void usersThatTheCollationEqualsStaySeparate() {
        store.createTableIfMissing();
        Session bobs = session("session-of-bob-0000000000", "bob", START.plusSeconds(60));
        Session others = session("session-of-another-bob-00", "Bob", START.plusSeconds(60));
        store.create(bobs);
        store.create(others);
        database.foldUserIds();
        assertEquals(
                2, database.count("jwt_sessions where user_id = 'BOB'"), "without folding this test shows nothing");

        assertEquals(List.of(bobs), store.list("bob"));
        assertEquals(Optional.empty(), store.delete("bob", others.id()));
        assertEquals(List.of(bobs), store.deleteAll("bob"));
        assertEquals(Optional.of(others), store.find(others.id()));
    }

    /** A revoke reads a limited number of rows. If all of them are another user's, it must not report success. */
    @Test
    void revokeAllFailsWhereSessionsOfAnEqualUserFillTheBatch() {
        store.createTableIfMissing();
        for (int i = 0; i < JdbcSessionStore.BATCH; i++) {
            store.create(session(numbered(i).id(), "Bob", START));
        }
        store.create(session("session-of-bob-0000000000", "bob", START));
        database.foldUserIds();

        SessionStoreException refusal = assertThrows(SessionStoreException.class, () -> store.deleteAll("bob"));
        assertTrue(refusal.getMessage().contains("binary collation"), refusal::getMessage);
    }

    /** Another release or another program may have stored a label that this release cleans when it reads it. */
    @Test
    void aStoredLabelThatIsNotCleanHindersNeitherReplaceNorDelete() throws Exception {
        store.createTableIfMissing();
        for (String stored : List.of("two  blanks", "tab\there", " blanks around ", "x".repeat(64) + " ")) {
            store.create(SESSION);
            database.execute("update jwt_sessions set label = '" + stored + "'");
            Session seen = store.find(ID).orElseThrow();
            Session next = seen.touched(START.plusSeconds(1), seen.expiresAt());

            assertTrue(store.replace(seen, next), stored);
            assertFalse(store.replace(seen, next), "it has changed since");
            assertEquals(Optional.of(next), store.find(ID));

            database.execute("update jwt_sessions set label = '" + stored + "'");
            inTransaction(transaction -> {
                assertEquals(1, store.joining(transaction).deleteAll(USER).size(), stored);
                transaction.rollback();
            });
            assertEquals(1, store.deleteAll(USER).size(), stored);
        }
    }

    @Test
    void aLabelThatHasChangedSinceItWasReadPreventsAReplace() {
        store.createTableIfMissing();
        store.create(SESSION);
        database.execute("update jwt_sessions set label = 'tablet'");

        assertFalse(store.replace(SESSION, SESSION.touched(START.plusSeconds(1), SESSION.expiresAt())));
    }

    static List<Runnable> everyCall(JdbcSessionStore store) {
        return List.of(
                () -> store.create(SESSION),
                () -> store.find(ID),
                () -> store.list(USER),
                () -> store.touch(SESSION, START.plusSeconds(60), START.plusSeconds(3600)),
                () -> store.createLimited(SESSION, present -> Optional.of(List.of())),
                () -> store.replace(SESSION, SESSION),
                () -> store.delete(USER, ID),
                () -> store.deleteOthers(USER, ID),
                () -> store.deleteAll(USER),
                () -> store.purge(START));
    }
}
