package io.github.sessionaware.redis;

import static io.github.sessionaware.Admission.unconditional;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.providers.SentineledConnectionProvider;

/** Sentinel promotes a replica, and the store follows it without a restart. */
@Tag("thorough")
@Timeout(120)
class SentinelTest {
    private static final String NAME = "sessions";
    private static final String USER = "alice";
    private static final Instant DEADLINE = Instant.parse("2126-03-01T10:00:00Z");

    private final RedisServer primary = RedisServer.start(RedisBinary.redis7());
    private final RedisServer replica =
            RedisServer.start(RedisBinary.redis7(), "--replicaof", "127.0.0.1", Integer.toString(primary.port()));
    private final int port = RedisServer.freePort();
    private final Process sentinel = startSentinel();

    enum Library {
        JEDIS,
        LETTUCE;

        Client connect(int sentinel) {
            return this == JEDIS ? jedis(sentinel) : Client.lettuceBehindSentinel(NAME, sentinel);
        }

        private static Client jedis(int sentinel) {
            return Client.jedis(new SentineledConnectionProvider(
                    NAME,
                    DefaultJedisClientConfig.builder().build(),
                    Set.of(new HostAndPort("127.0.0.1", sentinel)),
                    DefaultJedisClientConfig.builder().build()));
        }
    }

    private Process startSentinel() {
        try {
            Path settings = RedisBinary.newFolder().resolve("sentinel.conf");
            Files.write(
                    settings,
                    List.of(
                            "port " + port,
                            "bind 127.0.0.1",
                            "sentinel monitor " + NAME + " 127.0.0.1 " + primary.port() + " 1",
                            "sentinel down-after-milliseconds " + NAME + " 60000",
                            "sentinel failover-timeout " + NAME + " 5000"));
            Process started = new ProcessBuilder(
                            RedisBinary.redis7().path().toString(), settings.toString(), "--sentinel")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            return started;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A sentinel promotes only a replica that it has found. */
    @BeforeEach
    void awaitReplica() {
        while (true) {
            try (Jedis jedis = new Jedis("127.0.0.1", port)) {
                if (jedis.sentinelReplicas(NAME).stream()
                        .anyMatch(found -> "ok".equals(found.get("master-link-status")))) {
                    return;
                }
            } catch (RuntimeException e) {
                // The sentinel is still starting.
                Thread.onSpinWait();
            }
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        sentinel.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        replica.close();
        primary.close();
    }

    @ParameterizedTest
    @EnumSource
    void theStoreFollowsTheReplicaThatSentinelPromotes(Library library) {
        try (Client client = library.connect(port)) {
            RedisSessionStore store = new RedisSessionStore(client.access());
            store.withReplicasAcknowledging(1)
                    .withTimeout(Duration.ofSeconds(20))
                    .create(session('a'), unconditional());

            // Not earlier, so that Sentinel takes no busy machine for a dead primary.
            try (Jedis jedis = new Jedis("127.0.0.1", port)) {
                jedis.sentinelSet(NAME, Map.of("down-after-milliseconds", "1000"));
            }
            primary.kill();

            assertEquals(Optional.of(session('a').id()), afterFailures(store));
            assertEquals(1, store.delete(USER, Set.of(session('a').id())).size());
        }
    }

    /** Returns what is found before the first write that succeeds. No failure is taken for a session that has ended. */
    private static Optional<String> afterFailures(RedisSessionStore store) {
        while (true) {
            try {
                Optional<SessionRecord> found = store.find(USER, session('a').id());
                store.touch(session('a'), DEADLINE, DEADLINE);
                return found.map(SessionRecord::id);
            } catch (SessionStoreException e) {
                Thread.onSpinWait();
            }
        }
    }

    private static SessionRecord session(char id) {
        return SessionRecord.builder(USER, Character.toString(id).repeat(22))
                .expiresAt(DEADLINE)
                .build();
    }
}
