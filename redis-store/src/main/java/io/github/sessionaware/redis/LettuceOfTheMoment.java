package io.github.sessionaware.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way through a client that its owner may replace. Each call uses the client that is there at that moment. */
final class LettuceOfTheMoment extends RedisAccess {
    private final Supplier<? extends AbstractRedisClient> clients;
    private volatile @Nullable Way way;

    LettuceOfTheMoment(Supplier<? extends AbstractRedisClient> clients) {
        this.clients = clients;
    }

    /** The owner closes the connections of a former client when it shuts that down. */
    private RedisAccess current() {
        AbstractRedisClient client = clients.get();
        Way present = way;
        if (present == null || present.client() != client) {
            present = replaced(client);
        }
        return present.access();
    }

    /** Two calls that see the same new client share its connections. */
    private synchronized Way replaced(AbstractRedisClient client) {
        Way present = way;
        if (present == null || present.client() != client) {
            present = new Way(
                    client,
                    client instanceof RedisClusterClient cluster
                            ? LettuceAccess.of(cluster)
                            : LettuceAccess.of((RedisClient) client));
            way = present;
        }
        return present;
    }

    @Override
    <T> T onOwner(byte[] key, boolean waits, Deadline deadline, Function<Primary, T> call) {
        return current().onOwner(key, waits, deadline, call);
    }

    @Override
    List<String> primaries(Deadline deadline) {
        return current().primaries(deadline);
    }

    @Override
    <T> T onPrimary(String name, Deadline deadline, Function<Primary, T> call) {
        return current().onPrimary(name, deadline, call);
    }

    private record Way(AbstractRedisClient client, RedisAccess access) {}
}
