package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import io.github.sessionaware.memory.InMemorySessionStore;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store, unless the application has one. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration"
        })
@EnableConfigurationProperties(SessionAwareJwtProperties.class)
class SessionStoreAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "session-aware-jwt.store.type", havingValue = "jdbc", matchIfMissing = true)
    @ConditionalOnMissingBean(SessionStore.class)
    static class Jdbc {
        @Bean
        JdbcSessionStore sessionStore(DataSource dataSource, SessionAwareJwtProperties properties) {
            SessionAwareJwtProperties.Store settings = properties.store();
            return new JdbcSessionStore(dataSource)
                    .withTableName(settings.tableName())
                    .withTimeout(settings.timeout());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "session-aware-jwt.store.type", havingValue = "memory")
    @ConditionalOnClass(InMemorySessionStore.class)
    @ConditionalOnMissingBean(SessionStore.class)
    static class Memory {
        @Bean
        InMemorySessionStore sessionStore() {
            return new InMemorySessionStore();
        }
    }
}
