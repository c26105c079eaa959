package io.github.sessionaware.redis;

import static io.github.sessionaware.Admission.unconditional;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.testing.ClassPathWithout;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** An application needs the client that it uses, and not the other one. */
class ClassPathsTest {
    private static final String JEDIS = "redis.clients.";
    private static final String LETTUCE = "io.lettuce.";
    private static final String NETTY = "io.netty.";

    @Test
    void jedisNeedsNoLettuce() throws Exception {
        System.setProperty(Program.PORT, Integer.toString(RedisServer.shared().port()));
        try (ClassPathWithout classes = new ClassPathWithout(LETTUCE, NETTY)) {
            assertEquals("1", classes.run(OnJedis.class));
            assertThrows(ClassNotFoundException.class, () -> classes.loadClass("io.lettuce.core.RedisClient"));
        }
    }

    @Test
    void lettuceNeedsNoJedis() throws Exception {
        System.setProperty(Program.PORT, Integer.toString(RedisServer.shared().port()));
        try (ClassPathWithout classes = new ClassPathWithout(JEDIS, "org.apache.commons.pool2.")) {
            assertEquals("1", classes.run(OnLettuce.class));
            assertThrows(ClassNotFoundException.class, () -> classes.loadClass("redis.clients.jedis.RedisClient"));
        }
    }

    /** Uses a store as an application does. */
    abstract static class Program implements Callable<String> {
        static final String PORT = "redis.port";

        static int port() {
            return Integer.getInteger(PORT);
        }

        static String countOn(RedisAccess access) {
            // Dependency injection and native images look at all members of a class.
            int members = RedisSessionStore.class.getDeclaredMethods().length
                    + RedisSessionStore.class.getDeclaredConstructors().length
                    + RedisSessionStore.class.getDeclaredFields().length
                    + RedisAccess.class.getDeclaredMethods().length;
            RedisSessionStore store = new RedisSessionStore(access).withKeyPrefix("class-path-" + members + ":");
            store.deleteAll("alice", null);
            store.create(
                    SessionRecord.builder("alice", "a".repeat(22))
                            .expiresAt(Instant.now().plusSeconds(60))
                            .build(),
                    unconditional());
            return Integer.toString(store.deleteAll("alice", null).size());
        }
    }

    /** An application with Jedis. */
    public static final class OnJedis extends Program {
        @Override
        public String call() {
            try (var client = redis.clients.jedis.RedisClient.create("127.0.0.1", port())) {
                return countOn(JedisAccess.of(client));
            }
        }
    }

    /** An application with Lettuce. */
    public static final class OnLettuce extends Program {
        @Override
        public String call() {
            try (var client =
                    io.lettuce.core.RedisClient.create(io.lettuce.core.RedisURI.create("127.0.0.1", port()))) {
                return countOn(LettuceAccess.of(client));
            }
        }
    }
}
