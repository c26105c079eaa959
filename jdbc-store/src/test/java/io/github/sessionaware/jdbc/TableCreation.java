package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.Together;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Creates the tables, and leaves alone those that are not this store's. */
abstract class TableCreation extends StoreFixture {
    TableCreation(TestDatabase database) {
        super(database);
    }

    @Test
    void creatingTheTablesTwiceKeepsTheSessions() {
        store.createTableIfMissing();
        store.create(SESSION, unconditional());

        store.createTableIfMissing();

        assertEquals(Optional.of(SESSION), store.find(USER, ID));
    }

    @Test
    void creatingTablesThatExistWaitsForNoLock() throws Exception {
        store.createTableIfMissing();
        store.create(SESSION, unconditional());

        whileEverySessionIsLocked(store::createTableIfMissing);
    }

    @Test
    void eightNodesCreateTheTablesAtTheSameTime() throws Exception {
        try (HikariDataSource shared = database.pool(8)) {
            for (int round = 0; round < 5; round++) {
                dropTables();

                Together.call(Collections.nCopies(8, () -> {
                    new JdbcSessionStore(shared).createTableIfMissing();
                    return true;
                }));

                assertEquals(1, database.count("jwt_sessions_schema"));
                store.create(SESSION, unconditional());
            }
        }
    }

    @Test
    void tablesWithoutAVersionAreUnusableUntilTheyAreFinished() {
        store.createTableIfMissing();
        database.execute("delete from jwt_sessions_schema");
        JdbcSessionStore next = new JdbcSessionStore(watched.dataSource());
        assertThrows(SessionStoreException.class, () -> next.find(USER, ID));

        next.createTableIfMissing();

        assertEquals(Optional.empty(), next.find(USER, ID));
    }

    @Test
    void aDroppedTableIsCreatedAgain() {
        store.createTableIfMissing();
        database.execute("drop table jwt_sessions");

        store.createTableIfMissing();

        store.create(SESSION, unconditional());
    }

    @Test
    void tablesOfAnotherVersionAreRefusedWithBothVersionsAndNothingIsWritten() {
        for (int version : List.of(0, Schema.VERSION + 1)) {
            dropTables();
            store.createTableIfMissing();
            store.create(SESSION, unconditional());
            database.execute("update jwt_sessions_schema set version = " + version);
            JdbcSessionStore other = new JdbcSessionStore(watched.dataSource());
            List<Runnable> calls = new ArrayList<>(TableFaults.everyCall(other));
            calls.add(other::createTableIfMissing);

            for (Runnable call : calls) {
                String message =
                        assertThrows(SessionStoreException.class, call::run).getMessage();
                assertTrue(message.contains("schema version " + version), message);
                assertTrue(message.contains("works with version " + Schema.VERSION), message);
            }

            assertEquals(1, database.count("jwt_sessions"));
            assertEquals(1, database.count("jwt_sessions_schema"));
        }
    }

    @Test
    void aTableOfAnotherShapeIsRefusedWithTheMissingColumnsAndNothingIsWritten() {
        database.execute("create table jwt_sessions"
                + " (session_id varchar(64) primary key, user_id varchar(10), expires_at bigint)");

        String message = assertThrows(SessionStoreException.class, store::createTableIfMissing)
                .getMessage();

        assertTrue(message.contains("jwt_sessions has another shape: it lacks the columns version, gen"), message);
        assertOnlySelects();
        assertThrows(RuntimeException.class, () -> database.count("jwt_sessions_schema"), "no version was written");
    }

    @Test
    void aTableWithoutAColumnIsRefusedByEveryCallAndNothingIsWritten() {
        store.createTableIfMissing();
        store.create(SESSION, unconditional());
        database.execute("alter table jwt_sessions drop column generation");
        JdbcSessionStore next = new JdbcSessionStore(watched.dataSource());
        List<Runnable> calls = new ArrayList<>(TableFaults.everyCall(next));
        calls.add(next::createTableIfMissing);
        watched.forgetStatements();

        for (Runnable call : calls) {
            String message =
                    assertThrows(SessionStoreException.class, call::run).getMessage();
            assertTrue(message.contains("jwt_sessions has another shape: it lacks the columns generation."), message);
        }

        assertOnlySelects();
        assertEquals(1, database.count("jwt_sessions"));
    }

    @Test
    void aColumnThatTheStoreDoesNotKnowIsIgnored() {
        store.createTableIfMissing();
        database.execute("alter table jwt_sessions add column tenant varchar(10)");
        JdbcSessionStore next = new JdbcSessionStore(watched.dataSource());

        next.createTableIfMissing();
        next.create(SESSION, unconditional());

        assertEquals(Optional.of(SESSION), next.find(USER, ID));
    }

    @Test
    void aForeignTableInPlaceOfTheVersionTableIsRefusedAndNothingIsWritten() {
        database.execute("create table jwt_sessions_schema (owner varchar(10))");

        SessionStoreException failure = assertThrows(SessionStoreException.class, store::createTableIfMissing);

        assertTrue(failure.getMessage().contains("lacks the columns version."), failure.getMessage());
        assertOnlySelects();
        assertThrows(RuntimeException.class, () -> database.count("jwt_sessions"), "no table was created");
    }

    @Test
    void aCheckNamesTheProblemOfTheTablesAndWritesNothing() {
        Optional<String> missing = store.schemaProblem();
        assertTrue(missing.orElseThrow().contains("jwt_sessions, or one of the two tables"), missing.get());
        assertOnlySelects();

        store.createTableIfMissing();
        assertEquals(Optional.empty(), store.schemaProblem());

        database.execute("update jwt_sessions_schema set version = 7");
        Optional<String> version = store.schemaProblem();
        assertTrue(version.orElseThrow().contains("schema version 7"), version.get());
    }

    @Test
    void aCheckFailsIfTheDatabaseCannotAnswer() {
        HikariDataSource closed = database.pool(1);
        closed.close();

        assertThrows(SessionStoreException.class, () -> new JdbcSessionStore(closed).schemaProblem());
    }

    @Test
    void tablesWithOtherNamesAreSeparate() {
        String schema = "auth_" + Long.toString(System.nanoTime(), 36);
        String longest = schema + "." + "Login_Sessions2".concat("_".repeat(48)).substring(0, 48);
        database.execute("create schema " + schema);
        JdbcSessionStore other = store.withTableName(longest);
        JdbcSessionStore sameNameInAnotherSchema = store.withTableName(schema + ".jwt_sessions");
        store.createTableIfMissing();
        other.createTableIfMissing();
        sameNameInAnotherSchema.createTableIfMissing();

        other.create(SESSION, unconditional());

        assertEquals(Optional.of(SESSION), other.find(USER, ID));
        assertEquals(Optional.empty(), store.find(USER, ID));
        assertEquals(Optional.empty(), sameNameInAnotherSchema.find(USER, ID));
        assertEquals(1, database.count(longest));
    }

    private void assertOnlySelects() {
        watched.statements().forEach(sql -> assertTrue(sql.startsWith("select"), sql));
    }
}
