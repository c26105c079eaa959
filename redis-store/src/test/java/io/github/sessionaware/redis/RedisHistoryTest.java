package io.github.sessionaware.redis;

import io.github.sessionaware.testing.history.ExplainedHistory;
import io.github.sessionaware.testing.history.LongHistory;
import org.junit.jupiter.api.Nested;

/** Histories of two nodes on one Redis. */
class RedisHistoryTest {

    @Nested
    class JedisTest extends TwoClients implements ExplainedHistory {
        JedisTest() {
            super(
                    Client.jedis(RedisServer.shared().address(), CONNECTIONS),
                    Client.jedis(RedisServer.shared().address(), CONNECTIONS));
        }
    }

    @Nested
    class JedisAndLongTest extends JedisTest implements LongHistory {}

    @Nested
    class LettuceAndLongTest extends TwoClients implements LongHistory {
        LettuceAndLongTest() {
            super(
                    Client.lettuce(RedisServer.shared().address()),
                    Client.lettuce(RedisServer.shared().address()));
        }
    }
}
