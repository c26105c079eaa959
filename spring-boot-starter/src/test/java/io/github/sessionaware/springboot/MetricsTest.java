package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionMetrics;
import io.github.sessionaware.micrometer.MicrometerSessionMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MetricsTest {
    private final ApplicationContextRunner application =
            TestApplication.inMemory().withConfiguration(AutoConfigurations.of(SessionMetricsAutoConfiguration.class));

    @Test
    void aRegistryGetsTheFiguresOfTheService() {
        application.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run(context -> {
            SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
            tokens.validate(tokens.issue("user-42", ClientInfo.unknown()).accessToken());
            assertThrows(InvalidTokenException.class, () -> tokens.validate("x.y.z"));

            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertEquals(
                    2.0,
                    registry.find("session.aware.validations").counters().stream()
                            .mapToDouble(counter -> counter.count())
                            .sum());
        });
    }

    @Test
    void metricsOfTheApplicationReplaceThem() {
        AtomicInteger accepted = new AtomicInteger();
        SessionMetrics own = new SessionMetrics() {
            @Override
            public void validateAccepted() {
                accepted.incrementAndGet();
            }
        };
        application
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean(SessionMetrics.class, () -> own)
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
                    tokens.validate(
                            tokens.issue("user-42", ClientInfo.unknown()).accessToken());

                    assertEquals(1, accepted.get());
                });
    }

    @Test
    void withoutARegistryOrTheModuleThereAreNone() {
        application.run(context -> assertFalse(context.containsBean("sessionAwareJwtMetrics")));
        application
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withClassLoader(new FilteredClassLoader(MicrometerSessionMetrics.class))
                .run(context -> assertFalse(context.containsBean("sessionAwareJwtMetrics")));
    }
}
