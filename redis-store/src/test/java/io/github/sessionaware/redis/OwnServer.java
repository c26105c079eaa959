package io.github.sessionaware.redis;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** Each test has a server of its own, and a store on it that waits long for a busy machine. */
abstract class OwnServer {
    static final Instant START = Instant.parse("2126-03-01T10:00:00Z");
    static final String USER = "user-that-must-not-be-shown";

    final RedisServer server = RedisServer.start(RedisBinary.redis6());
    final Jedis jedis = server.connect();
    final Client client = Client.jedis(server.address(), 4);
    final RedisSessionStore store = new RedisSessionStore(client.access()).withTimeout(Duration.ofSeconds(20));

    enum Library {
        JEDIS,
        LETTUCE;

        Client connect(HostAndPort address) {
            return this == JEDIS ? Client.jedis(address, 4) : Client.lettuce(address);
        }

        Client connectAs(String user, String password, HostAndPort address) {
            return this == JEDIS ? Client.jedisAs(user, password, address) : Client.lettuceAs(user, password, address);
        }
    }

    /** A server that does not know a script refuses it first. */
    @BeforeEach
    void loadScripts() {
        store.create(session('x'), unconditional());
        store.create(session('y'), decidedBy(Optional::of));
        store.replace(session('y'), session('y').touched(START, START));
        store.deleteAll(USER, null);
        store.delete(USER, Set.of(session('x').id()));
    }

    @AfterEach
    void stop() {
        client.close();
        jedis.close();
        server.close();
    }

    static void assertUnacknowledged(Runnable call) {
        assertCode("outcome is unknown", call);
    }

    static void assertCode(String code, Runnable call) {
        SessionStoreException failure = assertThrows(SessionStoreException.class, call::run);
        assertTrue(failure.getMessage().contains(code), failure.getMessage());
    }

    static SessionRecord session(char id) {
        return expiring(id, START);
    }

    static SessionRecord expiring(char id, Instant expiresAt) {
        return SessionRecord.builder(USER, Character.toString(id).repeat(22))
                .createdAt(START.minusSeconds(100))
                .lastActiveAt(START.minusSeconds(100))
                .expiresAt(expiresAt)
                .build();
    }
}
