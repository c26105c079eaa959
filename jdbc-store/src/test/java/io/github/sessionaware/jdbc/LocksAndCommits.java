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

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commits before it returns, and neither waits for a lock that it can skip nor for ever. */
abstract class LocksAndCommits extends StoreFixture {
    LocksAndCommits(TestDatabase database) {
        super(database);
    }

    @BeforeEach
    void createTables() {
        store.createTableIfMissing();
    }

    @Test
    void aCallHasCommittedWhenItReturnsWithoutAutoCommitToo() {
        WatchedDataSource withoutAutoCommit =
                new WatchedDataSource(database.driver(), connection -> connection.setAutoCommit(false));
        JdbcSessionStore writer = new JdbcSessionStore(withoutAutoCommit.dataSource());
        writer.createTableIfMissing();
        writer.create(SESSION, unconditional());
        assertEquals(Optional.of(SESSION), store.find(USER, ID));

        writer.touch(SESSION, START.plusSeconds(60), START.plusSeconds(3600));
        SessionRecord touched = SESSION.touched(START.plusSeconds(60), START.plusSeconds(3600));
        assertEquals(Optional.of(touched), store.find(USER, ID));

        assertEquals(List.of(touched), writer.delete(USER, Set.of(ID)));
        assertEquals(Optional.empty(), store.find(USER, ID));
        withoutAutoCommit.assertNothingIsOpen();
    }

    @Test
    void aTouchDoesNotWaitForALockedRow() throws Exception {
        store.create(SESSION, unconditional());

        whileEverySessionIsLocked(() -> assertFalse(touched(SESSION), "activity is not worth waiting for a lock"));

        assertTrue(touched(SESSION));
    }

    @Test
    void aPurgeDoesNotWaitForALockedRow() throws Exception {
        SessionRecord locked = session('l');
        SessionRecord free = session('f');
        store.create(locked, unconditional());
        store.create(free, unconditional());

        whileLocked(
                "where user_id = '" + USER + "' and session_id = '" + locked.id() + "'",
                () -> assertEquals(1, store.purge(START)));

        assertEquals(Optional.empty(), store.find(USER, free.id()));
        assertEquals(1, store.purge(START));
    }

    @Test
    void aCallThatMustWaitForALockFailsAtItsTimeout() throws Exception {
        store.create(SESSION, unconditional());
        JdbcSessionStore impatient = store.withTimeout(Duration.ofSeconds(2));

        whileEverySessionIsLocked(
                () -> assertThrows(SessionStoreException.class, () -> impatient.deleteAll(USER, null)));

        // The database decides whether the failed call takes effect. A second call leaves no doubt.
        store.deleteAll(USER, null);
        assertEquals(Optional.empty(), store.find(USER, ID));
    }

    /** A fixed order, so that two calls never wait for each other. */
    @Test
    void sessionsAreDeletedInTheOrderOfTheirIds() {
        List<SessionRecord> three = List.of(session('a'), session('b'), session('c'));
        List.of(three.get(1), three.get(2), three.get(0)).forEach(session -> store.create(session, unconditional()));

        assertEquals(three, store.deleteAll(USER, null));
    }

    @Test
    void simultaneousPurgesOfFourNodesShareTheWork() throws Exception {
        database.fill(20_000);

        List<Integer> counts =
                Together.call(Collections.nCopies(4, () -> new JdbcSessionStore(database.driver()).purge(START)));

        assertEquals(2_000, counts.stream().mapToInt(count -> count).sum());
        assertEquals(18_000, database.count("jwt_sessions"));
    }

    @Test
    void aPurgeAndARevokeOfTheSameSessionsBothSucceed() throws Exception {
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 20; i++) {
                // Deadlines fall while ids rise, so that the two calls meet the sessions in opposite order.
                store.create(session(SampleSessions.numbered(i).id(), USER, START.minusMillis(i)), unconditional());
            }

            int removed =
                    Together.<Integer>call(List.of(
                                    () -> store.purge(START),
                                    () -> store.deleteAll(USER, null).size()))
                            .stream()
                            .mapToInt(count -> count)
                            .sum();

            // A purge skips the sessions that the revoke has locked, and the revoke deletes those.
            assertEquals(20, removed);
            assertEquals(List.of(), store.list(USER));
        }
    }
}
