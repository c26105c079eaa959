package io.github.sessionaware.examples.springboot;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The forms of the pages. The starter answers the requests for the devices. */
@RestController
record AccountController(SessionFilter sessions, SessionAwareTokenService tokens, Users users) {

    @GetMapping(path = "/sign-in", produces = "text/html")
    Resource signInPage() {
        return new ClassPathResource("sign-in.html");
    }

    @PostMapping("/sign-in")
    void signIn(
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestParam String name,
            @RequestParam String password)
            throws IOException {
        String checked = users.check(name, password);
        LoginOptions options = LoginOptions.defaults()
                .withStillAllowed(() -> users.hash(name).filter(checked::equals).isPresent());
        sessions.signIn(request, response, name, options);
        response.sendRedirect(sessions.returnAddress(request));
    }

    @PostMapping("/sign-out")
    void signOut(HttpServletRequest request, HttpServletResponse response) {
        sessions.signOut(request, response);
    }

    @PostMapping("/step-up")
    void stepUp(
            HttpServletRequest request,
            HttpServletResponse response,
            @AuthenticationPrincipal AuthenticatedSession current,
            @RequestParam String password) {
        users.check(current.userId(), password);
        sessions.replaceTokens(request, response, tokens.reauthenticate(current));
    }

    @PostMapping("/password")
    void changePassword(
            HttpServletRequest request,
            HttpServletResponse response,
            @AuthenticationPrincipal AuthenticatedSession current,
            @RequestParam String password,
            @RequestParam String newPassword) {
        String checked = users.check(current.userId(), password);
        String next = Users.ENCODER.encode(newPassword);
        sessions.replaceTokens(request, response, users.changePassword(current, checked, next));
    }
}
