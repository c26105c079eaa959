package io.github.sessionaware.springboot;

import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.SessionMetrics;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.clientinfo.AddressPrivacy;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.clientinfo.LocationDatabase;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import io.github.sessionaware.springboot.SessionAwareJwtProperties.Client;
import io.github.sessionaware.springboot.SessionAwareJwtProperties.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.StringUtils;

/** The service with its keys, the purge and the reader of device information, unless the application has them. */
@AutoConfiguration(after = SessionStoreAutoConfiguration.class)
@ConditionalOnProperty(name = "session-aware-jwt.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SessionAwareJwtProperties.class)
@ImportRuntimeHints(SessionAwareJwtRuntimeHints.class)
class SessionAwareJwtAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SessionAwareTokenService sessionAwareTokenService(
            SessionAwareJwtProperties properties,
            ObjectProvider<SessionStore> stores,
            ObjectProvider<SessionDataSource> dataSource,
            ObjectProvider<SessionKeys> keys,
            ObjectProvider<SessionListener> listeners,
            ObjectProvider<SessionMetrics> metrics,
            ObjectProvider<ExperimentalDeviceBinding> deviceBinding,
            ObjectProvider<SessionAwareTokenServiceBuilderCustomizer> customizers,
            ApplicationEventPublisher publisher) {
        SessionAwareTokenServiceBuilder builder = new ServiceSettings(properties).builder();
        SessionStore store = store(stores, properties);
        builder.keyRing(keys.getObject());
        builder.sessionStore(store);
        if (properties.logEvents()) {
            builder.listener(SessionListener.logging());
        }
        listeners.orderedStream().forEach(builder::listener);
        builder.listener(new PublishingListener(publisher));
        metrics.ifUnique(builder::metrics);
        deviceBinding.ifUnique(builder::deviceBinding);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        SessionAwareTokenService service = ServiceSettings.build(builder);
        SessionDataSource source = dataSource.getIfAvailable();
        if (source == null || !properties.store().joinTransactions() || !(store instanceof JdbcSessionStore jdbc)) {
            return service;
        }
        if (properties.maxStaleness() != null && !properties.maxStaleness().isZero()) {
            throw new InvalidConfigurationException(
                    "session-aware-jwt.max-staleness has no effect on a store that joins transactions",
                    "Set session-aware-jwt.store.join-transactions=false, or remove session-aware-jwt.max-staleness");
        }
        TransactionalSessionStore joining = new TransactionalSessionStore(jdbc, source.dataSource());
        return service.withSessionStore(joining, joining::afterCommit);
    }

    private static SessionStore store(ObjectProvider<SessionStore> stores, SessionAwareJwtProperties properties) {
        SessionStore store = stores.getIfAvailable();
        if (store == null) {
            throw new InvalidConfigurationException(
                    "The session store is missing", missing(properties.store().type()));
        }
        return store;
    }

    private static String missing(Store.@Nullable Type type) {
        if (type == Store.Type.MEMORY) {
            return "Add the module session-aware-jwt-memory-store";
        }
        if (type == Store.Type.REDIS) {
            return "Add the module session-aware-jwt-redis-store";
        }
        return "Add spring-boot-starter-jdbc and the driver of the database, or declare a bean of the type SessionStore";
    }

    /** Loading the patterns for device names takes about a second, so an application that reads none does not pay. */
    @Bean
    @Lazy
    @ConditionalOnMissingBean
    ClientInfoReader sessionAwareJwtClientInfoReader(SessionAwareJwtProperties properties) {
        Client settings = properties.client();
        ClientInfoReader.Builder builder = ClientInfoReader.builder();
        try {
            if (!settings.trustedProxies().isEmpty()) {
                builder.trustedProxies(
                        settings.forwardingHeader(), settings.trustedProxies().toArray(String[]::new));
            }
            if (!settings.locationDatabase().isEmpty()) {
                builder.location(
                        LocationDatabase.openOrUnknown(
                                settings.locationMaxAge(),
                                settings.locationDatabase().toArray(Path[]::new)),
                        settings.locationPrecision());
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(
                    "session-aware-jwt.client is refused: " + e.getMessage(),
                    "Change the properties with the prefix session-aware-jwt.client",
                    e);
        }
        return builder.addressPrivacy(
                        switch (settings.addressPrivacy()) {
                            case FULL -> AddressPrivacy.full();
                            case SHORTENED -> AddressPrivacy.shortened();
                            case NONE -> AddressPrivacy.none();
                        })
                .build();
    }

    /** Safe on all nodes at once: a purge skips the rows that another one deletes. */
    @Bean
    @Conditional(PurgeWanted.class)
    PeriodicTask sessionAwareJwtPurge(SessionAwareTokenService service, SessionAwareJwtProperties properties) {
        return new PeriodicTask(
                "session-aware-jwt-purge", properties.purge().interval(), service::purgeExpiredSessions);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean({SessionKeys.class, SessionAwareTokenService.class})
    static class Keys {
        @Bean
        ConfiguredKeys sessionAwareJwtKeys(
                SessionAwareJwtProperties properties, ResourceLoader resources, ObjectProvider<SslBundles> bundles) {
            ConfiguredKeys keys = new ConfiguredKeys(
                    properties,
                    new KeyLoader(resources, bundles),
                    new ServiceSettings(properties).tokensLive(),
                    Clock.systemUTC());
            keys.bundles().forEach(name -> bundles.getObject().addBundleUpdateHandler(name, bundle -> keys.reload()));
            return keys;
        }

        @Bean
        @ConditionalOnProperty("session-aware-jwt.key-rotation.reload-interval")
        PeriodicTask sessionAwareJwtKeyReload(ConfiguredKeys keys, SessionAwareJwtProperties properties) {
            return new PeriodicTask(
                    "session-aware-jwt-keys",
                    Objects.requireNonNull(properties.keyRotation().reloadInterval()),
                    keys::reload);
        }
    }

    /** Experimental, and off by default. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(DeviceBoundProperties.ENABLED)
    @EnableConfigurationProperties(DeviceBoundProperties.class)
    static class DeviceBinding {
        @Bean
        @ConditionalOnMissingBean
        ExperimentalDeviceBinding sessionAwareJwtDeviceBinding(DeviceBoundProperties properties) {
            return properties.binding();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SanitizingFunction.class)
    static class Endpoints {
        @Bean
        SecretSanitizer sessionAwareJwtSecretSanitizer(SessionAwareJwtProperties properties, Environment environment) {
            Set<String> secrets = new HashSet<>(new ServiceSettings(properties).secrets());
            // The properties of the filter are there in servlet applications only.
            String formSecret = environment.getProperty("session-aware-jwt.web.form-secret");
            if (StringUtils.hasText(formSecret)) {
                secrets.add(formSecret);
            }
            return new SecretSanitizer(secrets);
        }
    }
}
