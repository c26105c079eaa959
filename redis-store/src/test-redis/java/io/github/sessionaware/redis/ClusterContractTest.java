package io.github.sessionaware.redis;

import io.github.sessionaware.testing.history.LongHistory;
import io.github.sessionaware.testing.invariants.ServiceInvariants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Isolated;

/** The contract, the invariants and histories on clusters of three primaries, and the contract on other servers. */
@Tag("thorough")
@Isolated("counts the threads of the virtual machine")
class ClusterContractTest {
    private static final RedisCluster REDIS = RedisCluster.of(RedisBinary.redis7());
    private static final RedisCluster VALKEY = RedisCluster.of(RedisBinary.valkey8());
    private static final RedisCluster REPLICATED = RedisCluster.withReplicas(RedisBinary.redis7());
    private static final RedisServer VALKEY_ALONE = RedisServer.start(RedisBinary.valkey8());

    @AfterAll
    static void stop() {
        REDIS.close();
        VALKEY.close();
        REPLICATED.close();
        VALKEY_ALONE.close();
    }

    @Nested
    class JedisOnARedisClusterTest extends StoreContracts {
        @Override
        Client connect() {
            return Client.jedis(REDIS.addresses(), CONNECTIONS);
        }
    }

    @Nested
    class LettuceOnARedisClusterTest extends StoreContracts {
        @Override
        Client connect() {
            return Client.lettuce(REDIS.addresses());
        }
    }

    @Nested
    class JedisOnAValkeyClusterTest extends StoreContracts {
        @Override
        Client connect() {
            return Client.jedis(VALKEY.addresses(), CONNECTIONS);
        }
    }

    @Nested
    class LettuceOnValkey8Test extends StoreContracts {
        @Override
        Client connect() {
            return Client.lettuce(VALKEY_ALONE.address());
        }
    }

    @Nested
    class JedisAwaitingReplicasTest extends StoreContracts {
        @Override
        Client connect() {
            return Client.jedis(REPLICATED.addresses(), CONNECTIONS);
        }

        @Override
        RedisSessionStore configured(RedisSessionStore store) {
            return store.withReplicasAcknowledging(1);
        }
    }

    @Nested
    class LettuceAwaitingReplicasTest extends StoreContracts {
        @Override
        Client connect() {
            return Client.lettuce(REPLICATED.addresses());
        }

        @Override
        RedisSessionStore configured(RedisSessionStore store) {
            return store.withReplicasAcknowledging(1);
        }
    }

    @Nested
    class InvariantsTest extends TwoClients implements ServiceInvariants {
        InvariantsTest() {
            super(Client.jedis(REDIS.addresses(), CONNECTIONS), Client.jedis(REDIS.addresses(), CONNECTIONS));
        }
    }

    @Nested
    class HistoryTest extends TwoClients implements LongHistory {
        HistoryTest() {
            super(Client.jedis(VALKEY.addresses(), CONNECTIONS), Client.lettuce(VALKEY.addresses()));
        }
    }
}
