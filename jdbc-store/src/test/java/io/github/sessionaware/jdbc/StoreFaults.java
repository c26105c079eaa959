package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.Node.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.jdbc.Node.Call;
import io.github.sessionaware.testing.TcpProxy;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What an application sees while the line to its database or the session table is broken, and afterwards. See
 * docs/outages.md. The tests wait for timeouts, so they run in parallel. Each has its own database, line and pool.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class StoreFaults {
    private static final String ANY_STATEMENT = "jwt_sessions";

    private final DatabaseServer server;
    private final ServerDatabase database;
    private final TcpProxy proxy;
    private final Node node;
    private final String beginOfATransaction;

    /**
     * @param server stays up
     * @param beginOfATransaction what the driver sends before the first statement of a transaction, or with it
     */
    StoreFaults(DatabaseServer server, String beginOfATransaction) {
        this.server = server;
        this.database = server.newDatabase();
        this.proxy = new TcpProxy(database.port());
        this.node = Node.on(database.through(proxy.port()).driver());
        this.beginOfATransaction = beginOfATransaction;
    }

    ServerDatabase newDatabase() {
        return server.newDatabase();
    }

    @AfterEach
    void stop() {
        node.close();
        proxy.close();
    }

    @Test
    void whileConnectionsAreRefusedEveryCallFailsAndAfterwardsAllIsAsBefore() {
        proxy.refuse();

        node.assertEveryCallFailsInTime();

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    @Test
    void whileConnectionsAreResetInUseEveryCallFailsAndAfterwardsAllIsAsBefore() {
        proxy.resetOn(ANY_STATEMENT);

        node.assertEveryCallFailsInTime();

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    @Test
    void whileStatementsVanishOnTheWayEveryCallFailsAndAfterwardsAllIsAsBefore() {
        proxy.blackHoleOn(ANY_STATEMENT);

        node.assertEveryCallFailsInTime();

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    @Test
    void whileStatementsVanishCallsOnAPoolWithoutAutoCommitAreBoundedToo() {
        try (Node other =
                Node.withoutAutoCommitOn(newDatabase().through(proxy.port()).driver())) {
            proxy.blackHoleOn(ANY_STATEMENT);

            other.assertEveryCallFailsInTime();

            proxy.pass();
            other.assertAllIsAsBefore();
        }
    }

    @Test
    void aTransactionWhoseBeginVanishesIsBoundedToo() {
        proxy.blackHoleOn(beginOfATransaction);

        node.assertFailsInTime("purgeExpiredSessions", SessionAwareTokenService::purgeExpiredSessions);
        node.assertFailsInTime("revokeAllSessions", service -> service.revokeAllSessions(USER));

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    @Test
    void aCommitThatVanishesIsBoundedTooAndRolledBack() {
        proxy.blackHoleOn("COMMIT");

        node.assertFailsInTime("revokeAllSessions", service -> service.revokeAllSessions(USER));

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    @Test
    void whileNothingArrivesOnConnectionsOldAndNewEveryCallFailsAndAfterwardsAllIsAsBefore() {
        proxy.blackHole();

        node.assertEveryCallFailsInTime();

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    @Test
    void whileNewConnectionsVanishEveryCallFailsAndAfterwardsAllIsAsBefore() {
        proxy.blackHole();
        node.forgetConnections();

        node.assertEveryCallFailsInTime();

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    @Test
    void whileRepliesComeTooLateEveryCallFailsAndAfterwardsAllIsAsBefore() {
        proxy.delayReplyTo(ANY_STATEMENT, Duration.ofSeconds(30));

        node.assertEveryCallFailsInTime();

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    @Test
    void whileRepliesGetLostEveryCallFailsAndAfterwardsAllIsAsBefore() {
        proxy.loseReplyTo(ANY_STATEMENT);

        node.assertEveryCallFailsInTime();

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    /** A caller may wait for its turn in a shared query first, which adds a timeout at most. */
    @Test
    void whileStatementsVanishManyCallersFailInTimeAndAfterwardsAllIsAsBefore() throws Exception {
        proxy.blackHoleOn(ANY_STATEMENT);

        assertTimeoutPreemptively(
                Node.BOUND.plus(Node.TIMEOUT),
                () -> Together.call(Collections.nCopies(
                        40,
                        () -> assertThrows(
                                SessionStoreException.class,
                                () -> node.sharingReads().validate(node.phone().accessToken())))));

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    @Test
    void aLineThatIsOnlySlowFailsNothing() {
        proxy.delay(Duration.ofMillis(50));

        node.everyCall(node.service()).forEach(call -> node.assertSucceedsWithin(Node.RECOVERY, call));
    }

    @Test
    void aResetOfTheWholePoolFailsNoMoreCallsThanItHadConnections() throws Exception {
        node.holdEveryConnection();
        node.releaseConnections();

        proxy.resetConnections();

        int failed = node.awaitAnAnswer(node.service());
        assertTrue(failed <= Node.POOL_SIZE, failed + " calls failed");
        node.assertAllIsAsBefore();
    }

    @Test
    void whileThePoolIsExhaustedEveryCallFailsAndAfterwardsAllIsAsBefore() throws Exception {
        node.holdEveryConnection();

        node.assertEveryCallFailsInTime();

        node.releaseConnections();
        node.assertAllIsAsBefore();
    }

    @Test
    void anInterruptedThreadIsServedUnlessItMustWaitForAConnection() {
        try (Node patient = Node.withPatientPoolOn(database.driver())) {
            SessionAwareTokenService service = patient.service();
            patient.everyCall(service).forEach(call -> assertTrue(patient.succeedsWhileInterrupted(call), call.name()));

            service.validate(service.issue(USER, ClientInfo.unknown()).accessToken());
        }
    }

    @Test
    void anInterruptedThreadFailsIfItMustWaitForAConnection() throws Exception {
        node.holdEveryConnection();

        node.everyCall(node.service()).forEach(call -> assertFalse(node.succeedsWhileInterrupted(call), call.name()));

        node.releaseConnections();
        node.assertAllIsAsBefore();
    }

    @Test
    void whileTheTableIsMissingEveryCallFailsAndAfterwardsAllIsAsBefore() {
        for (int i = 0; i < 10; i++) {
            // So often that the driver lets the server keep the prepared statement.
            node.validatePhone();
        }
        database.execute("alter table jwt_sessions rename to jwt_sessions_elsewhere");

        node.assertEveryCallFailsInTime();

        database.execute("alter table jwt_sessions_elsewhere rename to jwt_sessions");
        node.assertAllIsAsBefore();
    }

    @Test
    void aTableThatWasDroppedAndMadeAgainHasNoSessionsAndTakesNewOnes() {
        database.execute("drop table jwt_sessions");
        node.assertEveryCallFailsInTime();

        node.createTables();

        node.assertRefused(Reason.SESSION_ENDED, node.phone().accessToken());
        IssuedTokens next = node.service().issue(USER, ClientInfo.unknown());
        node.service().validate(next.accessToken());
    }

    @Test
    void aTouchThatVanishesFailsNoValidate() {
        node.letActivityIntervalPass();
        Instant before = node.phone().session().lastActiveAt();
        proxy.blackHoleOn("update jwt_sessions");

        SessionAwareTokenService service = node.withTimeoutToWaitFor();
        node.assertSucceedsWithin(
                Node.BOUND.plus(Node.TIMEOUT_TO_WAIT_FOR),
                new Call(
                        "validate",
                        () -> assertEquals(
                                before,
                                service.validate(node.phone().accessToken())
                                        .session()
                                        .lastActiveAt())));

        proxy.pass();
        assertTrue(node.validatePhone().lastActiveAt().isAfter(before), "the next validate records it");
        node.assertAllIsAsBefore();
    }

    @Test
    void aLoginWhoseReplyIsLostMayBeStoredAndTheNextTryIsAnotherSession() {
        proxy.loseReplyTo("insert into jwt_sessions");
        node.assertLosesItsReply("issue", service -> service.issue(USER, ClientInfo.unknown()));
        proxy.pass();
        node.awaitAnAnswer();

        IssuedTokens second = node.service().issue(USER, ClientInfo.unknown());

        node.service().validate(second.accessToken());
        Set<String> more = node.listedIds();
        more.removeAll(
                Set.of(node.phone().session().id(), node.laptop().session().id()));
        assertEquals(2, more.size(), "the login whose reply was lost, and the second try");
        more.forEach(id -> assertTrue(node.service().revokeSession(USER, id)));
        node.assertAllIsAsBefore();
    }

    @Test
    void aReauthenticationWhoseReplyIsLostLeavesTheSessionWithATokenThatNobodyHas() {
        AuthenticatedSession current = node.service().validate(node.phone().accessToken());
        Set<String> ids = node.listedIds();
        proxy.loseReplyTo("update jwt_sessions");
        node.assertLosesItsReply("reauthenticate", service -> service.reauthenticate(current));
        proxy.pass();

        node.assertRefused(Reason.OTHER_GENERATION, node.phone().accessToken());
        InvalidTokenException secondTry =
                assertThrows(InvalidTokenException.class, () -> node.service().reauthenticate(current));
        assertEquals(Reason.OTHER_GENERATION, secondTry.reason());
        assertEquals(ids, node.listedIds(), "the session keeps its id");
        assertTrue(node.service().revokeSession(USER, current.sessionId()));
    }

    @Test
    void aRevokeWhoseReplyIsLostHasEndedTheSessionAndTheNextTryFindsNothing() {
        String phone = node.phone().session().id();
        proxy.loseReplyTo("delete from jwt_sessions");
        node.assertLosesItsReply("revokeSession", service -> service.revokeSession(USER, phone));
        proxy.pass();

        node.assertRefused(Reason.SESSION_ENDED, node.phone().accessToken());
        assertFalse(node.service().revokeSession(USER, phone));
        assertEquals(Set.of(node.laptop().session().id()), node.listedIds());
    }

    @Test
    void aRevokeOfOthersWhoseReplyIsLostHasEndedThemAndTheNextTryFindsNothing() {
        String phone = node.phone().session().id();
        proxy.loseReplyTo("delete from jwt_sessions");
        node.assertLosesItsReply("revokeOtherSessions", service -> service.revokeOtherSessions(USER, phone));
        proxy.pass();

        node.assertRefused(Reason.SESSION_ENDED, node.laptop().accessToken());
        assertEquals(0, node.service().revokeOtherSessions(USER, phone));
        assertEquals(Set.of(phone), node.listedIds());
    }

    @Test
    void aRevokeOfAllWhoseCommitIsNotConfirmedHasEndedThemAndTheNextTryFindsNothing() {
        proxy.loseReplyTo("COMMIT");
        node.assertLosesItsReply("revokeAllSessions", service -> service.revokeAllSessions(USER));
        proxy.pass();

        node.assertRefused(Reason.SESSION_ENDED, node.phone().accessToken());
        node.assertRefused(Reason.SESSION_ENDED, node.laptop().accessToken());
        assertEquals(0, node.service().revokeAllSessions(USER));
        assertEquals(Set.of(), node.listedIds());
    }

    @Test
    void aRevokeOfAllThatBreaksOffBeforeItsCommitHasEndedNoneAndTheNextTryEndsAll() {
        proxy.loseReplyTo("delete from jwt_sessions");
        node.assertLosesItsReply("revokeAllSessions", service -> service.revokeAllSessions(USER));
        proxy.pass();

        node.assertAllIsAsBefore();
        assertEquals(2, node.service().revokeAllSessions(USER));
    }
}
