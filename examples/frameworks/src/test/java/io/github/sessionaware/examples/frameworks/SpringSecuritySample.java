package io.github.sessionaware.examples.frameworks;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.BearerToken;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.web.filter.OncePerRequestFilter;

/** The sample of docs/frameworks.md for Spring Security. */
final class SpringSecuritySample {
    private SpringSecuritySample() {}

    static final class SessionAwareFilter extends OncePerRequestFilter {
        private final SessionAwareTokenService tokens;
        private final SecurityContextRepository contexts = new RequestAttributeSecurityContextRepository();

        SessionAwareFilter(SessionAwareTokenService tokens) {
            this.tokens = tokens;
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            AuthenticatedSession current;
            try {
                current = tokens.validate(BearerToken.from(request.getHeader("Authorization")));
            } catch (InvalidTokenException e) {
                response.setHeader("WWW-Authenticate", e.wwwAuthenticate());
                response.setStatus(401); // sendError would dispatch to an error page, without a user
                return;
            } catch (SessionStoreException e) {
                response.setHeader("Retry-After", "5");
                response.setStatus(503);
                return;
            }
            PreAuthenticatedAuthenticationToken user =
                    new PreAuthenticatedAuthenticationToken(current.userId(), null, List.of());
            user.setDetails(current);
            SecurityContext context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(user);
            SecurityContextHolder.setContext(context);
            contexts.saveContext(context, request, response); // for later dispatches of this request
            chain.doFilter(request, response);
        }

        @Override
        protected boolean shouldNotFilter(HttpServletRequest request) {
            return request.getServletPath().equals("/login");
        }
    }

    @Configuration
    @EnableWebSecurity
    static class Security {
        @Bean
        SecurityFilterChain api(HttpSecurity http, SessionAwareTokenService tokens) throws Exception {
            return http.csrf(AbstractHttpConfigurer::disable) // browsers do not send bearer tokens by themselves
                    .logout(AbstractHttpConfigurer::disable) // it would not end the session of the token
                    .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .addFilterBefore(new SessionAwareFilter(tokens), AuthorizationFilter.class)
                    .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                            .permitAll()
                            .requestMatchers("/login")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .build();
        }
    }
}
