package io.github.sessionaware.redis;

import static io.github.sessionaware.Admission.unconditional;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisClusterCRC16;

/** A slot moves to another node while the store uses it. */
@Tag("thorough")
class RedirectionsTest {
    private static final RedisCluster CLUSTER = RedisCluster.of(RedisBinary.redis7());
    private static final Instant DEADLINE = Instant.parse("2126-03-01T10:00:00Z");

    enum Library {
        JEDIS,
        LETTUCE;

        Client connect() {
            return this == JEDIS ? Client.jedis(CLUSTER.addresses(), 4) : Client.lettuce(CLUSTER.addresses());
        }
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyCallFollowsASlotThatMovesToAnotherNode(Library library) {
        String user = userOfTheFirstPrimary(library);
        int slot = JedisClusterCRC16.getSlot(key(user).getBytes(StandardCharsets.UTF_8));
        SessionRecord one = session(user, 'a');
        SessionRecord other = session(user, 'b');
        try (Client client = library.connect();
                Jedis from = CLUSTER.primary(0).connect();
                Jedis to = CLUSTER.primary(1).connect()) {
            RedisSessionStore store = new RedisSessionStore(client.access()).withTimeout(Duration.ofSeconds(20));
            store.create(one, unconditional());

            to.clusterSetSlotImporting(slot, RedisCluster.idOf(CLUSTER.primary(0)));
            from.clusterSetSlotMigrating(slot, RedisCluster.idOf(CLUSTER.primary(1)));
            assertEquals(Optional.of(one), store.find(user, one.id()), "the key is where it was");
            from.migrate("127.0.0.1", CLUSTER.primary(1).port(), key(user), 0, 5_000);
            assertEquals(Optional.of(one), store.find(user, one.id()), "the old node says ASK");
            to.scriptFlush();
            store.create(other, unconditional());
            assertTrue(store.touch(one, DEADLINE, DEADLINE));

            for (int node = 2; node >= 0; node--) {
                try (Jedis jedis = CLUSTER.primary(node).connect()) {
                    jedis.clusterSetSlotNode(slot, RedisCluster.idOf(CLUSTER.primary(1)));
                }
            }
            assertEquals(2, store.list(user).size(), "the old node says MOVED");
            assertEquals(List.of(other), store.delete(user, Set.of(other.id())));
            assertEquals(1, store.deleteAll(user, null).size());
        }
    }

    private static String userOfTheFirstPrimary(Library library) {
        for (int i = 0; ; i++) {
            String user = library + "-" + i;
            if (JedisClusterCRC16.getSlot(key(user).getBytes(StandardCharsets.UTF_8)) < 5_000) {
                return user;
            }
        }
    }

    private static String key(String user) {
        return "jwt_sessions:" + user;
    }

    private static SessionRecord session(String user, char id) {
        return SessionRecord.builder(user, Character.toString(id).repeat(22))
                .expiresAt(DEADLINE)
                .build();
    }
}
