package io.github.sessionaware.springboot;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.servlet.SessionFilter;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.TestService;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The controllers of the tests, and what their sessions need. */
@RestController
class Pages {
    private final SessionAwareTokenService tokens;
    private final SessionFilter sessions;

    Pages(SessionAwareTokenService tokens, SessionFilter sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    /** Imported by each application. */
    static class Infrastructure {
        /** One for all applications, because each one loads the patterns for device names. */
        private static final ClientInfoReader CLIENTS =
                ClientInfoReader.builder().build();

        @Bean
        ClientInfoReader clients() {
            return CLIENTS;
        }

        @Bean
        FakeClock clock() {
            return new FakeClock(TestService.START);
        }

        @Bean
        SwitchableStore store() {
            return new SwitchableStore();
        }

        @Bean
        SessionAwareTokenServiceBuilderCustomizer withClock(FakeClock clock) {
            return builder -> builder.clock(clock).claimsOnRefresh((user, session) -> Map.of());
        }
    }

    @GetMapping({"/me", "/api/me", "/open/me"})
    String me(@AuthenticationPrincipal @Nullable AuthenticatedSession current, @Nullable Authentication user) {
        return current == null || user == null ? "nobody" : current.userId() + " " + user.getName();
    }

    @GetMapping("/remote-user")
    String remoteUser(HttpServletRequest request) {
        return request.getRemoteUser() + " " + request.isUserInRole("admin") + " "
                + SessionFilter.current(request).userId();
    }

    @GetMapping("/async")
    Callable<String> async() {
        return () -> SecurityContextHolder.getContext().getAuthentication().getName();
    }

    @GetMapping("/open/plain")
    String plain() {
        return "plain";
    }

    @GetMapping("/fails")
    String fails() {
        throw new IllegalStateException("a bug");
    }

    @GetMapping("/danger")
    String danger(HttpServletRequest request) {
        SessionFilter.current(request).requireAuthenticatedWithin(Duration.ofMinutes(5));
        return "done";
    }

    @PreAuthorize("hasAuthority('admin')")
    @GetMapping("/admin")
    String admin() {
        return "for admins";
    }

    /** A call of the service from a path that needs no session. */
    @GetMapping({"/open/count", "/other/count"})
    int count() {
        return tokens.listSessions("alice").size();
    }

    @CrossOrigin("https://app.example")
    @GetMapping("/cross")
    String cross() {
        return "cross";
    }

    @PostMapping({"/login", "/api/login"})
    Map<String, String> login(@RequestParam String user, HttpServletRequest request, HttpServletResponse response) {
        if (user.equals("mallory")) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN, "Wrong user or password");
        }
        return body(sessions.issue(
                request,
                response,
                user,
                LoginOptions.defaults().withClaims(Map.of("roles", List.of(user.equals("root") ? "admin" : "user")))));
    }

    @PostMapping("/refresh")
    Map<String, String> refresh(
            @RequestParam String refreshToken, HttpServletRequest request, HttpServletResponse response) {
        return body(sessions.refresh(request, response, refreshToken));
    }

    @PostMapping({"/logout", "/api/logout"})
    void logout(HttpServletRequest request, HttpServletResponse response) {
        sessions.signOut(request, response);
    }

    @PostMapping("/leave-and-forward")
    void leaveAndForward(
            @AuthenticationPrincipal AuthenticatedSession current,
            HttpServletRequest request,
            HttpServletResponse response)
            throws Exception {
        sessions.signOut(request, response);
        request.getRequestDispatcher("/change").forward(request, response);
    }

    @PostMapping("/container-logout")
    void containerLogout(HttpServletRequest request) throws Exception {
        request.logout();
    }

    @PostMapping("/api/sign-in")
    void signIn(@RequestParam String user, HttpServletRequest request, HttpServletResponse response) {
        sessions.signIn(request, response, user, LoginOptions.defaults());
    }

    @PostMapping({"/change", "/api/change", "/other/change"})
    String change() {
        return "changed";
    }

    private static Map<String, String> body(IssuedTokens issued) {
        return Map.of("accessToken", issued.accessToken(), "refreshToken", String.valueOf(issued.refreshToken()));
    }
}
