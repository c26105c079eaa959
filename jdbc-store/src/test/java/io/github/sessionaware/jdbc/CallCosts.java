package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.next;
import static io.github.sessionaware.jdbc.SampleSessions.numbered;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.testing.TestService;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sends exactly these statements for each call. */
abstract class CallCosts extends StoreFixture {
    private static final List<SessionRecord> THREE = List.of(session('a'), session('b'), session('c'));

    CallCosts(TestDatabase database) {
        super(database);
    }

    @BeforeEach
    void createTables() {
        store.createTableIfMissing();
    }

    @Test
    void aStoreChecksItsTablesOnce() {
        JdbcSessionStore next = new JdbcSessionStore(watched.dataSource());

        assertCost(List.of("select", "select", "select"), () -> next.find(USER, ID));
        assertCost(List.of("select"), () -> next.find(USER, ID));
    }

    @Test
    void createFindListTouchAndDeleteTakeTheFewestStatements() {
        assertCost(List.of("insert"), () -> store.create(SESSION, unconditional()));
        assertCost(List.of("select"), () -> store.find(USER, ID));
        assertCost(List.of("select"), () -> store.list(USER));
        assertCost(
                database.statementsOfATouch(), () -> store.touch(SESSION, START.plusSeconds(60), START.plusSeconds(9)));
        assertCost(List.of("select", "delete"), () -> store.delete(USER, Set.of(ID)));
        assertCost(List.of("select"), () -> store.delete(USER, Set.of(ID)));
    }

    @Test
    void revokesAndPurgesTakeOneTransaction() {
        THREE.forEach(session -> store.create(session, unconditional()));
        assertCost(List.of("select", "delete", "commit"), () -> store.deleteAll(USER, "a".repeat(22)));
        assertCost(List.of("select", "delete"), () -> store.deleteAll(USER, null));

        THREE.forEach(session -> store.create(session, unconditional()));
        assertCost(
                List.of("select", "delete", "commit"),
                () -> store.delete(
                        USER,
                        Set.of(
                                session('a').id(),
                                session('b').id(),
                                session('c').id(),
                                session('d').id())));

        THREE.forEach(session -> store.create(session, unconditional()));
        assertCost(List.of("select", "delete", "commit"), () -> store.purge(START));
        assertCost(List.of("select", "commit"), () -> store.purge(START));
    }

    @Test
    void aLimitedLoginTakesOneTransactionAndAReplacementOneStatement() {
        assertCost(
                List.of("update", "select", "insert", "commit"),
                () -> store.create(session('a'), decidedBy(present -> Optional.of(List.of()))));
        assertCost(
                List.of("update", "select", "delete", "insert", "commit"),
                () -> store.create(session('b'), decidedBy(Optional::of)));
        assertCost(
                List.of("update", "select", "commit"),
                () -> store.create(session('a'), decidedBy(present -> Optional.empty())));
        assertCost(List.of("update"), () -> store.replace(session('b'), next(session('b'), session('b'))));
    }

    @Test
    void aRefreshTakesTwoStatementsItsRetryOneAndALogoutByRefreshTokenThree() {
        SessionAwareTokenService service =
                aServiceOn(store).refreshTokens(TestService.refreshSecret()).build();
        String token = service.issue(USER, ClientInfo.unknown()).refreshToken();

        assertCost(List.of("select", "update"), () -> service.refresh(token, ClientInfo.unknown()));
        assertCost(List.of("select"), () -> service.refresh(token, ClientInfo.unknown()));
        assertCost(List.of("select", "select", "delete"), () -> service.revokeByRefreshToken(token));
        assertCost(List.of("select"), () -> service.revokeByRefreshToken(token));
    }

    @Test
    void aRevokeOfManySessionsCommitsAfterEachBatch() {
        for (int i = 0; i < SessionTable.BATCH + 2; i++) {
            store.create(numbered(i), unconditional());
        }
        watched.forgetStatements();

        assertEquals(SessionTable.BATCH + 2, store.deleteAll(USER, null).size());

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
