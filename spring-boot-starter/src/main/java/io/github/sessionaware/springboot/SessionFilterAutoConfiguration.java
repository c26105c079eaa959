package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.servlet.ExperimentalDeviceBound;
import io.github.sessionaware.servlet.RequestClientInfo;
import io.github.sessionaware.servlet.SessionFilter;
import io.github.sessionaware.servlet.SessionFilterBuilder;
import io.github.sessionaware.springboot.WebProperties.Carrier;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.time.Duration;
import java.util.EnumSet;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.DispatcherServlet;

/** The filter of the servlet module, and the endpoints. With Spring Security the filter stands in its chains. */
@AutoConfiguration(after = SessionAwareJwtAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@ConditionalOnBean(SessionAwareTokenService.class)
@ConditionalOnProperty(
        name = {"session-aware-jwt.enabled", "session-aware-jwt.web.enabled"},
        matchIfMissing = true)
@EnableConfigurationProperties(WebProperties.class)
class SessionFilterAutoConfiguration {
    private static final String REGISTRATION = "sessionAwareJwtFilterRegistration";
    private static final String ANSWERS = "sessionAwareJwtAnswersRegistration";

    @Bean
    @ConditionalOnMissingBean
    SessionFilter sessionAwareJwtFilter(
            SessionAwareTokenService tokens,
            WebProperties properties,
            Environment environment,
            ObjectProvider<ClientInfoReader> clients,
            ObjectProvider<ExperimentalDeviceBound> deviceBound,
            ObjectProvider<SessionFilterBuilderCustomizer> customizers) {
        SessionFilterBuilder builder = SessionFilter.builder(tokens);
        try {
            apply(properties, environment, builder);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(
                    "session-aware-jwt.web is refused: " + e.getMessage(),
                    "Change the properties with the prefix session-aware-jwt.web",
                    e);
        }
        // Loading the patterns for device names takes about a second, so the reader is made at the first login.
        builder.clientInfo(
                request -> RequestClientInfo.with(clients.getObject()).apply(request));
        deviceBound.ifUnique(settings -> {
            requireBinding(tokens);
            builder.deviceBound(settings);
        });
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

    private static void apply(WebProperties properties, Environment environment, SessionFilterBuilder builder) {
        if (properties.carriers().contains(Carrier.BEARER)) {
            builder.bearer();
        }
        if (properties.carriers().contains(Carrier.COOKIES)) {
            builder.cookies();
        }
        builder.open(properties.openPaths(environment).toArray(String[]::new));
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
        String claim = properties.authoritiesClaim();
        if (claim != null && !claim.isBlank()) {
            builder.roles(session -> session.claimList(claim, String.class));
        }
    }

    private static void requireBinding(SessionAwareTokenService tokens) {
        try {
            var unused = tokens.boundSessions();
        } catch (IllegalStateException e) {
            throw new InvalidConfigurationException(
                    "There is a bean of the type ExperimentalDeviceBound, and the token service binds no sessions",
                    "Set session-aware-jwt.device-bound.enabled=true",
                    e);
        }
    }

    /**
     * Without Spring Security, the filter is before all paths, for all dispatches of a request. With it, or if the
     * application has a registration of its own, this one only keeps Boot from registering the filter.
     */
    @Bean(REGISTRATION)
    @ConditionalOnMissingBean(name = REGISTRATION)
    FilterRegistrationBean<SessionFilter> sessionAwareJwtFilterRegistration(
            SessionFilter filter, WebProperties properties, ListableBeanFactory beans) {
        FilterRegistrationBean<SessionFilter> registration = registered(filter, properties);
        registration.setEnabled(!hasSecurityChains(beans) && !isRegisteredOtherwise(beans));
        return registration;
    }

    /**
     * With Spring Security, answers the exceptions of the library in every chain, also in one that does not look for
     * sessions. Otherwise an outage that the validator of a resource server reports would be answered with 500.
     */
    @Bean(ANSWERS)
    @ConditionalOnMissingBean(name = ANSWERS)
    FilterRegistrationBean<Filter> sessionAwareJwtAnswersRegistration(
            SessionFilter filter, WebProperties properties, ListableBeanFactory beans) {
        FilterRegistrationBean<Filter> registration = registered(filter.permissive(), properties);
        registration.setName("sessionAwareJwtAnswers");
        registration.setEnabled(hasSecurityChains(beans));
        return registration;
    }

    private static <F extends Filter> FilterRegistrationBean<F> registered(F filter, WebProperties properties) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        registration.setAsyncSupported(true);
        registration.setOrder(properties.filterOrder());
        return registration;
    }

    /** Spring Security may be on the class path, and its auto-configuration excluded. */
    private static boolean hasSecurityChains(ListableBeanFactory beans) {
        return beans.containsBean("springSecurityFilterChain");
    }

    private static boolean isRegisteredOtherwise(ListableBeanFactory beans) {
        return beans.getBeanNamesForType(
                                ResolvableType.forClassWithGenerics(FilterRegistrationBean.class, SessionFilter.class),
                                true,
                                false)
                        .length
                > 1;
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DispatcherServlet.class)
    static class Endpoints {
        @Bean
        @ConditionalOnProperty("session-aware-jwt.web.jwks.enabled")
        @ConditionalOnBean(SessionKeys.class)
        JwksEndpoint sessionAwareJwtJwksEndpoint(
                SessionKeys keys, WebProperties properties, SessionAwareJwtProperties settings) {
            Duration maxAge = properties.jwks().maxAge();
            Duration publishTime = settings.keyRotation().publishTime();
            if (maxAge.compareTo(publishTime) > 0) {
                throw new InvalidConfigurationException(
                        "session-aware-jwt.web.jwks.max-age is " + maxAge + ", but a new key signs after " + publishTime
                                + ", so other services would refuse its tokens",
                        "Set it to at most session-aware-jwt.key-rotation.publish-time");
            }
            return new JwksEndpoint(keys, maxAge);
        }

        @Bean
        @ConditionalOnProperty("session-aware-jwt.web.devices.enabled")
        DevicesEndpoint sessionAwareJwtDevicesEndpoint(
                SessionAwareTokenService tokens, SessionFilter sessions, WebProperties properties) {
            return new DevicesEndpoint(tokens, sessions, properties.devices().recentAuthentication());
        }
    }

    /** Experimental, and off by default. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(DeviceBoundProperties.ENABLED)
    @EnableConfigurationProperties(DeviceBoundProperties.class)
    static class DeviceBound {
        @Bean
        @ConditionalOnMissingBean
        ExperimentalDeviceBound sessionAwareJwtDeviceBound(DeviceBoundProperties properties) {
            return properties.ofFilter();
        }
    }
}
