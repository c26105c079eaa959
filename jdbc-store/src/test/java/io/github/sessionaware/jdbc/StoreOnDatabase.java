package io.github.sessionaware.jdbc;

import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.Together;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the store promises beyond the contract, on one database. */
abstract class StoreOnDatabase {
    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    static final String USER = "user-that-must-not-be-shown";
    static final String ID = "id-that-must-not-be-shown";
    static final Session SESSION = session(ID, USER, START.plus(Duration.ofDays(1)));

    private final HikariDataSource pool = database().pool(4);
    private final WatchedDataSource watched = new WatchedDataSource(pool);
    final JdbcSessionStore store = new JdbcSessionStore(watched.dataSource());

    abstract TestDatabase database();

    List<String> costOfTouch() {
        return List.of("select", "update", "commit");
    }

    /** What makes the user's column fold case, as a conversion of the table to another collation may. */
    abstract List<String> foldUserIds();

    static Session session(String id, String user, Instant expiresAt) {
        ClientInfo client =
                ClientInfo.builder().device("device-that-must-not-be-shown").build();
        return new Session(id, user, client, START, START, expiresAt);
    }

    @BeforeEach
    void beginAnew() {
        database()
                .execute(
                        "drop table if exists jwt_sessions",
                        "drop table if exists jwt_sessions_schema",
                        "drop table if exists jwt_sessions_locks");
        watched.forgetStatements();
    }

    @AfterEach
    void nothingIsLeftOpen() {
        pool.close();
        watched.assertNothingIsOpen();
    }

    @Test
    void creatingTheTablesTwiceKeepsTheSessions() {
        store.createTableIfMissing();
        store.create(SESSION);

        store.createTableIfMissing();

        assertEquals(Optional.of(SESSION), store.find(ID));
    }

    @Test
    void whereAllIsThereCreatingLocksNothing() throws Exception {
        store.createTableIfMissing();
        store.create(SESSION);
        try (Connection other = database().driver().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("update jwt_sessions set location = 'elsewhere'");

            store.createTableIfMissing();

            other.rollback();
        }
    }

    @Test
    void eightNodesCreateTheTablesAtOnce() throws Exception {
        for (int round = 0; round < 20; round++) {
            beginAnew();

            all(8, () -> {
                new JdbcSessionStore(database().driver()).createTableIfMissing();
                return true;
            });

            assertEquals(1, database().count("jwt_sessions_schema"));
            store.create(SESSION);
        }
    }

    @Test
    void tablesThatWereMadeHalfAreFinished() {
        store.createTableIfMissing();
        database().execute("delete from jwt_sessions_schema");
        JdbcSessionStore next = new JdbcSessionStore(watched.dataSource());
        assertThrows(SessionStoreException.class, () -> next.find(ID));

        next.createTableIfMissing();

        assertEquals(Optional.empty(), next.find(ID));
    }

    @Test
    void aTableThatWasDroppedIsMadeAgain() {
        store.createTableIfMissing();
        database().execute("drop table jwt_sessions");

        store.createTableIfMissing();

        store.create(SESSION);
    }

