package io.github.sessionaware.redis;

import io.github.sessionaware.SessionStoreException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The way to the nodes of a Redis Cluster through Lettuce. */
final class LettuceCluster extends ClusterAccess {
    private final RedisClusterClient client;
    private final LettuceConnections<StatefulRedisClusterConnection<byte[], byte[]>> connections;
    private final AtomicBoolean learning = new AtomicBoolean();

    LettuceCluster(RedisClusterClient client) {
        this.client = client;
        this.connections = new LettuceConnections<>(() -> client.connect(ByteArrayCodec.INSTANCE));
    }

    @Override
    <T> T onKnownOwner(byte[] key, boolean waits, Deadline deadline, Function<Primary, T> call) {
        return connections.call(waits, deadline, cluster -> {
            RedisClusterNode owner = cluster.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
            if (owner == null) {
                throw new SessionStoreException("No node of the Redis Cluster owns a key; call again later");
            }
            return on(cluster.getConnectionAsync(owner.getNodeId()), false, deadline, call);
        });
    }

    @Override
    <T> T onTarget(String hostAndPort, boolean asks, boolean waits, Deadline deadline, Function<Primary, T> call) {
        int colon = hostAndPort.lastIndexOf(':');
        String host = hostAndPort.substring(0, Math.max(0, colon));
        int port = Integer.parseInt(hostAndPort.substring(colon + 1));
        return connections.call(
                waits, deadline, cluster -> on(cluster.getConnectionAsync(host, port), asks, deadline, call));
    }

    @Override
    <T> T onPrimary(String name, Deadline deadline, Function<Primary, T> call) {
        return connections.call(
                false, deadline, cluster -> on(cluster.getConnectionAsync(name), false, deadline, call));
    }

    private static <T> T on(
            CompletableFuture<StatefulRedisConnection<byte[], byte[]>> node,
            boolean asks,
            Deadline deadline,
            Function<Primary, T> call) {
        return call.apply(new LettucePrimary(LettucePrimary.await(node, deadline), asks, deadline));
    }

    @Override
    List<String> primaries(Deadline deadline) {
        return connections.call(
                false,
                deadline,
                cluster -> cluster.getPartitions().stream()
                        .filter(node -> node.is(NodeFlag.UPSTREAM))
                        .map(RedisClusterNode::getNodeId)
                        .toList());
    }

    @Override
    void learnOwners(byte[] key, Deadline deadline) {
        LettucePrimary.await(client.refreshPartitionsAsync().toCompletableFuture(), deadline);
    }

    @Override
    void learnOwnersAfterAFailure(byte[] key) {
        if (learning.compareAndSet(false, true)) {
            // Lettuce logs what prevents it. The next failure lets it try again.
            client.refreshPartitionsAsync().whenComplete(this::endLearning);
        }
    }

    private void endLearning(@Nullable Void nothing, @Nullable Throwable failure) {
        learning.set(false);
    }
}
