package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.numbered;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.Session;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sends exactly these statements for each call. */
abstract class CallCosts extends StoreFixture {
    private static final List<Session> THREE = List.of(session('a'), session('b'), session('c'));

    CallCosts(TestDatabase database) {
        super(database);
    }

    @BeforeEach
    void createTables() {
        store.createTableIfMissing();
    }

    @Test
    void aStoreReadsTheSchemaVersionOnce() {
        JdbcSessionStore next = new JdbcSessionStore(watched.dataSource());

        assertCost(List.of("select", "select"), () -> next.find(ID));
        assertCost(List.of("select"), () -> next.find(ID));
    }

    @Test
    void createFindListTouchAndDeleteTakeTheFewestStatements() {
        assertCost(List.of("insert"), () -> store.create(SESSION));
        assertCost(List.of("select"), () -> store.find(ID));
        assertCost(List.of("select"), () -> store.list(USER));
        assertCost(
                database.statementsOfATouch(), () -> store.touch(SESSION, START.plusSeconds(60), START.plusSeconds(9)));
        assertCost(List.of(), () -> store.touch(SESSION, START, START.plusSeconds(9)));
        assertCost(List.of("select", "delete"), () -> store.delete(USER, ID));
        assertCost(List.of("select"), () -> store.delete(USER, ID));
    }

    @Test
    void revokesAndPurgesTakeOneTransaction() {
        THREE.forEach(store::create);
        assertCost(List.of("select", "delete", "delete", "commit"), () -> store.deleteOthers(USER, "a".repeat(22)));
        assertCost(List.of("select", "delete"), () -> store.deleteAll(USER));

        THREE.forEach(store::create);
        assertCost(List.of("select", "delete", "commit"), () -> store.purge(START));
        assertCost(List.of("select", "commit"), () -> store.purge(START));
    }

    @Test
    void aLimitedLoginTakesOneTransactionAndAReplacementOneStatement() {
        assertCost(
                List.of("update", "select", "select", "insert", "commit"),
                () -> store.createLimited(session('a'), present -> Optional.of(List.of())));
        assertCost(
                List.of("update", "select", "select", "delete", "insert", "commit"),
                () -> store.createLimited(session('b'), Optional::of));
        assertCost(
                List.of("update", "select", "select", "commit"),
                () -> store.createLimited(session('a'), present -> Optional.empty()));
        assertCost(List.of("update"), () -> store.replace(session('b'), session('a')));
    }

    @Test
    void aRevokeOfManySessionsCommitsAfterEachBatch() {
        for (int i = 0; i < JdbcSessionStore.BATCH + 2; i++) {
            store.create(numbered(i));
        }
        watched.forgetStatements();

        assertEquals(JdbcSessionStore.BATCH + 2, store.deleteAll(USER).size());

        assertEquals(2, Collections.frequency(watched.statements(), "commit"));
        assertEquals(List.of(), store.list(USER));
    }

    @Test
    void aPurgeCommitsAfterEachBatchAndReturnsTheCount() {
        database.fill(12_345);
        watched.forgetStatements();

        assertEquals(1_234, store.purge(START));

        assertEquals(
                List.of("select", "delete", "commit", "select", "delete", "commit", "select", "delete", "commit"),
                watched.statements());
        assertEquals(12_345 - 1_234, database.count("jwt_sessions"));
    }
}