    @Test
    void tablesOfAnotherVersionAreRefusedWithBothVersionsAndNothingIsWritten() {
        for (int version : List.of(0, 2)) {
            beginAnew();
            store.createTableIfMissing();
            store.create(SESSION);
            database().execute("update jwt_sessions_schema set version = " + version);
            JdbcSessionStore other = new JdbcSessionStore(watched.dataSource());
            List<Runnable> calls = new ArrayList<>(everyCall(other));
            calls.add(other::createTableIfMissing);

            for (Runnable call : calls) {
                String message =
                        assertThrows(SessionStoreException.class, call::run).getMessage();
                assertTrue(message.contains("schema version " + version), message);
                assertTrue(message.contains("works with version 1"), message);
            }

            assertEquals(1, database().count("jwt_sessions"));
            assertEquals(1, database().count("jwt_sessions_schema"));
        }
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
    void aTableOfAnotherShapeIsNamedAndNothingIsWritten() {
        database()
                .execute("create table jwt_sessions"
                        + " (session_id varchar(64) primary key, user_id varchar(10), expires_at bigint)");

        SessionStoreException failure = assertThrows(SessionStoreException.class, store::createTableIfMissing);

        assertTrue(failure.getMessage().contains("jwt_sessions"), failure.getMessage());
        assertTrue(failure.getMessage().contains("another shape"), failure.getMessage());
        watched.statements().forEach(sql -> assertTrue(sql.startsWith("select"), sql));
        assertThrows(RuntimeException.class, () -> database().count("jwt_sessions_schema"), "no version was written");
    }

    @Test
    void aForeignTableInTheVersionsPlaceIsRefusedAndNothingIsWritten() {
        database().execute("create table jwt_sessions_schema (owner varchar(10))");

        SessionStoreException failure = assertThrows(SessionStoreException.class, store::createTableIfMissing);

        assertTrue(failure.getMessage().contains("another shape"), failure.getMessage());
        watched.statements().forEach(sql -> assertTrue(sql.startsWith("select"), sql));
        assertThrows(RuntimeException.class, () -> database().count("jwt_sessions"), "no table was made");
    }

    @Test
    void aColumnThatIsTooNarrowIsAFailureOfTheTableNotOfTheLogin() {
        store.createTableIfMissing();
        database()
                .execute(
                        "alter table jwt_sessions drop column device",
                        "alter table jwt_sessions add column device varchar(3)");

        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> store.create(SESSION));

        assertTrue(failure.getMessage().contains("another shape"), failure.getMessage());
        assertShowsNoValues(failure);
    }

    @Test
    void aDuplicateIsRefusedWithoutShowingIt() {
        store.createTableIfMissing();
        store.create(SESSION);

        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> store.create(SESSION));

