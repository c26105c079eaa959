package io.github.sessionaware.redis;

import redis.clients.jedis.HostAndPort;

class JedisFaultsTest extends LineFaults {
    @Override
    Client connect(HostAndPort line) {
        return Client.jedis(line, 4, 4_000);
    }
}
