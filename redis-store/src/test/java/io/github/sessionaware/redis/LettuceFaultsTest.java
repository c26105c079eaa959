package io.github.sessionaware.redis;

import redis.clients.jedis.HostAndPort;

class LettuceFaultsTest extends LineFaults {
    @Override
    Client connect(HostAndPort line) {
        return Client.lettuce(line);
    }
}
