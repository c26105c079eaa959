package io.github.sessionaware.redis;

import io.github.sessionaware.testing.model.SessionModel;
import org.junit.jupiter.api.Tag;

@Tag("thorough")
class RedisModelTest extends TwoClients implements SessionModel {
    RedisModelTest() {
        super(
                Client.jedis(RedisServer.shared().address(), 1),
                Client.lettuce(RedisServer.shared().address()));
    }
}
