package io.github.sessionaware.redis;

import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Measures the memory of ordinary sessions, for docs/redis.md. */
@Tag("thorough")
class MemoryPerSessionTest {
    private static final int SESSIONS = 20_000;
    private static final Pattern USED = Pattern.compile("(?m)^used_memory:([0-9]+)");

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void anOrdinarySessionTakesLessThanAKilobyte(int sessionsPerUser) {
        try (RedisServer server = RedisServer.start(RedisBinary.redis7());
                Client client = Client.jedis(server.address(), 1);
                Jedis jedis = server.connect()) {
            SessionAwareTokenService service = aServiceOn(
                            new RedisSessionStore(client.access()).withTimeout(Duration.ofSeconds(20)))
                    .refreshTokens(TestService.refreshSecret())
                    .sessionLimit(SessionLimit.unlimited())
                    .build();
            long before = used(jedis);
            for (int i = 0; i < SESSIONS; i++) {
                service.issue("user-%08d".formatted(i / sessionsPerUser), firefox());
            }
            long perSession = (used(jedis) - before) / SESSIONS;

            System.out.printf("memory per session on Redis 7.0, %d per user: %d bytes%n", sessionsPerUser, perSession);
            assertTrue(perSession < 1_024, perSession + " bytes");
        }
    }

    private static ClientInfo firefox() {
        return ClientInfo.builder()
                .device("Firefox on Linux")
                .userAgent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
                .ipAddress("203.0.113.7")
                .location("Berlin, DE")
                .build();
    }

    private static long used(Jedis jedis) {
        Matcher used = USED.matcher(jedis.info("memory"));
        assertTrue(used.find());
        return Long.parseLong(used.group(1));
    }
}
