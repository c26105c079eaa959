package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.servlet.RequestClientInfo;
import io.github.sessionaware.servlet.SessionFilter;
import io.github.sessionaware.servlet.SessionFilterBuilder;
import io.github.sessionaware.springboot.WebProperties.Carrier;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.DispatcherServlet;

/** The filter of the servlet module, and the endpoints. With Spring Security the filter stands in its chains. */
@AutoConfiguration(after = SessionAwareJwtAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@ConditionalOnBean(SessionAwareTokenService.class)
@ConditionalOnProperty(name = "session-aware-jwt.web.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WebProperties.class)
class SessionFilterAutoConfiguration {
    private static final String SECURITY = "org.springframework.security.config.annotation.web.builders.HttpSecurity";

    @Bean
    @ConditionalOnMissingBean
    SessionFilter sessionAwareJwtFilter(
            SessionAwareTokenService tokens,
            WebProperties properties,
            ObjectProvider<ClientInfoReader> clients,
            ObjectProvider<SessionFilterBuilderCustomizer> customizers) {
        SessionFilterBuilder builder = SessionFilter.builder(tokens);
        try {
            apply(properties, builder);
            builder.open(properties.openPaths().toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(
                    "session-aware-jwt.web is refused: " + e.getMessage(),
                    "Change the properties with the prefix session-aware-jwt.web",
                    e);
        }
        // Loading the patterns for device names takes about a second, so the reader is made at the first login.
        builder.clientInfo(
                request -> RequestClientInfo.with(clients.getObject()).apply(request));
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        try {
            return builder.build();
        } catch (IllegalStateException e) {
            throw new InvalidConfigurationException(
                    "The settings of the session filter are refused: " + e.getMessage(),
                    "Set session-aware-jwt.web.carriers to bearer, cookies or both",
                    e);
        }
    }

    private static void apply(WebProperties properties, SessionFilterBuilder builder) {
        if (properties.carriers().contains(Carrier.BEARER)) {
            builder.bearer();
        }
        if (properties.carriers().contains(Carrier.COOKIES)) {
            builder.cookies();
        }
        builder.withoutActivity(properties.withoutActivity().toArray(String[]::new));
        if (StringUtils.hasText(properties.signInPage())) {
            builder.signInPage(properties.signInPage());
        }
        if (StringUtils.hasText(properties.stepUpPage())) {
            builder.stepUpPage(properties.stepUpPage());
        }
        if (!properties.origins().isEmpty()) {
            builder.origins(properties.origins().toArray(String[]::new));
        }
        if (StringUtils.hasText(properties.cookieName())) {
            builder.cookieName(properties.cookieName());
        }
        if (properties.sameSite() != null) {
            builder.sameSite(properties.sameSite());
        }
        if (StringUtils.hasText(properties.formSecret())) {
            builder.formSecret(KeyLoader.secret(properties.formSecret(), "session-aware-jwt.web.form-secret"));
        }
    }

    /** Without Spring Security the filter is before all paths, for all dispatches of a request. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass(SECURITY)
    static class Alone {
        @Bean
        @ConditionalOnMissingBean(name = "sessionAwareJwtFilterRegistration")
        FilterRegistrationBean<SessionFilter> sessionAwareJwtFilterRegistration(
                SessionFilter filter, WebProperties properties) {
            FilterRegistrationBean<SessionFilter> registration = new FilterRegistrationBean<>(filter);
            registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
            registration.setAsyncSupported(true);
            registration.setOrder(properties.filterOrder());
            return registration;
        }
    }

    /** Boot would register the filter a second time, before the paths of all chains. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = SECURITY)
    static class InChains {
        @Bean
        @ConditionalOnMissingBean(name = "sessionAwareJwtFilterRegistration")
        FilterRegistrationBean<SessionFilter> sessionAwareJwtFilterRegistration(SessionFilter filter) {
            FilterRegistrationBean<SessionFilter> registration = new FilterRegistrationBean<>(filter);
            registration.setEnabled(false);
            return registration;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DispatcherServlet.class)
    static class Endpoints {
        @Bean
        @ConditionalOnProperty("session-aware-jwt.web.jwks.enabled")
        @ConditionalOnBean(SessionKeys.class)
        JwksEndpoint sessionAwareJwtJwksEndpoint(SessionKeys keys, WebProperties properties) {
            return new JwksEndpoint(keys, properties.jwks().maxAge());
        }

        @Bean
        @ConditionalOnProperty("session-aware-jwt.web.devices.enabled")
        DevicesEndpoint sessionAwareJwtDevicesEndpoint(
                SessionAwareTokenService tokens, SessionFilter sessions, WebProperties properties) {
            return new DevicesEndpoint(tokens, sessions, properties.devices().recentAuthentication());
        }
    }
}
