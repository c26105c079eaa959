package io.github.sessionaware.springboot;

import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.DispatcherType;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.StringUtils;

/** The chain of Spring Security, if the application has none, and what every chain with sessions needs. */
@AutoConfiguration(
        after = SessionFilterAutoConfiguration.class,
        // An application that has configured a resource server keeps that one's chain.
        afterName = {
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.OAuth2ResourceServerWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet.OAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.oauth2.resource.servlet.OAuth2ResourceServerAutoConfiguration"
        },
        // Since Boot 4.0, and before.
        beforeName = {
            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration"
        })
@ConditionalOnClass({HttpSecurity.class, SecurityFilterChain.class})
@ConditionalOnBean(SessionFilter.class)
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

    @Bean
    @Order(DEFAULT_CHAIN)
    @ConditionalOnMissingBean(SecurityFilterChain.class)
    SecurityFilterChain sessionAwareJwtSecurityFilterChain(HttpSecurity http, WebProperties properties)
            throws Exception {
        RequestMatcher[] open = properties.openPaths().stream()
                .flatMap(SessionSecurityAutoConfiguration::patterns)
                .map(PathPatternRequestMatcher.withDefaults()::matcher)
                .toArray(RequestMatcher[]::new);
        return http.with(new SessionSecurityConfigurer(), Customizer.withDefaults())
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(open)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .build();
    }

    /** Writes a path of the servlet module as Spring does: there {@code /static/*} is one level, and not all below. */
    private static Stream<String> patterns(String path) {
        return path.endsWith("/*") ? Stream.of(path.substring(0, path.length() - 2), path + "*") : Stream.of(path);
    }

    /** Without it Boot would make a user and write its password to the log, and nobody could use it. */
    @Bean
    @ConditionalOnMissingBean(
            value = UserDetailsService.class,
            type = {
                "org.springframework.security.authentication.AuthenticationManager",
                "org.springframework.security.authentication.AuthenticationProvider",
                "org.springframework.security.authentication.AuthenticationManagerResolver"
            })
    UserDetailsService sessionAwareJwtNoUsers() {
        return name -> {
            throw new UsernameNotFoundException("Users sign in with a session");
        };
    }
}
