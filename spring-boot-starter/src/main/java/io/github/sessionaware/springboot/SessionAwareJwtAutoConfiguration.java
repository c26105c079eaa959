package io.github.sessionaware.springboot;

import io.github.sessionaware.KeyRing;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SigningKey;
import java.util.Base64;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The service, unless the application has one. */
@AutoConfiguration(after = SessionStoreAutoConfiguration.class)
@EnableConfigurationProperties(SessionAwareJwtProperties.class)
class SessionAwareJwtAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(SessionStore.class)
    SessionAwareTokenService sessionAwareTokenService(
            SessionAwareJwtProperties properties,
            SessionStore store,
            ObjectProvider<SessionAwareTokenServiceBuilderCustomizer> customizers) {
        SessionAwareTokenServiceBuilder builder = SessionAwareTokenService.builder();
        if (properties.issuer() != null) {
            builder.issuer(properties.issuer());
        }
        if (properties.key().secret() != null) {
            KeyRing ring = KeyRing.of(SigningKey.hmac256(
                    Base64.getDecoder().decode(properties.key().secret())));
            builder.keyRing(() -> ring);
        }
        if (properties.refreshTokens().secret() != null) {
            builder.refreshTokens(
                    Base64.getDecoder().decode(properties.refreshTokens().secret()));
        } else {
            builder.accessTokenLifetime(java.time.Duration.ofDays(30));
        }
        builder.sessionStore(store);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }
}
