package io.github.sessionaware.redis;

import static java.util.Objects.requireNonNull;

import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.providers.SentineledConnectionProvider;

/**
 * Leads a {@link RedisSessionStore} to Redis through Jedis 7.2 to 8. A call takes a connection from the client's pool
 * and waits for it as long as the timeout of the store allows. Opening a connection takes as long as the client's own
 * {@code connectionTimeoutMillis} and {@code socketTimeoutMillis} allow, 2 seconds each by default. Keep them short.
 */
public final class JedisAccess {
    private JedisAccess() {}

    /**
     * Returns the way to a single server.
     *
     * @param client leads to the primary; stays open, and the application closes it
     * @return the way, for any number of stores
     */
    public static RedisAccess of(RedisClient client) {
        requireNonNull(client, "client");
        return new JedisServer(client::getPool);
    }

    /**
     * Returns the way to the primary that Sentinel names.
     *
     * @param provider follows the primary, for the store alone or for a {@code RedisSentinelClient} too; stays open,
     *     and the application closes it
     * @return the way, for any number of stores
     */
    public static RedisAccess of(SentineledConnectionProvider provider) {
        requireNonNull(provider, "provider");
        return new JedisServer(() ->
                provider.getPrimaryNodesConnectionMap().values().iterator().next());
    }

    /**
     * Returns the way to a Redis Cluster. After the failure of a node, the failing call also asks the other nodes who
     * has taken its place. That takes as long as the client's {@code maxTotalRetriesDuration} allows, five times the
     * socket timeout by default.
     *
     * @param client leads to the nodes; stays open, and the application closes it. Its pools need a {@code maxWait},
     *     and its connections must not have {@code readOnlyForRedisClusterReplicas}: a former primary would then answer
     *     with what it knew last
     * @return the way, for any number of stores
     * @throws IllegalArgumentException if a call could wait for a connection without end
     */
    public static RedisAccess of(RedisClusterClient client) {
        requireNonNull(client, "client");
        return new JedisCluster(client);
    }
}
