package io.github.sessionaware.redis;

import org.junit.jupiter.api.Tag;
import redis.clients.jedis.HostAndPort;

@Tag("thorough")
class LettuceFaultsTest extends LineFaults {
    @Override
    Client connect(HostAndPort line) {
        return Client.lettuce(line);
    }
}
