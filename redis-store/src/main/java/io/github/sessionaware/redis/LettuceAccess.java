package io.github.sessionaware.redis;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.function.Supplier;

/**
 * Leads a {@link RedisSessionStore} to Redis through Lettuce 6.6 to 7. The first call opens a connection, which all
 * calls share. Calls that wait for replicas ({@link RedisSessionStore#withReplicasAcknowledging}) have up to eight
 * other connections, one call on each at a time. The connections close when the application shuts the client down.
 *
 * <p>Opening a connection takes as long as the client allows: {@code SocketOptions.connectTimeout} and
 * {@code RedisURI.timeout}, 10 and 60 seconds by default. Set both to a second or two. After an outage the client
 * connects again by itself, after at most its {@code reconnectDelay}, 30 seconds by default. An interrupted thread
 * fails at once and stays interrupted.
 *
 * <p>Lettuce repeats a command whose answer was lost when a connection broke. The store does not let it repeat a
 * change, because the repetition of a delete would report that there was nothing to delete.
 */
public final class LettuceAccess {
    private LettuceAccess() {}

    /**
     * Returns the way to a single server, or to the primary that Sentinel names.
     *
     * @param client has the address of the primary or the Sentinels: from {@code RedisClient.create(uri)}
     * @return the way, for any number of stores
     * @throws IllegalArgumentException if {@code ClientOptions.autoReconnect} is off
     */
    public static RedisAccess of(RedisClient client) {
        requireReconnecting(client);
        return new LettuceServer(client);
    }

    /**
     * Returns the way to a Redis Cluster. After a failure it lets the client learn in the background which node owns
     * which keys.
     *
     * @param client has the addresses of nodes: from {@code RedisClusterClient.create(uri)}
     * @return the way, for any number of stores
     * @throws IllegalArgumentException if {@code ClientOptions.autoReconnect} is off
     */
    public static RedisAccess of(RedisClusterClient client) {
        requireReconnecting(client);
        return new LettuceCluster(client);
    }

    private static void requireReconnecting(AbstractRedisClient client) {
        if (!requireNonNull(client, "client").getOptions().isAutoReconnect()) {
            throw new IllegalArgumentException("The options of this client have autoReconnect off: after a broken"
                    + " connection every call of the store would fail. Leave it on");
        }
    }

    /**
     * Returns the way through a client that its owner may shut down and replace, such as the connection factory of
     * Spring Data Redis, which does both when the application is stopped and started again.
     *
     * @param clients returns the client of now, a {@link RedisClient} or a {@link RedisClusterClient}. Every call of
     *     the store asks it, so it must be quick and thread-safe. What it throws while there is no client, the store
     *     reports as an outage
     * @return the way, for any number of stores
     */
    public static RedisAccess of(Supplier<? extends AbstractRedisClient> clients) {
        return new LettuceOfTheMoment(requireNonNull(clients, "clients"));
    }
}