        assertShowsNoValues(failure);
    }

    @Test
    void usersThatTheTableFoldsTogetherStayApart() {
        store.createTableIfMissing();
        Session bobs = session("session-of-bob-0000000000", "bob", START.plusSeconds(60));
        Session others = session("session-of-another-bob-00", "Bob", START.plusSeconds(60));
        store.create(bobs);
        store.create(others);
        foldUserIds().forEach(statement -> database().execute(statement));
        assertEquals(
                2,
                database().count("jwt_sessions where user_id = 'BOB'"),
                "the table must fold, or this test shows nothing");

        assertEquals(List.of(bobs), store.list("bob"));
        assertEquals(Optional.empty(), store.delete("bob", others.id()));
        assertEquals(List.of(bobs), store.deleteAll("bob"));
        assertEquals(Optional.of(others), store.find(others.id()));
    }

    /** Else a revoke of all would have said that there is nothing, behind a page of somebody else's sessions. */
    @Test
    void aFoldedUserCannotHideBehindManySessionsOfAnother() {
        store.createTableIfMissing();
        for (int i = 0; i < JdbcSessionStore.BATCH; i++) {
            store.create(session("session-%016d".formatted(i), "Bob", START));
        }
        store.create(session("session-of-bob-0000000000", "bob", START));
        foldUserIds().forEach(statement -> database().execute(statement));

        SessionStoreException refusal = assertThrows(SessionStoreException.class, () -> store.deleteAll("bob"));
        assertTrue(refusal.getMessage().contains("binary collation"), refusal::getMessage);
    }

    /** The JDK that wrote it knew fewer invisible characters, or somebody else wrote it. */
    @Test
    void aLabelThatReadsOtherwiseThanItIsStoredIsNoObstacle() throws Exception {
        store.createTableIfMissing();
        for (String stored : List.of("two  blanks", "tab\there", " blanks around ", "x".repeat(64) + " ")) {
            store.create(SESSION);
            database().execute("update jwt_sessions set label = '" + stored + "'");
            Session seen = store.find(ID).orElseThrow();
            Session next = seen.touched(START.plusSeconds(1), seen.expiresAt());

            assertTrue(store.replace(seen, next), stored);
            assertFalse(store.replace(seen, next), "it has changed since");
            assertEquals(Optional.of(next), store.find(ID));

            database().execute("update jwt_sessions set label = '" + stored + "'");
            try (Connection transaction = database().driver().getConnection()) {
                transaction.setAutoCommit(false);
                assertEquals(1, store.joining(transaction).deleteAll(USER).size(), stored);
                transaction.rollback();
            }
            assertEquals(1, store.deleteAll(USER).size(), stored);
        }
    }

    @Test
    void aLabelThatWasChangedSinceIsAnObstacle() {
        store.createTableIfMissing();
        store.create(SESSION);
        database().execute("update jwt_sessions set label = 'tablet'");

        assertFalse(store.replace(SESSION, SESSION.touched(START.plusSeconds(1), SESSION.expiresAt())));
    }

    @Test
    void whatEachCallCosts() {
        store.createTableIfMissing();

        assertCost(List.of("insert"), () -> store.create(SESSION));
        assertCost(List.of("select"), () -> store.find(ID));
        assertCost(List.of("select"), () -> store.list(USER));
        assertCost(costOfTouch(), () -> store.touch(SESSION, START.plusSeconds(60), START.plusSeconds(9)));
        assertCost(List.of(), () -> store.touch(SESSION, START, START.plusSeconds(9)));
        assertCost(List.of("select", "delete"), () -> store.delete(USER, ID));
        assertCost(List.of("select"), () -> store.delete(USER, ID));
        List<Session> three = List.of(
                session("a".repeat(22), USER, START),
                session("b".repeat(22), USER, START),
                session("c".repeat(22), USER, START));
        three.forEach(store::create);
        assertCost(List.of("select", "delete", "delete", "commit"), () -> store.deleteOthers(USER, "a".repeat(22)));
        assertCost(List.of("select", "delete"), () -> store.deleteAll(USER));
        three.forEach(store::create);
        assertCost(List.of("select", "delete", "commit"), () -> store.purge(START));
        assertCost(List.of("select", "commit"), () -> store.purge(START));
    }

    @Test
    void whereManyReadAtOnceAFewQueriesAnswerAll() throws Exception {
        store.createTableIfMissing();
        List<Session> sessions = IntStream.range(0, 64)
                .mapToObj(i -> session("session-%016d".formatted(i), USER, START))
                .toList();
        sessions.forEach(store::create);
        List<Connection> taken = new ArrayList<>();
        for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
            taken.add(pool.getConnection());
        }
        List<Thread> callers = new CopyOnWriteArrayList<>();
        JdbcSessionStore sharing = store.withBatchedReads(64);
        watched.forgetStatements();
        CompletableFuture<List<Optional<Session>>> found =
                CompletableFuture.supplyAsync(() -> together(sessions.stream()
                        .<Callable<Optional<Session>>>map(session -> () -> {
                            callers.add(Thread.currentThread());
                            return sharing.find(session.id());
                        })
                        .toList()));
        int straight = JdbcSessionStore.STRAIGHT_READS;
        int leaders = JdbcSessionStore.BATCHES_AT_ONCE;
        // Those who go straight and those who lead all wait for the pool.
        while (!found.isDone()
                && callers.stream().filter(BatchedReadsTest::isQueued).count() < 64 - straight - leaders) {
            Thread.onSpinWait();
        }

        for (Connection connection : taken) {
            connection.close();
        }

        assertEquals(sessions.stream().map(Optional::of).toList(), found.get());
        long selects = watched.statements().stream().filter("select"::equals).count();
        assertTrue(selects > straight + leaders && selects <= straight + 3 * leaders, selects + " selects");
    }

    private static <T> List<T> together(List<Callable<T>> calls) {
        try {
            return Together.call(calls);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aQueryForSeveralAnswersEachWhateverTheirNumber() {
        store.createTableIfMissing();
        Session present = session("present-0000000000000000", USER, START);
        store.create(present);
        for (int several : List.of(1, 2, 4, 5, 63, 64, 65, 256)) {
            Set<String> ids = IntStream.range(1, several)
                    .mapToObj(i -> "absent-%016d".formatted(i))
                    .collect(Collectors.toSet());
            ids.add(present.id());
            Map<String, Optional<Session>> expected = new HashMap<>();
            ids.forEach(id -> expected.put(id, Optional.empty()));
            expected.put(present.id(), Optional.of(present));

            assertEquals(expected, store.findAll(ids));
        }
    }

    @Test
    void aRowThatIsNoSessionLeavesAllOfItsQueryToBeAskedAlone() {
        store.createTableIfMissing();
        store.create(SESSION);
        store.create(session("another-session-of-the-user", USER, START));
        database().execute("update jwt_sessions set user_id = '' where session_id = '" + ID + "'");

        assertEquals(Map.of(), store.findAll(Set.of(ID, "another-session-of-the-user")));
        assertTrue(store.findAll(Set.of("another-session-of-the-user"))
                .get("another-session-of-the-user")
                .isPresent());
    }

    @Test
    void severalSessionsAreDeletedInTheOrderOfTheirIdsSoThatNoTwoCallsWaitForEachOther() {
        store.createTableIfMissing();
        Session first = session("a".repeat(22), USER, START);
        Session second = session("b".repeat(22), USER, START);
        Session third = session("c".repeat(22), USER, START);
        List.of(second, third, first).forEach(store::create);

        assertEquals(List.of(first, second, third), store.deleteAll(USER));
    }

    /** The table's order, whatever the choice was given in. */
    @Test
    void whatALimitEndsIsDeletedInThatOrderToo() {
        store.createTableIfMissing();
        List<Session> three = List.of(
                session("a".repeat(22), USER, START),
                session("b".repeat(22), USER, START),
                session("c".repeat(22), USER, START));
        three.forEach(store::create);
        List<Session> reversed = List.of(three.get(2), three.get(1), three.get(0));

        assertEquals(Optional.of(three), store.createLimited(SESSION, present -> Optional.of(reversed)));
    }

    @Test
    void aTransactionIsJoinedOnlyIfTheVersionIsOurs() throws Exception {
        store.createTableIfMissing();
        database().execute("update jwt_sessions_schema set version = 2");
        try (Connection transaction = database().driver().getConnection()) {
            transaction.setAutoCommit(false);
            SessionStore joined = new JdbcSessionStore(watched.dataSource()).joining(transaction);

            String message = assertThrows(SessionStoreException.class, () -> joined.create(SESSION))
                    .getMessage();
            assertTrue(message.contains("version 2") && message.contains("version 1"), message);
            transaction.rollback();
        }
    }

    @Test
    void whatALimitedLoginAndAReplacementCost() {
        store.createTableIfMissing();
        Session first = session("a".repeat(22), USER, START);
        Session second = session("b".repeat(22), USER, START);

        assertCost(
                List.of("update", "select", "select", "insert", "commit"),
                () -> store.createLimited(first, present -> Optional.of(List.of())));
        assertCost(
                List.of("update", "select", "select", "delete", "insert", "commit"),
                () -> store.createLimited(second, Optional::of));
        assertCost(
                List.of("update", "select", "select", "commit"),
                () -> store.createLimited(first, present -> Optional.empty()));
        assertCost(List.of("update"), () -> store.replace(second, first));
    }

    @Test
    void aLimitedLoginLooksAgainForWhatHasSlippedPastItsFirstLook() {
        store.createTableIfMissing();
        Session slipped = session("s".repeat(22), USER, START);
        AtomicInteger looks = new AtomicInteger();
        JdbcSessionStore looking = new JdbcSessionStore(Jdbi.create(() -> {
            Connection connection = database().driver().getConnection();
            // In a higher level MariaDB locks the gap too, and nothing slips past.
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            return Interference.beforeEach("select", connection, arguments -> {
                // The first is for the version, the second the first look.
                if (looks.incrementAndGet() == 3) {
                    store.create(slipped);
                }
            });
        }));

        assertEquals(Optional.of(List.of(slipped)), looking.createLimited(SESSION, Optional::of));

        assertEquals(List.of(SESSION), store.list(USER));
    }

    @Test
    void aLimitedLoginWithoutItsLocksNamesTheRemedyAndStoresNothing() {
        store.createTableIfMissing();
        // All but those of other users, so that what is there is not taken for the whole.
        int bucket = Math.floorMod(USER.hashCode(), 64);
        database().execute("delete from jwt_sessions_locks where bucket = " + bucket);

        SessionStoreException failure = assertThrows(
                SessionStoreException.class, () -> store.createLimited(SESSION, present -> Optional.of(List.of())));

        assertTrue(failure.getMessage().contains("jwt_sessions_locks"), failure.getMessage());
        assertTrue(failure.getMessage().contains("createTableIfMissing"), failure.getMessage());
        assertEquals(Optional.empty(), store.find(ID));
        store.createTableIfMissing();
        assertEquals(Optional.of(List.of()), store.createLimited(SESSION, present -> Optional.of(List.of())));
    }

    @Test
    void limitedLoginsOfOneUserWaitForEachOtherAndOthersDoNotSeeThem() throws Exception {
        store.createTableIfMissing();
        try (Connection transaction = database().driver().getConnection()) {
            transaction.setAutoCommit(false);
            store.joining(transaction).createLimited(SESSION, present -> Optional.of(List.of()));

            assertEquals(Optional.empty(), store.find(ID));
            assertThrows(
                    SessionStoreException.class,
                    () -> store.withTimeout(Duration.ofSeconds(2))
                            .createLimited(session("s".repeat(22), USER, START), present -> Optional.of(List.of())));

            transaction.rollback();
        }
        assertEquals(List.of(), store.list(USER));
    }

    @Test
    void nothingInTheTablesAuthenticates() {
        store.createTableIfMissing();
        SessionAwareTokenService service = aServiceOn(store)
                .clock(new FakeClock(START))
                .refreshTokens(TestService.secret())
                .sessionLimit(new SessionLimit(3, AtLimit.END_OLDEST))
                .build();
        List<IssuedTokens> given = new ArrayList<>();
        given.add(service.issue(USER, ClientInfo.unknown()));
        given.add(service.refresh(given.get(0).refreshToken(), ClientInfo.unknown()));
        given.add(service.reauthenticate(service.validate(given.get(1).accessToken()), LoginOptions.none()));
        given.add(service.refresh(given.get(2).refreshToken(), ClientInfo.unknown()));
        IssuedTokens latest = given.get(3);
        service.renameSession(USER, latest.session().id(), "kitchen tablet");

        Set<String> found = new HashSet<>();
        for (String table : List.of("jwt_sessions", "jwt_sessions_schema", "jwt_sessions_locks")) {
            database()
                    .rows(table)
                    .forEach(row -> row.values().forEach(cell -> found.addAll(List.of(("" + cell).split("[.~]", -1)))));
            database().rows(table).forEach(row -> row.values().forEach(cell -> found.add("" + cell)));
        }

        for (IssuedTokens tokens : given) {
            Set<String> secrets = new HashSet<>(List.of(tokens.accessToken(), tokens.refreshToken()));
            secrets.addAll(List.of(tokens.accessToken().split("\\.", -1)));
            secrets.addAll(List.of(tokens.refreshToken().split("~", -1)));
            secrets.remove(tokens.session().id());
            secrets.forEach(secret -> found.forEach(cell -> assertFalse(cell.contains(secret), "a secret is stored")));
        }
        for (String cell : found) {
            assertThrows(InvalidTokenException.class, () -> service.validate(cell));
            assertThrows(InvalidTokenException.class, () -> service.refresh(cell, ClientInfo.unknown()));
            for (String other : found) {
                String made = latest.session().id() + "~" + cell + "~" + other;
                assertThrows(InvalidTokenException.class, () -> service.refresh(made, ClientInfo.unknown()));
            }
        }
        service.validate(
                service.refresh(latest.refreshToken(), ClientInfo.unknown()).accessToken());
    }

    @Test
    void soManySessionsOfOneUserGoInBatches() {
        store.createTableIfMissing();
        for (int i = 0; i < JdbcSessionStore.BATCH + 2; i++) {
            store.create(session("session-%016d".formatted(i), USER, START));
        }
        watched.forgetStatements();

        assertEquals(JdbcSessionStore.BATCH + 2, store.deleteAll(USER).size());

        assertEquals(
                2,
                watched.statements().stream()
                        .filter(statement -> statement.equals("commit"))
                        .count());
        assertEquals(List.of(), store.list(USER));
    }

    @Test
    void aStoreReadsTheVersionOnceBeforeItsFirstStatement() {
        store.createTableIfMissing();
        JdbcSessionStore next = new JdbcSessionStore(watched.dataSource());

        assertCost(List.of("select", "select"), () -> next.find(ID));
        assertCost(List.of("select"), () -> next.find(ID));
    }

    @Test
    void purgeRemovesBatchAfterBatchAndReturnsTheCount() {
        store.createTableIfMissing();
        database().fill(12_345);

        watched.forgetStatements();
        assertEquals(1_234, store.purge(START));

        assertEquals(
                List.of("select", "delete", "commit", "select", "delete", "commit", "select", "delete", "commit"),
                watched.statements());
        assertEquals(12_345 - 1_234, database().count("jwt_sessions"));
    }

    @Test
    void purgesOnEveryNodeAtOnceShareTheWork() throws Exception {
        store.createTableIfMissing();
        database().fill(20_000);

        List<Integer> counts = all(4, () -> new JdbcSessionStore(database().driver()).purge(START));

        assertEquals(2_000, counts.stream().mapToInt(count -> count).sum());
        assertEquals(18_000, database().count("jwt_sessions"));
    }

    @Test
    void purgeDoesNotWaitForARowThatSomebodyHasLocked() throws Exception {
        store.createTableIfMissing();
        Session locked = session("l".repeat(22), USER, START);
        Session free = session("f".repeat(22), USER, START);
        store.create(locked);
        store.create(free);
        try (Connection other = database().driver().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement()
                    .execute("update jwt_sessions set location = 'elsewhere' where session_id = '" + locked.id() + "'");

            assertEquals(1, store.purge(START));

            other.rollback();
        }
        assertEquals(Optional.empty(), store.find(free.id()));
        assertEquals(1, store.purge(START));
    }

    @Test
    void aTouchDoesNotWaitForARowThatSomebodyHasLocked() throws Exception {
        store.createTableIfMissing();
        store.create(SESSION);
        try (Connection other = database().driver().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("update jwt_sessions set location = 'elsewhere'");

            assertFalse(touched(SESSION), "a lock that is held may not hold up a request");

            other.rollback();
        }
        assertTrue(touched(SESSION));
    }

    @Test
    void aStoreThatHasJoinedATransactionIsOfNoUseAfterIt() throws Exception {
        store.createTableIfMissing();
        store.create(SESSION);
        try (Connection transaction = database().driver().getConnection()) {
            transaction.setAutoCommit(false);
            SessionStore joined = store.joining(transaction);
            transaction.commit();
            transaction.setAutoCommit(true);

            assertThrows(SessionStoreException.class, () -> joined.deleteAll(USER));
        }
        assertEquals(Optional.of(SESSION), store.find(ID));
    }

    @Test
    void purgeAndDeleteAllOfTheSameRecordsBothSucceed() throws Exception {
        store.createTableIfMissing();
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 20; i++) {
                // Deadlines fall while ids rise, so that the two meet the records in opposite order.
                store.create(session("session-%016d".formatted(i), USER, START.minusMillis(i)));
            }
            List<Callable<Integer>> both = List.of(
                    () -> store.purge(START), () -> store.deleteAll(USER).size());

            int removed = Together.call(both).stream().mapToInt(count -> count).sum();

            // What a purge passes over because a delete has locked it goes with the delete.
            assertEquals(20, removed);
            assertEquals(List.of(), store.list(USER));
        }
    }

    @Test
    void whatACallDidIsCommittedWhenItReturnsWithoutAutoCommitToo() {
        WatchedDataSource withoutAutoCommit =
                new WatchedDataSource(database().driver(), connection -> connection.setAutoCommit(false));
        JdbcSessionStore writer = new JdbcSessionStore(withoutAutoCommit.dataSource());
        writer.createTableIfMissing();
        writer.create(SESSION);
        assertEquals(Optional.of(SESSION), store.find(ID));

        writer.touch(SESSION, START.plusSeconds(60), START.plusSeconds(3600));
        Session touched = SESSION.touched(START.plusSeconds(60), START.plusSeconds(3600));
        assertEquals(Optional.of(touched), store.find(ID));

        assertEquals(Optional.of(touched), writer.delete(USER, ID));
        assertEquals(Optional.empty(), store.find(ID));
        withoutAutoCommit.assertNothingIsOpen();
    }

    @Test
    void aCallTakesPartInTheApplicationsTransactionAndIsRolledBackWithIt() throws Exception {
        store.createTableIfMissing();
        store.create(SESSION);
        Session second = session("s".repeat(22), USER, START);
        store.create(second);
        try (Connection transaction = database().driver().getConnection()) {
            transaction.setAutoCommit(false);
            SessionStore joined = store.joining(transaction);
            Session third = session("t".repeat(22), USER, START);

            joined.create(third);
            assertFalse(joined.touch(SESSION, START.plusSeconds(60), START.plusSeconds(99)), "records no activity");
            assertEquals(Optional.of(second), joined.delete(USER, second.id()));
            assertEquals(Set.of(SESSION, second), new HashSet<>(store.list(USER)), "before the commit");
            assertEquals(List.of(SESSION), joined.deleteOthers(USER, third.id()));
            assertEquals(Optional.of(third), joined.find(third.id()));
            transaction.rollback();

            assertEquals(Set.of(SESSION, second), new HashSet<>(store.list(USER)));
            joined.create(third);
            assertEquals(2, joined.deleteOthers(USER, third.id()).size());
            transaction.commit();

            assertEquals(List.of(third), store.list(USER));
            assertEquals(List.of(third), joined.deleteAll(USER));
            transaction.commit();
            assertFalse(transaction.isClosed());
        }
        assertEquals(List.of(), store.list(USER));
    }

    @Test
    void aJoinedRevokeLocksWhatItRevokesAndNothingElse() throws Exception {
        store.createTableIfMissing();
        Session kept = session("k".repeat(22), USER, START.plusSeconds(9));
        Session other = session("o".repeat(22), USER, START.plusSeconds(9));
        List.of(SESSION, kept, other).forEach(store::create);
        try (Connection transaction = database().driver().getConnection()) {
            transaction.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            transaction.setAutoCommit(false);

            store.joining(transaction).delete(USER, ID);
            assertTrue(touched(kept), "a revoke of one leaves the others free");
            assertEquals(Optional.of(other), store.delete(USER, other.id()), "a revoke of one leaves the others free");
            store.create(other);
            store.joining(transaction).deleteOthers(USER, kept.id());
            Session seen = kept.touched(START.plusSeconds(1), START.plusSeconds(9));
            assertTrue(store.touch(seen, START.plusSeconds(2), START.plusSeconds(9)), "the kept one is free");
            assertThrows(
                    SessionStoreException.class,
                    () -> store.withTimeout(Duration.ofSeconds(2)).delete(USER, other.id()),
                    "a revoked one is locked until the commit");

            transaction.commit();
        }
        assertEquals(Optional.empty(), store.find(other.id()));
    }

    @Test
    void aTouchCannotComeBetweenTheLookAndTheDeleteOfAJoinedRevoke() throws Exception {
        store.createTableIfMissing();
        for (BiFunction<SessionStore, Session, List<Session>> revoke :
                List.<BiFunction<SessionStore, Session, List<Session>>>of(
                        (joined, session) ->
                                joined.delete(USER, session.id()).stream().toList(),
                        (joined, session) -> joined.deleteAll(USER))) {
            store.create(SESSION);
            try (Connection transaction = database().driver().getConnection()) {
                transaction.setAutoCommit(false);
                Connection touching =
                        Interference.beforeEach("delete", transaction, sql -> assertFalse(touched(SESSION)));

                assertEquals(List.of(SESSION), revoke.apply(store.joining(touching), SESSION));

                transaction.commit();
            }
            assertEquals(Optional.empty(), store.find(ID));
        }
    }

    @Test
    void aJoinedRevokeSeesSessionsThatBeganAfterTheTransaction() throws Exception {
        store.createTableIfMissing();
        try (Connection transaction = database().driver().getConnection()) {
            transaction.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            transaction.setAutoCommit(false);
            transaction.createStatement().executeQuery("select count(*) from jwt_sessions");
            store.create(SESSION);

            assertEquals(List.of(SESSION), store.joining(transaction).deleteAll(USER));

            transaction.commit();
        }
        assertEquals(Optional.empty(), store.find(ID));
    }

    @Test
    void aConnectionWithAutoCommitHasNothingToJoin() throws Exception {
        store.createTableIfMissing();
        try (Connection connection = database().driver().getConnection()) {
            assertThrows(IllegalArgumentException.class, () -> store.joining(connection));
        }
    }

    @Test
    void aCallWaitsNoLongerThanItsTimeout() throws Exception {
        store.createTableIfMissing();
        store.create(SESSION);
        JdbcSessionStore impatient = store.withTimeout(Duration.ofSeconds(2));
        try (Connection other = database().driver().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("update jwt_sessions set location = 'elsewhere'");

            assertThrows(SessionStoreException.class, () -> impatient.deleteAll(USER));

            other.rollback();
        }
        // Whether it took effect after all depends on the database; a second call leaves no doubt.
        impatient.deleteAll(USER);
        assertEquals(Optional.empty(), impatient.find(ID));
    }

    @Test
    void tablesOfOtherNamesAreSeparate() {
        String schema = "auth_" + Long.toString(System.nanoTime(), 36);
        String longest = schema + "." + "Login_Sessions2".concat("_".repeat(48)).substring(0, 48);
        database().execute("create schema " + schema);
        JdbcSessionStore other = store.withTableName(longest);
        JdbcSessionStore sameNameInAnotherSchema = store.withTableName(schema + ".jwt_sessions");
        store.createTableIfMissing();
        other.createTableIfMissing();
        sameNameInAnotherSchema.createTableIfMissing();

        other.create(SESSION);

        assertEquals(Optional.of(SESSION), other.find(ID));
        assertEquals(Optional.empty(), store.find(ID));
        assertEquals(Optional.empty(), sameNameInAnotherSchema.find(ID));
        assertEquals(1, database().count(longest));
    }

    private boolean touched(Session session) {
        return store.touch(session, START.plusSeconds(1), START.plusSeconds(9));
    }

    private static List<Runnable> everyCall(JdbcSessionStore store) {
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

    private void assertCost(List<String> statements, Runnable call) {
        watched.forgetStatements();
        call.run();
        assertEquals(statements, watched.statements());
    }

    static void assertShowsNoValues(Throwable failure) {
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        assertFalse(printed.toString().contains("must-not-be-shown"), printed.toString());
    }

    static <T> List<T> all(int threads, Callable<T> call) throws Exception {
        return Together.call(Collections.nCopies(threads, call));
    }
}
