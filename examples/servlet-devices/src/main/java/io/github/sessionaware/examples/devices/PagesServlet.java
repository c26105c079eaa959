package io.github.sessionaware.examples.devices;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.LoginRefusedException;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** The pages and forms for browsers. {@link SessionFilter} stands before them and answers what they throw. */
final class PagesServlet extends HttpServlet {
    /** How long ago a user may have entered the password who ends other sessions (OWASP ASVS 5.0, 7.5.2). */
    static final Duration RECENT = Duration.ofMinutes(5);

    private static final String ELSEWHERE =
            "Your password was changed on another device at this moment. Use the new one.";

    private static final long serialVersionUID = 1L;

    private final transient SessionAwareTokenService tokens;
    private final transient SessionFilter sessions;
    private final transient Users users;
    private final transient PasswordThrottle throttle;
    private final transient KnownBrowsers known;
    private final transient Notices notices;
    private final transient InstantSource clock;
    private final transient Routes routes = new Routes(PagesServlet::refuse)
            .on("GET", "/sign-in", (request, response, path) -> signInPage(request, response, 200, ""))
            .on("POST", "/sign-in", (request, response, path) -> signIn(request, response))
            .on("GET", "/", (request, response, path) -> home(request, response))
            .on("GET", "/devices", (request, response, path) -> devices(request, response))
            .on("GET", "/devices/others", (request, response, path) -> confirmOthers(request, response))
            .on("GET", "/password", (request, response, path) -> passwordPage(request, response, 200, ""))
            .on("GET", "/confirm", (request, response, path) -> confirmPage(request, response, 200, ""))
            .on("POST", "/confirm", (request, response, path) -> confirm(request, response))
            .on("POST", "/sign-out", (request, response, path) -> signOut(request, response))
            .on("POST", "/devices/others", (request, response, path) -> signOutOthers(request, response))
            .on("POST", "/devices/([A-Za-z0-9_-]+)/sign-out", this::signOutDevice)
            .on("POST", "/devices/([A-Za-z0-9_-]+)/rename", this::rename)
            .on("POST", "/notices/([A-Za-z0-9_-]+)/dismiss", this::dismiss)
            .on("POST", "/password", (request, response, path) -> changePassword(request, response));

