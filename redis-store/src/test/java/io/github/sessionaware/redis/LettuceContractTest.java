package io.github.sessionaware.redis;

class LettuceContractTest extends StoreContracts {
    @Override
    Client connect() {
        return Client.lettuce(RedisServer.shared().address());
    }
}
