package io.github.sessionaware.redis;

import static io.github.sessionaware.Admission.unconditional;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.SessionRecord;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;

/** The samples of docs/redis.md work. */
class RedisSamplesTest {
    private final String host = "127.0.0.1";
    private final int port = RedisServer.shared().port();

    @Test
    void theSampleWithJedisWorks() {
        try (var redisClient = redis.clients.jedis.RedisClient.builder()
                .hostAndPort(host, port)
                .clientConfig(DefaultJedisClientConfig.builder()
                        .connectionTimeoutMillis(1000)
                        .socketTimeoutMillis(2000)
                        .build())
                .build()) {
            RedisSessionStore store = new RedisSessionStore(JedisAccess.of(redisClient));
            assertWorks(store);
        }
    }

    @Test
    void theSampleWithLettuceWorks() {
        ClientResources resources = DefaultClientResources.builder()
                .reconnectDelay(Delay.constant(Duration.ofSeconds(1)))
                .build();
        var redisClient = io.lettuce.core.RedisClient.create(resources, "redis://" + host + ":" + port + "?timeout=2s");
        redisClient.setOptions(ClientOptions.builder()
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(Duration.ofSeconds(1))
                        .build())
                .build());
        RedisSessionStore store = new RedisSessionStore(LettuceAccess.of(redisClient));
        assertWorks(store);
        redisClient.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        resources.shutdown(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static void assertWorks(RedisSessionStore store) {
        SessionRecord session = SessionRecord.builder("sample-user", "a".repeat(22))
                .expiresAt(Instant.now().plusSeconds(60))
                .build();
        store.create(session, unconditional());
        assertEquals(List.of(session), store.deleteAll("sample-user", null));
    }
}
