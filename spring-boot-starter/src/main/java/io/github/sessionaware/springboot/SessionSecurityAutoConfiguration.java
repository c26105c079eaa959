package io.github.sessionaware.springboot;

import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.ProviderNotFoundException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The chain of Spring Security, if the application has none, and what every chain with sessions needs. */
@AutoConfiguration(
        after = SessionFilterAutoConfiguration.class,
        // An application that has configured a resource server or a login with OAuth 2 keeps the chain of that.
        afterName = {
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.OAuth2ResourceServerWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet.OAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.oauth2.resource.servlet.OAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.security.oauth2.client.autoconfigure.servlet.OAuth2ClientWebSecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.oauth2.client.servlet.OAuth2ClientWebSecurityAutoConfiguration"
        },
        // The first three since Boot 4.0, the others before.
        beforeName = {
            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration"
        })
@ConditionalOnClass({HttpSecurity.class, SecurityFilterChain.class})
@ConditionalOnBean(SessionFilter.class)
@ConditionalOnProperty(
        name = {"session-aware-jwt.enabled", "session-aware-jwt.web.enabled"},
        matchIfMissing = true)
@EnableConfigurationProperties(WebProperties.class)
class SessionSecurityAutoConfiguration {
    /** Where Boot puts its own default chain. */
    private static final int DEFAULT_CHAIN = Ordered.LOWEST_PRECEDENCE - 5;

    @Bean
    @ConditionalOnMissingBean
    SessionAuthoritiesMapper sessionAwareJwtAuthorities(WebProperties properties) {
        String claim = properties.authoritiesClaim();
        if (!StringUtils.hasText(claim)) {
            return session -> List.of();
        }
        return session -> session.claimList(claim, String.class).stream()
                .map(SimpleGrantedAuthority::new)
                .toList();
    }

    /**
     * Error pages are open. Otherwise a failed login would have no body that says why. Boot's actuator is closed except
     * for its health: each user of the application has a session, and is no operator.
     *
     * @return null if the application has excluded the auto-configuration of Spring Security. Then the filter stands
     *     alone
     */
    @Bean
    @Order(DEFAULT_CHAIN)
    @ConditionalOnMissingBean(SecurityFilterChain.class)
    @Nullable
    SecurityFilterChain sessionAwareJwtSecurityFilterChain(
            ObjectProvider<HttpSecurity> builder, WebProperties properties, ApplicationContext context) {
        HttpSecurity http = builder.getIfAvailable();
        if (http == null) {
            return null;
        }
        RequestMatcher[] open = properties.openPaths(context.getEnvironment()).stream()
                .flatMap(SessionSecurityAutoConfiguration::patterns)
                .map(PathPatternRequestMatcher.withDefaults()::matcher)
                .toArray(RequestMatcher[]::new);
        if (hasCors(context)) {
            http.cors(Customizer.withDefaults());
        }
        ActuatorEndpoints actuator = ActuatorEndpoints.find(context.getClassLoader());
        return http.with(new SessionSecurityConfigurer(), Customizer.withDefaults())
                .authorizeHttpRequests(requests -> {
                    requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                            .permitAll()
                            .requestMatchers(open)
                            .permitAll();
                    if (actuator != null) {
                        requests.requestMatchers(actuator.health())
                                .permitAll()
                                .requestMatchers(actuator.all())
                                .denyAll();
                    }
                    requests.anyRequest().authenticated();
                })
                .build();
    }

    /**
     * Spring Security refuses to build a chain with CORS if none of the beans is there that it takes the rules from.
     */
    private static boolean hasCors(ApplicationContext context) {
        return Stream.of("corsFilter", "corsConfigurationSource", "mvcHandlerMappingIntrospector")
                .anyMatch(context::containsBean);
    }

    /** Writes a path of the servlet module as Spring does: there {@code /static/*} is one level, and not all below. */
    private static Stream<String> patterns(String path) {
        return path.endsWith("/*") ? Stream.of(path + "*") : Stream.of(path);
    }

    /** Without a bean of this kind Boot would make a user, whom nobody could use, and write its password to the log. */
    @Bean
    @Conditional(NoUserInProperties.class)
    @ConditionalOnMissingBean({
        AuthenticationManager.class,
        AuthenticationProvider.class,
        UserDetailsService.class,
        AuthenticationManagerResolver.class
    })
    AuthenticationManagerResolver<HttpServletRequest> sessionAwareJwtNoUsers() {
        return request -> authentication -> {
            throw new ProviderNotFoundException("Users of this application sign in with a session");
        };
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebMvcConfigurer.class)
    static class Mvc {
        @Bean
        HandledRequests sessionAwareJwtHandledRequests() {
            return new HandledRequests();
        }
    }

    /** An application with {@code spring.security.user} has a use for that user, such as a chain for the actuator. */
    static final class NoUserInProperties implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment().containsProperty("spring.security.user.name")
                    && !context.getEnvironment().containsProperty("spring.security.user.password");
        }
    }
}
