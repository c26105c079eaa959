package io.github.sessionaware.examples.frameworks;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.function.BiPredicate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.logout.LogoutFilter;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The sample of docs/frameworks.md for Spring Security. */
final class SpringSecuritySample {
    private SpringSecuritySample() {}

    @Configuration
    @EnableWebSecurity
    static class Security {
        private static final String[] OPEN = {"/login", "/refresh"};

        @Bean
        SessionFilter sessions(SessionAwareTokenService tokens) {
            return SessionFilter.builder(tokens).bearer().open(OPEN).build();
        }

        @Bean
        SecurityFilterChain api(HttpSecurity http, SessionFilter sessions) throws Exception {
            return http.csrf(AbstractHttpConfigurer::disable) // the SessionFilter refuses requests of other sites
                    .logout(AbstractHttpConfigurer::disable) // it would not end the session of the token
                    .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .addFilterBefore(sessions, LogoutFilter.class)
                    .addFilterBefore(Security::setUser, AuthorizationFilter.class)
                    .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                            .permitAll()
                            .requestMatchers(OPEN)
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .build();
        }

        private static void setUser(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (request.getAttribute(AuthenticatedSession.class.getName()) instanceof AuthenticatedSession current) {
                PreAuthenticatedAuthenticationToken user = new PreAuthenticatedAuthenticationToken(
                        current.userId(),
                        null,
                        AuthorityUtils.createAuthorityList(current.claimList("authorities", String.class)));
                user.setDetails(current);
                SecurityContextHolder.setContext(new SecurityContextImpl(user));
            }
            chain.doFilter(request, response);
        }
    }

    @RestController
    static class Logins {
        private final SessionFilter sessions;
        private final BiPredicate<String, String> passwords;

        Logins(SessionFilter sessions, BiPredicate<String, String> passwords) {
            this.sessions = sessions;
            this.passwords = passwords;
        }

        @PostMapping("/login")
        Map<String, String> login(
                @RequestParam String user,
                @RequestParam String password,
                HttpServletRequest request,
                HttpServletResponse response) {
            if (!passwords.test(user, password)) {
                throw new ResponseStatusException(HttpStatus.FORBIDDEN, "Wrong user or password");
            }
            return body(sessions.issue(request, response, user, LoginOptions.defaults()));
        }

        @PostMapping("/refresh")
        Map<String, String> refresh(
                @RequestParam String refreshToken, HttpServletRequest request, HttpServletResponse response) {
            return body(sessions.refresh(request, response, refreshToken));
        }

        @PostMapping("/logout")
        void logout(HttpServletRequest request, HttpServletResponse response) {
            sessions.signOut(request, response);
        }

        private static Map<String, String> body(IssuedTokens issued) {
            return Map.of("accessToken", issued.accessToken(), "refreshToken", issued.refreshToken());
        }
    }
}
