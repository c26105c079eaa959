package io.github.sessionaware.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.List;
import java.util.function.Function;

/** The way to one server through Lettuce. */
final class LettuceServer extends RedisAccess {
    private final LettuceConnections<StatefulRedisConnection<byte[], byte[]>> connections;

    LettuceServer(RedisClient client) {
        this.connections = new LettuceConnections<>(() -> client.connect(ByteArrayCodec.INSTANCE));
    }

    @Override
    <T> T onOwner(byte[] key, boolean waits, Deadline deadline, Function<Primary, T> call) {
        return connections.call(
                waits, deadline, connection -> call.apply(new LettucePrimary(connection, false, deadline)));
    }

    @Override
    List<String> primaries(Deadline deadline) {
        return List.of("");
    }

    @Override
    <T> T onPrimary(String name, Deadline deadline, Function<Primary, T> call) {
        return onOwner(new byte[0], false, deadline, call);
    }
}
