package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.assertShowsNoValues;
import static io.github.sessionaware.jdbc.SampleSessions.keyOf;
import static io.github.sessionaware.jdbc.SampleSessions.numbered;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

        SessionStoreException failure =
                assertThrows(SessionStoreException.class, () -> store.create(SESSION, unconditional()));

        assertTrue(failure.getMessage().contains("another shape"), failure.getMessage());
        assertShowsNoValues(failure);
    }

    @Test
    void aDuplicateIsRefusedAndNotShown() {
        store.createTableIfMissing();
        store.create(SESSION, unconditional());

        SessionStoreException failure =
                assertThrows(SessionStoreException.class, () -> store.create(SESSION, unconditional()));

        assertShowsNoValues(failure);
    }

    @Test
    void usersThatTheCollationEqualsStaySeparate() {
        store.createTableIfMissing();
        SessionRecord bobs = session("session-of-bob-0000000000", "bob", START.plusSeconds(60));
        SessionRecord others = session("session-of-another-bob-00", "Bob", START.plusSeconds(60));
        store.create(bobs, unconditional());
        store.create(others, unconditional());
        database.foldUserIds();
        assertEquals(
                2, database.count("jwt_sessions where user_id = 'BOB'"), "without folding this test shows nothing");

        assertEquals(List.of(bobs), store.list("bob"));
        assertEquals(Optional.empty(), store.find("bob", others.id()));
        assertEquals(Optional.empty(), store.delete("bob", others.id()));
        SessionKey mistaken = new SessionKey("bob", others.id());
        assertEquals(
                Map.of(keyOf(bobs), Optional.of(bobs), mistaken, Optional.empty()),
                store.findAll(Set.of(keyOf(bobs), mistaken)));
        assertEquals(
                Optional.of(List.of(bobs)),
                store.create(session("new-session-of-bob-000000", "bob", START), decidedBy(Optional::of)));
        assertEquals(1, store.deleteAll("bob", null).size());
        assertEquals(Optional.of(others), store.find("Bob", others.id()));
    }

    /** A revoke reads a limited number of rows. If all of them are another user's, it must not report success. */
    @Test
    void revokeAllFailsWhereSessionsOfAnEqualUserFillTheBatch() {
        store.createTableIfMissing();
        for (int i = 0; i < SessionTable.BATCH; i++) {
            store.create(session(numbered(i).id(), "Bob", START), unconditional());
        }
        store.create(session("session-of-bob-0000000000", "bob", START), unconditional());
        database.foldUserIds();

        SessionStoreException refusal = assertThrows(SessionStoreException.class, () -> store.deleteAll("bob", null));
        assertTrue(refusal.getMessage().contains("binary collation"), refusal::getMessage);
    }

    static List<Runnable> everyCall(JdbcSessionStore store) {
        return List.of(
                () -> store.create(SESSION, unconditional()),
                () -> store.find(USER, ID),
                () -> store.list(USER),
                () -> store.touch(SESSION, START.plusSeconds(60), START.plusSeconds(3600)),
                () -> store.create(SESSION, decidedBy(present -> Optional.of(List.of()))),
                () -> store.replace(SESSION, SESSION),
                () -> store.delete(USER, ID),
                () -> store.deleteAll(USER, ID),
                () -> store.deleteAll(USER, null),
                () -> store.purge(START));
    }
}
