package io.github.sessionaware.springboot;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.KeyRing;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.redis.LettuceAccess;
import io.github.sessionaware.redis.RedisAccess;
import io.github.sessionaware.servlet.ExperimentalDeviceBound;
import io.github.sessionaware.servlet.SessionFilter;
import io.lettuce.core.RedisClient;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The samples of docs/spring-boot.md and of the javadoc. */
final class SpringBootSamples {
    private SpringBootSamples() {}

    interface Users {
        boolean isRight(String user, String password);

        List<String> rolesOf(String userId);
    }

    interface Mails {
        void send(String userId, String text);
    }

    interface KeyService {
        KeyRing currentRing();
    }

    @RestController
    static class Logins {
        private final SessionFilter sessions;
        private final Users users;

        Logins(SessionFilter sessions, Users users) {
            this.sessions = sessions;
            this.users = users;
        }

        @PostMapping("/login")
        Map<String, String> login(
                HttpServletRequest request,
                HttpServletResponse response,
                @RequestParam String user,
                @RequestParam String password) {
            if (!users.isRight(user, password)) {
                throw new ResponseStatusException(HttpStatus.FORBIDDEN, "Wrong user or password");
            }
            return body(sessions.issue(request, response, user, LoginOptions.defaults()));
        }

        @PostMapping("/refresh")
        Map<String, String> refresh(
                HttpServletRequest request, HttpServletResponse response, @RequestParam String refreshToken) {
            return body(sessions.refresh(request, response, refreshToken));
        }

        @PostMapping("/logout")
        void logout(HttpServletRequest request, HttpServletResponse response) {
            sessions.signOut(request, response);
        }

        @GetMapping("/me")
        String me(@AuthenticationPrincipal AuthenticatedSession session) {
            return session.userId();
        }

        private static Map<String, String> body(IssuedTokens issued) {
            return Map.of("accessToken", issued.accessToken(), "refreshToken", issued.refreshToken());
        }
    }

    static class RedisBeans {
        @Bean
        RedisAccess sessionsInRedis(RedisClient client) {
            return LettuceAccess.of(client);
        }
    }

    static class Beans {
        private final Mails mails;

        Beans(Mails mails) {
            this.mails = mails;
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(new SessionSecurityConfigurer(), Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/login")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .build();
        }

        @Bean
        LiveSessionValidator liveSessions(SessionAwareTokenService tokens) {
            return new LiveSessionValidator(tokens);
        }

        @Bean
        SessionAuthoritiesMapper authorities() {
            return session -> session.claimList("roles", String.class).stream()
                    .map(role -> new SimpleGrantedAuthority("ROLE_" + role))
                    .toList();
        }

        @Bean
        SessionAwareTokenServiceBuilderCustomizer rolesOnRefresh(Users users) {
            return builder -> builder.claimsOnRefresh((userId, session) -> Map.of("roles", users.rolesOf(userId)));
        }

        @Bean
        SessionKeys keys(KeyService service) {
            return service::currentRing;
        }

        @EventListener
        void warn(SessionEvent.RefreshTokenReused event) {
            mails.send(event.userId(), "Your session may have been stolen");
        }
    }

    static void test(MockMvc mvc) throws Exception {
        mvc.perform(get("/orders").with(MockSessions.signedIn("user-42"))).andExpect(status().isOk());
    }

    static class DeviceBinding {
        @Bean
        ExperimentalDeviceBound deviceBound() {
            return ExperimentalDeviceBound.defaults()
                    .withRequired(session -> session.userId().equals("root"), Duration.ofMinutes(1));
        }
    }
}
