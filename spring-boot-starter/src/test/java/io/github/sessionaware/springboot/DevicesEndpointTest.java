package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.servlet.SessionFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.AbstractMockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What the endpoint with the devices answers in an application that handles every exception by itself. */
class DevicesEndpointTest {
    private static final String SESSIONS = "/sessions";

    private final SessionAwareTokenService tokens = SessionAwareTokenService.builder()
            .issuer("https://shop.example")
            .signingKey(SigningKey.hmac256(Base64.getDecoder().decode(TestApplication.SECRET)))
            .sessionStore(new InMemorySessionStore())
            .build();
    private final SessionFilter sessions =
            SessionFilter.builder(tokens).bearer().open(SESSIONS).build();
    private final MockMvc mvc = MockMvcBuilders.standaloneSetup(
                    new DevicesEndpoint(tokens, sessions, Duration.ofMinutes(5)))
            .addPlaceholderValue("session-aware-jwt.web.devices.path", SESSIONS)
            .setControllerAdvice(new AnswersEverything())
            .addFilters(sessions)
            .build();

    @RestControllerAdvice
    static class AnswersEverything {
        @ExceptionHandler(Exception.class)
        @ResponseStatus(HttpStatus.INTERNAL_SERVER_ERROR)
        String sorry() {
            return "sorry";
        }
    }

    private String answer(AbstractMockHttpServletRequestBuilder<?> request) throws Exception {
        var response = mvc.perform(request).andReturn().getResponse();
        return response.getStatus() + " " + response.getContentAsString();
    }

    @Test
    void anAdviceForEveryExceptionDoesNotAnswerForTheFilter() throws Exception {
        LoginOptions longAgo =
                LoginOptions.defaults().withAuthenticatedAt(Instant.now().minus(Duration.ofHours(1)));
        String token = tokens.issue("alice", ClientInfo.unknown(), longAgo).accessToken();

        assertEquals("401 ", answer(get(SESSIONS)));
        assertEquals("401 ", answer(delete(SESSIONS + "?others").header("Authorization", "Bearer " + token)));
    }
}
