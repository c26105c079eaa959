package io.github.sessionaware.redis;

import static io.github.sessionaware.redis.Node.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.TcpProxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.HostAndPort;

/**
 * What an application sees while the line to Redis is broken, and afterwards. See docs/redis.md. The tests wait for
 * timeouts, so they run in parallel. Each has its own server, line and client.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class LineFaults {
    /** Every script and every read names the key. */
    private static final String ANY_COMMAND = "jwt_sessions";

    private static final String ANY_SCRIPT = "EVAL";

    private final RedisServer server = RedisServer.start(RedisBinary.redis6());
    private final TcpProxy proxy = new TcpProxy(server.port());
    private final Node node = Node.on(connect(new HostAndPort("127.0.0.1", proxy.port())));

    abstract Client connect(HostAndPort line);

    @AfterEach
    void stop() {
        node.close();
        proxy.close();
        server.close();
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
        proxy.resetOn(ANY_COMMAND);

        node.everyCall().forEach(node::assertFailsInTime);

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    @Test
    void whileNothingArrivesEveryCallFailsAndAfterwardsAllIsAsBefore() {
        proxy.blackHole();

        node.assertEveryCallFailsInTime();

        proxy.pass();
        proxy.resetConnections();
        node.assertAllIsAsBefore();
    }

    @Test
    void whileRepliesComeTooLateEveryCallFailsAndAfterwardsNoLateReplyIsMistakenForAnother() {
        proxy.delayReplyTo(ANY_COMMAND, Duration.ofSeconds(3));

        node.assertFailsInTime(
                "validate", service -> service.validate(node.phone().accessToken()));
        node.assertFailsInTime("listSessions", service -> service.listSessions(USER));
        node.assertFailsInTime("issue", service -> service.issue("a-late-user", ClientInfo.unknown()));

        proxy.pass();
        node.assertAllIsAsBefore();
    }

    @Test
    void aLineThatIsOnlySlowFailsNothing() {
        proxy.delay(Duration.ofMillis(30));

        node.everyCall().forEach(node::assertSucceeds);
    }

    @Test
    void aRevokeWhoseReplyIsLostFailsAlthoughItHasEndedTheSessionAndTheNextTryFindsNothing() {
        String phone = node.phone().session().id();
        proxy.loseReplyTo(ANY_SCRIPT);
        node.assertLosesItsReply("revokeSession", service -> service.revokeSession(USER, phone));
        proxy.pass();
        awaitUse();

        node.assertRefused(Reason.SESSION_ENDED, node.phone().accessToken());
        assertFalse(node.service().revokeSession(USER, phone));
        assertEquals(Set.of(node.laptop().session().id()), node.listedIds());
    }

    @Test
    void aRevokeOfAllWhoseReplyIsLostFailsAlthoughItHasEndedThemAndTheNextTryFindsNothing() {
        proxy.loseReplyTo(ANY_SCRIPT);
        node.assertLosesItsReply("revokeAllSessions", service -> service.revokeAllSessions(USER));
        proxy.pass();
        awaitUse();

        node.assertRefused(Reason.SESSION_ENDED, node.laptop().accessToken());
        assertEquals(0, node.service().revokeAllSessions(USER));
    }

    @Test
    void aLoginWhoseReplyIsLostMayBeStoredAndTheNextTryIsAnotherSession() {
        proxy.loseReplyTo(ANY_SCRIPT);
        node.assertLosesItsReply("issue", service -> service.issue(USER, ClientInfo.unknown()));
        proxy.pass();
        node.awaitAnAnswer();

        node.service().issue(USER, ClientInfo.unknown());

        assertEquals(4, node.listedIds().size(), "two before, the login whose reply was lost, and the second try");
    }

    @Test
    void aTouchThatIsLostFailsNoValidate() {
        node.letActivityIntervalPass();
        Instant before = node.phone().session().lastActiveAt();
        proxy.blackHoleOn(ANY_SCRIPT);

        node.assertSucceeds("validate", service -> service.validate(node.phone().accessToken()));

        proxy.pass();
        proxy.resetConnections();
        node.awaitAnAnswer();
        Instant after =
                node.service().validate(node.phone().accessToken()).session().lastActiveAt();
        assertTrue(after.isAfter(before), "the next validate records it");
        node.assertAllIsAsBefore();
    }

    @Test
    void whileTheServerIsKilledEveryCallFails() {
        server.kill();

        node.assertEveryCallFailsInTime();
    }

    @Test
    void whileTheServerStandsStillEveryCallFailsAndAfterwardsAllIsAsBefore() {
        server.pause();
        try {
            node.everyCall().forEach((name, call) -> {
                if (!name.startsWith("revoke")) {
                    node.assertFailsInTime(name, call);
                }
            });
        } finally {
            server.resume();
        }

        node.assertAllIsAsBefore();
    }

    /** A connection that the fault has broken may fail one more call. */
    private void awaitUse() {
        while (true) {
            try {
                node.service().listSessions(USER);
                return;
            } catch (SessionStoreException e) {
                Thread.onSpinWait();
            }
        }
    }
}
