package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.github.sessionaware.BearerToken;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.FakeClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ErrorFilterTest {
    @Test
    void aHandlerThatFailsIsAnsweredWith500AndNoDetails() throws Exception {
        HttpResponse<String> response = answerOf(exchange -> {
            throw new IllegalStateException("password=geheim");
        });

        assertEquals(500, response.statusCode());
        assertEquals("{\"error\":\"Internal error\"}\n", response.body());
    }

    @Test
    void anErrorIsAnsweredWith500() throws Exception {
        HttpResponse<String> response = answerOf(exchange -> {
            throw new StackOverflowError();
        });

        assertEquals(500, response.statusCode());
    }

    @Test
    void anInvalidTokenInsideAHandlerIsAnsweredWith500AndNot401() throws Exception {
        HttpResponse<String> response = answerOf(exchange -> BearerToken.from(null));

        assertEquals(500, response.statusCode());
    }

    @Test
    void anOldAuthenticationIsAnsweredWithTheChallengeOfRfc9470() throws Exception {
        FakeClock clock = new FakeClock(Instant.parse("2026-11-25T09:00:00Z"));
        SessionAwareTokenService tokens = service().clock(clock).build();
        String token = tokens.issue("alice", ClientInfo.unknown()).accessToken();
        clock.advance(Duration.ofSeconds(301));

        HttpResponse<String> response =
                answerOf(exchange -> tokens.validate(token).requireAuthenticatedWithin(Duration.ofMinutes(5)));

        assertEquals(401, response.statusCode());
        assertTrue(response.headers()
                .firstValue("WWW-Authenticate")
                .orElseThrow()
                .contains("insufficient_user_authentication"));
    }

    @Test
    void aLoginAboveTheSessionLimitIsAnsweredWith403() throws Exception {
        SessionAwareTokenService tokens = service()
                .sessionLimit(new SessionLimit(1, AtLimit.REFUSE_LOGIN))
                .build();
        tokens.issue("alice", ClientInfo.unknown());

        assertEquals(
                403,
                answerOf(exchange -> tokens.issue("alice", ClientInfo.unknown()))
                        .statusCode());
    }

    private static SessionAwareTokenServiceBuilder service() {
        return SessionAwareTokenService.builder()
                .issuer("https://shop.example")
                .signingKey(SigningKey.hmac256(SecretFile.random()))
                .sessionStore(new InMemorySessionStore());
    }

    private static HttpResponse<String> answerOf(HttpHandler handler) throws Exception {
        HttpServer server = Servers.bind();
        server.createContext("/", handler).getFilters().add(new ErrorFilter());
        server.start();
        try {
            return new ExampleClient(server.getAddress().getPort()).send("GET", "/");
        } finally {
            server.stop(0);
        }
    }
}
