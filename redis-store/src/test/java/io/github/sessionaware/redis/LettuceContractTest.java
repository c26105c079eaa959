package io.github.sessionaware.redis;

import org.junit.jupiter.api.Tag;

@Tag("thorough")
class LettuceContractTest extends StoreContracts {
    @Override
    Client connect() {
        return Client.lettuce(RedisServer.shared().address());
    }
}
