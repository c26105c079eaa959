package io.github.sessionaware.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.testing.TestService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Floods the store in another process, whose heap is small. */
class FloodTest {
    @Test
    void aFloodOfTheLongestLoginsIsRefusedBeforeTheHeapIsFull() throws Exception {
        Process flood = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        // As for the JVM of the tests: the second compiler does not pay off.
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Flood.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(flood.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, flood.waitFor(), output);
    }

    /**
     * Succeeds if the store refuses a login and the first user is still logged in. It uses default settings and reads a
     * claim of each token, so that the service remembers the token with its claims.
     */
    static final class Flood {
        private Flood() {}

        public static void main(String[] args) {
            String longest = "\uD83D\uDE00".repeat(512);
            ClientInfo client = ClientInfo.builder()
                    .userAgent(longest)
                    .device(longest)
                    .location(longest)
                    .build();
            LoginOptions options = LoginOptions.defaults()
                    .withAttributes(Map.of("name", "\uFFFD".repeat(2044)))
                    .withClaims(Map.of(
                            "roles",
                            IntStream.range(0, 60)
                                    .mapToObj(i -> "a role with the number " + i)
                                    .toList()));
            SessionAwareTokenService service = SessionAwareTokenService.builder()
                    .issuer(TestService.ISSUER)
                    .signingKey(SigningKey.hmac256(TestService.secret()).withoutKeyId())
                    .sessionStore(new InMemorySessionStore())
                    .build();
            String first = service.issue("first", client, options).accessToken();
            try {
                for (int login = 0; login < 1_000_000; login++) {
                    String token =
                            service.issue("user " + login, client, options).accessToken();
                    service.validate(token).claimList("roles", String.class);
                }
                System.exit(2);
            } catch (SessionStoreException e) {
                service.validate(first);
                System.out.println(e.getMessage());
            }
        }
    }
}