    PagesServlet(
            SessionAwareTokenService tokens,
            SessionFilter sessions,
            Users users,
            PasswordThrottle throttle,
            KnownBrowsers known,
            Notices notices,
            InstantSource clock) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.users = users;
        this.throttle = throttle;
        this.known = known;
        this.notices = notices;
        this.clock = clock;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            routes.answer(request.getMethod().equals("HEAD") ? "GET" : request.getMethod(), request, response);
        } catch (TooManyAttempts e) {
            Answers.tooManyAttempts(response, e);
        }
    }

    private void signInPage(HttpServletRequest request, HttpServletResponse response, int status, String error)
            throws IOException {
        Ended ended = request.getParameter("signed-out") == null ? Ended.of(sessions.ended(request)) : Ended.SIGNED_OUT;
        Answers.page(response, status, Pages.signIn(ended.sentence(), error, sessions.formFields(request)));
    }

    private void signIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String user = parameter(request, "user");
        String password = parameter(request, "password");
        OptionalInt version = checkPassword(request, Optional.empty(), user, password);
        if (version.isEmpty()) {
            signInPage(request, response, 401, "User name or password is wrong.");
            return;
        }
        try {
            sessions.signIn(request, response, user, users.loginWith(user, version.getAsInt()));
        } catch (LoginRefusedException e) {
            signInPage(request, response, 401, "The password was changed at this moment. Sign in with the new one.");
            return;
        }
        known.remember(request, response, user);
        Answers.seeOther(response, sessions.returnAddress(request));
    }

    private OptionalInt checkPassword(
            HttpServletRequest request, Optional<AuthenticatedSession> current, String user, String password) {
        return current.map(session -> throttle.inSession(session.sessionId(), user, () -> users.check(user, password)))
                .orElseGet(() -> throttle.signIn(
                        user, request.getRemoteAddr(), known.find(request, user), () -> users.check(user, password)));
    }

    private void home(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        Answers.page(response, 200, Pages.home(current, notices.shownTo(current), sessions.formFields(request)));
    }

    private void devices(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        List<Session> devices = tokens.listSessions(current);
        Answers.page(
                response,
                200,
                Pages.devices(devices, notices.shownTo(current), sessions.formFields(request), clock.instant()));
    }

    private void confirmOthers(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SessionFilter.current(request).requireAuthenticatedWithin(RECENT);
        Answers.page(response, 200, Pages.confirmOthers(sessions.formFields(request)));
    }

    private void signOut(HttpServletRequest request, HttpServletResponse response) {
        sessions.signOut(request, response);
        Answers.seeOther(response, "/sign-in?signed-out");
    }

    private void signOutOthers(HttpServletRequest request, HttpServletResponse response) {
        AuthenticatedSession current = SessionFilter.current(request);
        current.requireAuthenticatedWithin(RECENT);
        tokens.revokeOthers(current);
        Answers.seeOther(response, "/devices?done=others");
    }

    private void signOutDevice(HttpServletRequest request, HttpServletResponse response, Matcher found) {
        AuthenticatedSession current = SessionFilter.current(request);
        current.requireAuthenticatedWithin(RECENT);
        boolean hasEnded = tokens.revoke(current, found.group(1));
        Answers.seeOther(response, hasEnded ? "/devices?done=signed-out" : "/devices?done=gone");
    }

    private void rename(HttpServletRequest request, HttpServletResponse response, Matcher found) throws IOException {
        boolean isRenamed;
        try {
            String label = parameter(request, "label");
            isRenamed = tokens.rename(SessionFilter.current(request), found.group(1), label.isBlank() ? null : label);
        } catch (IllegalArgumentException e) {
            Answers.page(response, 400, Pages.message("Invalid name", "A name has 1 to 64 visible characters."));
            return;
        }
        Answers.seeOther(response, isRenamed ? "/devices?done=renamed" : "/devices?done=gone");
    }

    private void dismiss(HttpServletRequest request, HttpServletResponse response, Matcher found) {
        notices.dismiss(SessionFilter.current(request), found.group(1));
        Answers.seeOther(response, "/devices");
    }

    private void confirmPage(HttpServletRequest request, HttpServletResponse response, int status, String error)
            throws IOException {
        Answers.page(
                response,
                status,
                Pages.confirm(SessionFilter.current(request).userId(), error, sessions.formFields(request)));
    }

    /** Renews the authentication of this session, so that it may end others. */
    private void confirm(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        String password = parameter(request, "password");
        OptionalInt version = checkPassword(request, Optional.of(current), current.userId(), password);
        if (version.isEmpty()) {
            confirmPage(request, response, 401, "The password is wrong.");
            return;
        }
        try {
            sessions.replaceTokens(
                    request,
                    response,
                    tokens.reauthenticate(current, users.loginWith(current.userId(), version.getAsInt())));
        } catch (LoginRefusedException e) {
            confirmPage(request, response, 401, "The password was changed at this moment.");
            return;
        }
        Answers.seeOther(response, sessions.returnAddress(request));
    }

    private void passwordPage(HttpServletRequest request, HttpServletResponse response, int status, String error)
            throws IOException {
        String user = sessions.authenticate(request, response)
                .map(AuthenticatedSession::userId)
                .orElse("");
        Answers.page(response, status, Pages.password(user, error, sessions.formFields(request)));
    }

    /**
     * Changes the password and ends all other sessions. It needs the present password and no session: a thief who ends
     * each session of the owner at once could otherwise keep the owner from changing it.
     */
    private void changePassword(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            tryToChangePassword(request, response);
        } catch (LoginRefusedException e) {
            passwordPage(request, response, 403, ELSEWHERE);
        }
    }

    private void tryToChangePassword(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<AuthenticatedSession> current = sessions.authenticate(request, response);
        String user = current.map(AuthenticatedSession::userId).orElse(parameter(request, "user"));
        String next = parameter(request, "next");
        OptionalInt version = checkPassword(request, current, user, parameter(request, "current"));
        if (version.isEmpty()) {
            passwordPage(request, response, 403, "User name or current password is wrong.");
            return;
        }
        if (next.length() < Users.MIN_LENGTH || next.length() > Users.MAX_LENGTH) {
            passwordPage(
                    request,
                    response,
                    400,
                    "A password has " + Users.MIN_LENGTH + " to " + Users.MAX_LENGTH + " characters.");
            return;
        }
        LoginOptions checked = users.loginWith(user, version.getAsInt());
        // Before the change, because it fails during an outage.
        Optional<IssuedTokens> renewed = current.flatMap(session -> renew(session, checked));
        if (renewed.isEmpty()) {
            tokens.revokeAllSessions(user, EndCause.PASSWORD_CHANGED);
        }
        if (!users.change(user, version.getAsInt(), next)) {
            passwordPage(request, response, 403, ELSEWHERE);
            return;
        }
        // Only after the change, so that a sign-in with the old password is either ended here or refused.
        if (renewed.isPresent()) {
            tokens.revokeOtherSessions(user, renewed.get().session().id(), EndCause.PASSWORD_CHANGED);
            sessions.replaceTokens(request, response, renewed.get());
        } else {
            tokens.revokeAllSessions(user, EndCause.PASSWORD_CHANGED);
            sessions.signIn(request, response, user, users.loginWith(user, version.getAsInt() + 1));
        }
        Answers.seeOther(response, "/devices?done=password");
    }

    /** Keeps this session with its name. Returns empty if it has ended in the meantime. */
    private Optional<IssuedTokens> renew(AuthenticatedSession current, LoginOptions checked) {
        try {
            return Optional.of(tokens.reauthenticate(current, checked));
        } catch (InvalidTokenException e) {
            return Optional.empty();
        }
    }

    private static String parameter(HttpServletRequest request, String name) {
        @Nullable String value = request.getParameter(name);
        return value == null ? "" : value;
    }

    private static void refuse(HttpServletResponse response, int status) throws IOException {
        Answers.page(
                response,
                status,
                status == 404
                        ? Pages.message("Not found", "There is nothing here.")
                        : Pages.message("Not a page", "Go back and use the button there."));
    }
}
