package io.github.sessionaware.redis;

class JedisContractTest extends StoreContracts {
    @Override
    Client connect() {
        return Client.jedis(RedisServer.shared().address(), CONNECTIONS);
    }
}
