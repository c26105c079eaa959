package io.github.sessionaware.redis;

import io.github.sessionaware.SessionStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;

/** The way to the nodes of a Redis Cluster through the pools of Jedis. */
final class JedisCluster extends ClusterAccess {
    private static final Logger LOG = LoggerFactory.getLogger(JedisAccess.class);

    private final RedisClusterClient client;
    private final AtomicBoolean learning = new AtomicBoolean();

    JedisCluster(RedisClusterClient client) {
        for (ConnectionPool pool : client.getClusterNodes().values()) {
            if (pool.getMaxWaitDuration().isNegative()) {
                throw new IllegalArgumentException("The pools of this RedisClusterClient let a call wait for a"
                        + " connection without end: set maxWait in its poolConfig, for instance to the timeout of the"
                        + " store");
            }
        }
        this.client = client;
    }

    @Override
    <T> T onKnownOwner(byte[] key, boolean waits, Deadline deadline, Function<Primary, T> call) {
        try (Connection connection = client.getConnectionFromSlot(JedisClusterCRC16.getSlot(key))) {
            return JedisPrimary.call(connection, false, deadline, call);
        }
    }

    @Override
    <T> T onTarget(String hostAndPort, boolean asks, boolean waits, Deadline deadline, Function<Primary, T> call) {
        return on(hostAndPort, asks, deadline, call);
    }

    @Override
    <T> T onPrimary(String name, Deadline deadline, Function<Primary, T> call) {
        return on(name, false, deadline, call);
    }

    private <T> T on(String hostAndPort, boolean asks, Deadline deadline, Function<Primary, T> call) {
        ConnectionPool pool = client.getClusterNodes().get(hostAndPort);
        if (pool == null) {
            throw new SessionStoreException("Jedis does not know a node of the Redis Cluster yet; call again later");
        }
        try (Connection connection = pool.getResource()) {
            return JedisPrimary.call(connection, asks, deadline, call);
        }
    }

    /** Jedis knows replicas too, so each node is asked what it is. */
    @Override
    List<String> primaries(Deadline deadline) {
        List<String> primaries = new ArrayList<>();
        for (Map.Entry<String, ConnectionPool> node :
                Map.copyOf(client.getClusterNodes()).entrySet()) {
            try (Connection connection = node.getValue().getResource()) {
                String replication =
                        JedisPrimary.call(connection, false, deadline, primary -> primary.info("replication"));
                if (replication.contains("role:master")) {
                    primaries.add(node.getKey());
                }
            }
        }
        return primaries;
    }

    /** Jedis learns the owners when a command of its own meets a redirection or a dead node, so this sends one. */
    @Override
    void learnOwners(byte[] key, Deadline deadline) {
        client.exists(key);
    }

    @Override
    void learnOwnersAfterAFailure(byte[] key) {
        if (learning.compareAndSet(false, true)) {
            try {
                client.exists(key);
            } catch (JedisException e) {
                LOG.debug(
                        "The owner of a slot is still unknown: {}", e.getClass().getName());
            } finally {
                learning.set(false);
            }
        }
    }
}
