package io.github.sessionaware.redis;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionStoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/**
 * Changes that replicas must acknowledge. The tests wait for acknowledgements that do not come, so they run in
 * parallel, each on a server of its own.
 */
@Execution(ExecutionMode.CONCURRENT)
class AcknowledgedChangesTest extends OwnServer {
    /** Marks a client that waits in the server's list of clients. */
    private static final String BLOCKED = " flags=b ";

    @Test
    void withoutReplicasAnAcknowledgedChangeIsAFailureOfUnknownOutcome() {
        RedisSessionStore strict = acknowledged(client);
        store.create(session('a'), unconditional());

        assertUnacknowledged(() -> strict.create(session('b'), unconditional()));
        assertUnacknowledged(() -> strict.create(session('d'), decidedBy(present -> Optional.of(List.of()))));
        assertUnacknowledged(() -> strict.replace(session('d'), session('d').touched(START, START.plusSeconds(1))));
        assertUnacknowledged(() -> strict.delete(USER, Set.of(session('a').id())));
        assertUnacknowledged(() -> strict.deleteAll(USER, null));
        assertEquals(List.of(), store.list(USER), "the primary has made the changes");
        assertUnacknowledged(() -> strict.deleteAll(USER, null));
        assertUnacknowledged(() -> strict.delete(USER, Set.of(session('a').id())));
        store.create(session('c'), unconditional());
        assertTrue(strict.touch(session('c'), START, START.plusSeconds(1)), "activity does not wait");
    }

    /** A repeated revoke finds nothing and comes on a connection that has written nothing. It must wait too. */
    @Execution(ExecutionMode.SAME_THREAD)
    @ParameterizedTest
    @EnumSource
    void whileTheReplicaStandsStillNoChangeAndNoRepeatedRevokeIsConfirmed(Library library) {
        try (RedisServer replica = RedisServer.start(
                        RedisBinary.redis6(), "--replicaof", "127.0.0.1", Integer.toString(server.port()));
                Client own = library.connect(server.address());
                Client other = library.connect(server.address())) {
            RedisSessionStore strict = acknowledged(own);
            RedisSessionStore repeating = acknowledged(other);
            awaitReplica(replica);
            strict.withTimeout(Duration.ofSeconds(20)).create(session('a'), unconditional());
            strict.list(USER);

            replica.pause();
            try {
                assertReadsGoOnDuringAWait(strict);
                assertUnacknowledged(() -> strict.create(session('b'), unconditional()));
                assertUnacknowledged(
                        () -> strict.delete(USER, Set.of(session('a').id())));
                assertUnacknowledged(
                        () -> repeating.delete(USER, Set.of(session('a').id())));
                assertUnacknowledged(() -> strict.deleteAll(USER, null));
            } finally {
                replica.resume();
            }
            assertEquals(
                    List.of(), repeating.withTimeout(Duration.ofSeconds(20)).deleteAll(USER, null));
        }
    }

    /** A server holds back what else comes on a connection that waits. */
    private void assertReadsGoOnDuringAWait(RedisSessionStore strict) {
        RedisSessionStore waiting = strict.withTimeout(Duration.ofSeconds(20));
        CompletableFuture<SessionStoreException> wait = CompletableFuture.supplyAsync(
                () -> assertThrows(SessionStoreException.class, () -> waiting.create(session('w'), unconditional())));
        while (!jedis.clientList().contains(BLOCKED)) {
            Thread.onSpinWait();
        }

        assertEquals(2, strict.withTimeout(Duration.ofSeconds(10)).list(USER).size());
        assertFalse(wait.isDone());
        jedis.clientUnblock(idOfTheWaitingClient());
        wait.join();
    }

    private long idOfTheWaitingClient() {
        Matcher waiting = Pattern.compile("(?m)^id=([0-9]+) .*" + BLOCKED).matcher(jedis.clientList());
        assertTrue(waiting.find());
        return Long.parseLong(waiting.group(1));
    }

    /** A quarter of the timeout is left after the wait for the replicas, which is enough on a busy machine too. */
    private static RedisSessionStore acknowledged(Client client) {
        return new RedisSessionStore(client.access())
                .withReplicasAcknowledging(1)
                .withTimeout(Duration.ofSeconds(4));
    }

    private static void awaitReplica(RedisServer replica) {
        try (Jedis jedis = replica.connect()) {
            while (!jedis.info("replication").contains("master_link_status:up")) {
                Thread.onSpinWait();
            }
        }
    }
}
