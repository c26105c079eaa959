package io.github.sessionaware.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

/** A cluster of three primaries, with a replica each if so wanted. */
final class RedisCluster implements AutoCloseable {
    static final int PRIMARIES = 3;

    private static final int SLOTS = 16_384;

    /** Nodes that suspect each other so soon also tell each other soon what they know. */
    private static final String SOON = "1500";

    /** Ten minutes, so that a busy machine does not look like a dead node. */
    private static final String NEVER = "600000";

    private final List<RedisServer> primaries = new ArrayList<>();
    private final List<RedisServer> replicas = new ArrayList<>();

    private RedisCluster(RedisBinary binary, boolean withReplicas) {
        for (int i = 0; i < PRIMARIES; i++) {
            primaries.add(node(binary));
            if (withReplicas) {
                replicas.add(node(binary));
            }
        }
        for (int i = 0; i < PRIMARIES; i++) {
            int[] slots = IntStream.range(i * SLOTS / PRIMARIES, (i + 1) * SLOTS / PRIMARIES)
                    .toArray();
            at(primaries.get(i), jedis -> jedis.clusterAddSlots(slots).equals("OK"));
        }
        nodes().skip(1)
                .forEach(node -> at(
                        primaries.get(0),
                        jedis -> jedis.clusterMeet("127.0.0.1", node.port()).equals("OK")));
        await(jedis -> jedis.clusterInfo().contains("cluster_known_nodes:" + nodes().count())
                && jedis.clusterInfo().contains("cluster_state:ok"));
        for (int i = 0; i < replicas.size(); i++) {
            String primary = idOf(primaries.get(i));
            at(replicas.get(i), jedis -> jedis.clusterReplicate(primary).equals("OK"));
            at(replicas.get(i), jedis -> jedis.info("replication").contains("master_link_status:up"));
        }
        await(jedis -> jedis.clusterNodes()
                        .lines()
                        .filter(line -> line.contains("slave"))
                        .count()
                == replicas.size());
    }

    static RedisCluster of(RedisBinary binary) {
        return new RedisCluster(binary, false).withoutFailover();
    }

    static RedisCluster withReplicas(RedisBinary binary) {
        return new RedisCluster(binary, true).withoutFailover();
    }

    /** A cluster that soon promotes a replica when its primary does not answer. */
    static RedisCluster withFailover(RedisBinary binary) {
        return new RedisCluster(binary, true);
    }

    private RedisCluster withoutFailover() {
        await(jedis -> jedis.configSet("cluster-node-timeout", NEVER).equals("OK"));
        return this;
    }

    private static RedisServer node(RedisBinary binary) {
        return RedisServer.start(
                binary,
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                SOON,
                "--cluster-replica-validity-factor",
                "0",
                "--repl-diskless-sync-delay",
                "0");
    }

    private Stream<RedisServer> nodes() {
        return Stream.concat(primaries.stream(), replicas.stream());
    }

    Set<HostAndPort> addresses() {
        return nodes().map(RedisServer::address).collect(Collectors.toSet());
    }

    RedisServer primary(int number) {
        return primaries.get(number);
    }

    RedisServer replica(int number) {
        return replicas.get(number);
    }

    static String idOf(RedisServer node) {
        try (Jedis jedis = node.connect()) {
            return jedis.clusterMyId();
        }
    }

    /** Keeps a replica from following its primary, as a slow line does. */
    void cutOff(int number) {
        at(
                replicas.get(number),
                jedis -> jedis.configSet("masteruser", "nobody").equals("OK"));
        at(
                replicas.get(number),
                jedis -> jedis.configSet("masterauth", "nothing").equals("OK"));
        at(primaries.get(number), jedis -> jedis.sendCommand(Command.CLIENT, "KILL", "TYPE", "replica") != null);
    }

    private void await(Predicate<Jedis> condition) {
        nodes().forEach(node -> at(node, condition));
    }

    /** Asks again until the answer is yes. */
    private static void at(RedisServer node, Predicate<Jedis> condition) {
        try (Jedis jedis = node.connect()) {
            while (!condition.test(jedis)) {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        nodes().forEach(RedisServer::close);
    }
}
