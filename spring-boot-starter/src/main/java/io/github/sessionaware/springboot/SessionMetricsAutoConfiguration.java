package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionMetrics;
import io.github.sessionaware.micrometer.MicrometerSessionMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** The figures of the service as meters, if the module for Micrometer and a registry are there. */
@AutoConfiguration(
        before = SessionStoreAutoConfiguration.class,
        // Since Boot 4.0, and before.
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration"
        })
@ConditionalOnProperty(name = "session-aware-jwt.enabled", matchIfMissing = true)
@ConditionalOnClass({MicrometerSessionMetrics.class, MeterRegistry.class})
@ConditionalOnBean(MeterRegistry.class)
class SessionMetricsAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(SessionMetrics.class)
    MicrometerSessionMetrics sessionAwareJwtMetrics(MeterRegistry registry) {
        return new MicrometerSessionMetrics(registry);
    }
}
