package io.github.sessionaware.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.providers.SentineledConnectionProvider;

/** A client as an application has it, and the way to Redis through it. */
interface Client extends AutoCloseable {

    RedisAccess access();

    /** Also closes the connections. */
    @Override
    void close();

    /** Jedis with a pool of so many connections. */
    static Client jedis(HostAndPort server, int connections) {
        return jedis(server, connections, 30_000);
    }

    /** Jedis that waits so long for a reply, also while it opens a connection. */
    static Client jedis(HostAndPort server, int connections, int socketTimeoutMillis) {
        var jedis = redis.clients.jedis.RedisClient.builder()
                .hostAndPort(server)
                .clientConfig(jedisConfig(socketTimeoutMillis))
                .poolConfig(poolOf(connections))
                .build();
        return of(JedisAccess.of(jedis), jedis::close);
    }

    /** Jedis with one connection, in the newer protocol, as a user of the server. */
    static Client jedisAs(String user, String password, HostAndPort server) {
        var jedis = redis.clients.jedis.RedisClient.builder()
                .hostAndPort(server)
                .clientConfig(DefaultJedisClientConfig.builder()
                        .socketTimeoutMillis(30_000)
                        .user(user)
                        .password(password)
                        .protocol(RedisProtocol.RESP3)
                        .build())
                .poolConfig(poolOf(1))
                .build();
        return of(JedisAccess.of(jedis), jedis::close);
    }

    /** Jedis behind Sentinel. */
    static Client jedis(SentineledConnectionProvider provider) {
        return of(JedisAccess.of(provider), provider::close);
    }

    /** Jedis on a cluster, with a pool of so many connections per node. */
    static Client jedis(Set<HostAndPort> cluster, int connections) {
        return jedis(cluster, connections, 30_000);
    }

    /** Jedis on a cluster, that waits so long for a reply. */
    static Client jedis(Set<HostAndPort> cluster, int connections, int socketTimeoutMillis) {
        var jedis = redis.clients.jedis.RedisClusterClient.builder()
                .nodes(cluster)
                .clientConfig(jedisConfig(socketTimeoutMillis))
                .poolConfig(poolOf(connections))
                .maxAttempts(4)
                .maxTotalRetriesDuration(Duration.ofSeconds(2))
                .build();
        return of(JedisAccess.of(jedis), jedis::close);
    }

    static Client lettuce(HostAndPort server) {
        return lettuce(RedisURI.create(server.getHost(), server.getPort()));
    }

    static Client lettuceAs(String user, String password, HostAndPort server) {
        return lettuce(RedisURI.builder()
                .withHost(server.getHost())
                .withPort(server.getPort())
                .withAuthentication(user, password)
                .build());
    }

    static Client lettuceBehindSentinel(String name, int sentinel) {
        return lettuce(RedisURI.Builder.sentinel("127.0.0.1", sentinel, name).build());
    }

    private static Client lettuce(RedisURI server) {
        var lettuce = io.lettuce.core.RedisClient.create(server);
        return of(LettuceAccess.of(lettuce), () -> lettuce.shutdown(Duration.ZERO, Duration.ofSeconds(5)));
    }

    static Client lettuce(Set<HostAndPort> cluster) {
        var lettuce = io.lettuce.core.cluster.RedisClusterClient.create(cluster.stream()
                .map(node -> RedisURI.create(node.getHost(), node.getPort()))
                .collect(Collectors.toSet()));
        return of(LettuceAccess.of(lettuce), () -> lettuce.shutdown(Duration.ZERO, Duration.ofSeconds(5)));
    }

    private static JedisClientConfig jedisConfig(int socketTimeoutMillis) {
        return DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(500)
                .socketTimeoutMillis(socketTimeoutMillis)
                .build();
    }

    private static ConnectionPoolConfig poolOf(int connections) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        pool.setMaxWait(Duration.ofSeconds(30));
        return pool;
    }

    private static Client of(RedisAccess access, Runnable close) {
        return new Client() {
            @Override
            public RedisAccess access() {
                return access;
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
