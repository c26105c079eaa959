package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.JwsAlgorithm;
import io.github.sessionaware.KeyRing;
import io.github.sessionaware.KeySource;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.springboot.TestServer.Answer;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application whose tokens Spring's resource server verifies, and whose sessions the library keeps. */
class ResourceServerTest {
    private static final Path KEYS =
            Path.of("../core-tests/src/test/resources/pem").toAbsolutePath();

    @RestController
    static class Jwts {
        @GetMapping("/jwt")
        String jwt(@AuthenticationPrincipal Jwt jwt) {
            return jwt.getSubject();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Pages.Infrastructure.class, Jwts.class})
    static class Shop {
        @Bean
        OAuth2TokenValidator<Jwt> liveSessions(SessionAwareTokenService service) {
            return new LiveSessionValidator(service);
        }

        @Bean
        SessionKeys keys() {
            KeyRing ring = KeyRing.of(SigningKey.of(
                    JwsAlgorithm.RS256,
                    KeySource.pemFile(KEYS.resolve("rsa-pkcs8.pem")).keyPair()));
            return () -> ring;
        }

        /** The decoder compares times with the clock of the system. */
        @Bean
        SessionAwareTokenServiceBuilderCustomizer systemTime() {
            return builder -> builder.clock(Clock.systemUTC());
        }
    }

    @RegisterExtension
    static final TestServer server = new TestServer(
            Shop.class,
            "session-aware-jwt.token-type=JWT",
            "spring.security.oauth2.resourceserver.jwt.public-key-location=file:" + KEYS.resolve("rsa-public.pem"));

    private static String bearer(IssuedTokens issued) {
        return "Authorization: Bearer " + issued.accessToken();
    }

    @Test
    void theChainOfTheResourceServerIsTheOnlyOne() {
        assertEquals(1, server.context().getBeanNamesForType(SecurityFilterChain.class).length);
        assertTrue(server.context().getBeansOfType(SecurityFilterChain.class).values().stream()
                .noneMatch(
                        chain -> chain.getFilters().stream().anyMatch(SessionAuthenticationFilter.class::isInstance)));
    }

    @Test
    void aTokenCountsWhileItsSessionLives() throws Exception {
        String alice = bearer(server.tokens().issue("alice", ClientInfo.unknown()));
        server.store().reads.set(0);

        assertEquals("alice", server.get("/jwt", alice).body());
        assertEquals(1, server.store().reads.get());
        server.tokens().revokeAllSessions("alice");
        Answer answer = server.get("/jwt", alice);
        assertEquals(401, answer.status());
        assertTrue(answer.header("www-authenticate").contains("error=\"invalid_token\""), answer.toString());
        assertTrue(answer.header("www-authenticate").contains("its session has ended"), answer.toString());
    }

    @Test
    void aTokenOfBeforeTheUserAuthenticatedAgainIsRefused() throws Exception {
        IssuedTokens issued = server.tokens().issue("alice", ClientInfo.unknown());
        IssuedTokens next = server.tokens().reauthenticate(server.tokens().validate(issued.accessToken()));

        assertEquals(401, server.get("/jwt", bearer(issued)).status());
        assertEquals(200, server.get("/jwt", bearer(next)).status());
    }

    @Test
    void anOutageGets503AndAForgedToken401() throws Exception {
        String alice = bearer(server.tokens().issue("alice", ClientInfo.unknown()));
        server.store().isDown = true;

        Answer answer = server.get("/jwt", alice);

        assertEquals(503, answer.status());
        assertEquals("5", answer.header("retry-after"));
        assertEquals(401, server.get("/jwt", alice + "x").status());
        assertEquals(401, server.get("/jwt").status());
    }
}
