package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.memory.InMemorySessionStore;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class AutoConfigurationTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(SessionStoreAutoConfiguration.class, SessionAwareJwtAutoConfiguration.class))
            .withPropertyValues(
                    "session-aware-jwt.issuer=https://shop.example",
                    "session-aware-jwt.key.secret=q1P6l0m2n5b7Vd8eR3tY9uI4oP6aS1dF2gH5jK8lZ0x=",
                    "session-aware-jwt.store.type=memory");

    @Test
    void anApplicationWithIssuerAndKeyHasAService() {
        application.run(context -> {
            SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
            assertNotNull(context.getBean(SessionStore.class));
            assertEquals(
                    InMemorySessionStore.class,
                    context.getBean(SessionStore.class).getClass());
            String token = tokens.issue("user-42", ClientInfo.unknown()).accessToken();
            assertEquals("user-42", tokens.validate(token).userId());
        });
    }
}
