package io.github.sessionaware.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.testing.Ledger;
import io.github.sessionaware.testing.Ledger.Findings;
import io.github.sessionaware.testing.Ledger.Login;
import io.github.sessionaware.testing.TestService;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * A primary of a cluster dies under load, and its replica was cut off for a second. What callers were told before is
 * then compared with what is there.
 */
@Tag("thorough")
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class FailoverTest {
    private static final int CALLERS = 8;
    private static final int SESSIONS_AT_REST = 2_000;

    @Test
    void asynchronousReplicationLosesWhatTheReplicaHadNotReceived() throws Exception {
        Findings findings = failover(
                "asynchronous, Jedis", cluster -> Client.jedis(cluster.addresses(), CALLERS, 1_000), store -> store);

        assertTrue(findings.lost() > 0, "lost logins");
        assertTrue(findings.undone() > 0, "undone revocations");
    }

    @Test
    void whatAReplicaHasAcknowledgedIsKeptThroughJedis() throws Exception {
        assertNothingIsLost(failover(
                "one replica acknowledges, Jedis",
                cluster -> Client.jedis(cluster.addresses(), CALLERS, 1_000),
                store -> store.withReplicasAcknowledging(1)));
    }

    @Test
    void whatAReplicaHasAcknowledgedIsKeptThroughLettuce() throws Exception {
        assertNothingIsLost(failover(
                "one replica acknowledges, Lettuce",
                cluster -> Client.lettuce(cluster.addresses()),
                store -> store.withReplicasAcknowledging(1)));
    }

    private static void assertNothingIsLost(Findings findings) {
        assertEquals(List.of(), findings.wrong());
        assertEquals(0, findings.lost(), "lost logins");
        assertEquals(0, findings.undone(), "undone revocations");
        assertEquals(0, findings.halfThere(), "sessions about which list and validate disagree");
        assertTrue(findings.unknown() > 0, "calls must fail while the replica is cut off");
    }

    private static Findings failover(
            String name, Function<RedisCluster, Client> connect, UnaryOperator<RedisSessionStore> settings)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try (RedisCluster cluster = RedisCluster.withFailover(RedisBinary.redis7());
                Client one = connect.apply(cluster);
                Client other = connect.apply(cluster)) {
            SessionAwareTokenService loginNode = service(one, settings);
            SessionAwareTokenService otherNode = service(other, settings);
            Ledger ledger = new Ledger(new CountDownLatch(0));
            Queue<Login> atRest = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < SESSIONS_AT_REST; i++) {
                ledger.login(loginNode, newUser()).ifPresent(atRest::add);
            }
            CountDownLatch isBack = new CountDownLatch(1);
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(() -> callUntil(isBack, ledger, loginNode, otherNode, atRest)));
            }
            // The load runs for half a second, then for a second while the replica is cut off.
            assertTrue(!isBack.await(500, TimeUnit.MILLISECONDS));
            cluster.cutOff(0);
            assertTrue(!isBack.await(1, TimeUnit.SECONDS));
            cluster.primary(0).kill();
            awaitPromotion(cluster);
            isBack.countDown();
            for (Future<?> caller : callers) {
                caller.get();
            }
            Findings findings = ledger.check(loginNode);
            System.out.printf(
                    "failover of a primary, %s: %d logins and %d revocations acknowledged, %d calls without an answer;"
                            + " %d logins lost, %d revocations undone%n",
                    name,
                    findings.logins(),
                    findings.revoked(),
                    findings.unknown(),
                    findings.lost(),
                    findings.undone());
            return findings;
        } finally {
            threads.shutdownNow();
        }
    }

    private static SessionAwareTokenService service(Client client, UnaryOperator<RedisSessionStore> settings) {
        return TestService.aServiceOn(settings.apply(new RedisSessionStore(client.access())))
                .build();
    }

    private static void awaitPromotion(RedisCluster cluster) {
        try (var jedis = cluster.replica(0).connect()) {
            while (!jedis.info("replication").contains("role:master")) {
                Thread.onSpinWait();
            }
        }
        // Nobody shall replicate to this node: the new primary has no replica, so strict writes go on failing there.
    }

    /**
     * Logs in two users and revokes the session that has waited longest, so that sessions of before the failover remain
     * to be revoked. Goes on until the cluster has answered a whole round after the failover, or refused it for want of
     * a replica.
     */
    private static void callUntil(
            CountDownLatch isBack,
            Ledger ledger,
            SessionAwareTokenService loginNode,
            SessionAwareTokenService otherNode,
            Queue<Login> atRest) {
        boolean wasBack;
        do {
            wasBack = isBack.getCount() == 0;
            ledger.login(loginNode, newUser()).ifPresent(kept -> ledger.validate(otherNode, kept));
            ledger.login(loginNode, newUser()).ifPresent(atRest::add);
            Login old = atRest.poll();
            if (old != null) {
                ledger.revoke(List.of(old), () -> otherNode.revokeSession(old.userId(), old.sessionId()));
            }
        } while (!wasBack);
    }

    private static String newUser() {
        return "user-" + UUID.randomUUID();
    }
}
