package io.github.sessionaware.redis;

import io.github.sessionaware.testing.invariants.HostInvariants;
import io.github.sessionaware.testing.invariants.ManyRounds;
import io.github.sessionaware.testing.invariants.ServiceInvariants;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Isolated;

/** The invariants of the service on Redis. */
@Isolated("counts the threads of the virtual machine")
class RedisInvariantsTest {

    @Nested
    class JedisTest extends TwoClients implements ServiceInvariants {
        JedisTest() {
            super(
                    Client.jedis(RedisServer.shared().address(), CONNECTIONS),
                    Client.jedis(RedisServer.shared().address(), CONNECTIONS));
        }
    }

    /** What depends on the client. */
    @Nested
    class LettuceTest extends TwoClients implements HostInvariants {
        LettuceTest() {
            super(
                    Client.lettuce(RedisServer.shared().address()),
                    Client.lettuce(RedisServer.shared().address()));
        }
    }

    @Nested
    class JedisInManyRoundsTest extends JedisTest implements ManyRounds {}

    @Nested
    @Tag("thorough")
    class LettuceWhollyTest extends LettuceTest implements ServiceInvariants {}
}
