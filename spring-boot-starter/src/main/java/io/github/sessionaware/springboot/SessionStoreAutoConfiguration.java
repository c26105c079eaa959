package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionMetrics;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.redis.RedisAccess;
import io.github.sessionaware.redis.RedisSessionStore;
import io.github.sessionaware.springboot.SessionAwareJwtProperties.Store;
import io.github.sessionaware.springboot.SessionAwareJwtProperties.Store.Initialization;
import java.util.Objects;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.util.ClassUtils;

/** The store, unless the application has one. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
            "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration"
        })
@ConditionalOnProperty(name = "session-aware-jwt.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SessionAwareJwtProperties.class)
class SessionStoreAutoConfiguration {
    /** For readers that arrive together at a pool of the usual size. */
    private static final int BATCHED_READS = 64;

    /**
     * Whoever adds the module beside a client of Redis wants the sessions there, also in an application with a
     * database. So this comes before the others.
     */
    @Order(0)
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RedisSessionStore.class)
    @Conditional(RedisWanted.class)
    @ConditionalOnMissingBean({SessionStore.class, SessionAwareTokenService.class})
    static class Redis {
        @Bean
        RedisSessionStore sessionAwareJwtStore(
                ListableBeanFactory beans, ObjectProvider<RedisAccess> access, SessionAwareJwtProperties properties) {
            Store settings = properties.store();
            try {
                RedisSessionStore store = new RedisSessionStore(access.getIfAvailable(() -> RedisClients.access(beans)))
                        .withKeyPrefix(settings.redis().keyPrefix());
                if (settings.timeout() != null) {
                    store = store.withTimeout(settings.timeout());
                }
                int replicas = settings.redis().replicasAcknowledging();
                return replicas == 0 ? store : store.withReplicasAcknowledging(replicas);
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigurationException(
                        "The session store is refused: " + e.getMessage(),
                        "Its settings are the properties session-aware-jwt.store.timeout,"
                                + " session-aware-jwt.store.redis.key-prefix and"
                                + " session-aware-jwt.store.redis.replicas-acknowledging",
                        e);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "session-aware-jwt.store.type", havingValue = "jdbc", matchIfMissing = true)
    @ConditionalOnClass(DataSourceUtils.class)
    @ConditionalOnMissingBean({SessionStore.class, SessionAwareTokenService.class})
    static class Jdbc {
        @Bean
        SessionDataSource sessionAwareJwtDataSource(ListableBeanFactory beans, SessionAwareJwtProperties properties) {
            return SessionDataSource.chosen(beans, properties.store().dataSource());
        }

        @Bean
        SessionSchema sessionAwareJwtSchema(SessionDataSource source, SessionAwareJwtProperties properties) {
            Initialization initialization = properties.store().initializeSchema();
            boolean creates = initialization == Initialization.ALWAYS
                    || (initialization == Initialization.EMBEDDED && isEmbedded(source));
            return new SessionSchema(
                    store(source, properties.store()),
                    creates,
                    properties.store().checkSchema());
        }

        /** After the initializers of the database, so that every user of the store finds its tables. */
        @Bean
        @DependsOnDatabaseInitialization
        JdbcSessionStore sessionAwareJwtStore(
                SessionDataSource source,
                SessionAwareJwtProperties properties,
                ObjectProvider<SessionSchema> schema,
                ObjectProvider<SessionMetrics> metrics) {
            schema.ifAvailable(initialized -> {});
            return store(source, properties.store()).withMetrics(metrics.getIfUnique(() -> SessionMetrics.NOOP));
        }

        private static JdbcSessionStore store(SessionDataSource source, Store settings) {
            int batchedReads =
                    Objects.requireNonNullElse(settings.batchedReads(), source.isPlainPool() ? BATCHED_READS : 1);
            try {
                JdbcSessionStore store = new JdbcSessionStore(source.dataSource())
                        .withTableName(settings.tableName())
                        .withBatchedReads(batchedReads);
                return settings.timeout() == null ? store : store.withTimeout(settings.timeout());
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigurationException(
                        "The session store is refused: " + e.getMessage(),
                        "Its settings are the properties session-aware-jwt.store.table-name, timeout and batched-reads",
                        e);
            }
        }

        /** Not embedded without Boot's module for JDBC, which application servers and tests may leave out. */
        private static boolean isEmbedded(SessionDataSource source) {
            return ClassUtils.isPresent(
                            "org.springframework.boot.jdbc.EmbeddedDatabaseConnection", Jdbc.class.getClassLoader())
                    && EmbeddedDatabaseConnection.isEmbedded(source.dataSource());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "session-aware-jwt.store.type", havingValue = "memory")
    @ConditionalOnClass(InMemorySessionStore.class)
    @ConditionalOnMissingBean({SessionStore.class, SessionAwareTokenService.class})
    static class Memory {
        @Bean
        InMemorySessionStore sessionAwareJwtStore() {
            return new InMemorySessionStore();
        }
    }
}
