package io.github.sessionaware.examples.devices;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.LoginRefusedException;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.examples.devices.Routes.Handler;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages and forms for browsers. All except sign-in need {@link SessionFilter} in front of them. */
final class PagesServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(PagesServlet.class);

    private final transient SessionAwareTokenService tokens;
    private final transient Clients clients;
    private final transient Users users;
    private final transient Notices notices;
    private final transient Csrf csrf;
    private final transient InstantSource clock;
    private final transient Routes routes = new Routes(PagesServlet::refuse)
            .on("GET", "/sign-in", (request, response, path) -> signInPage(request, response, 200, ""))
            .on("POST", "/sign-in", (request, response, path) -> signIn(request, response))
            .on("GET", "/", (request, response, path) -> home(request, response))
            .on("GET", "/devices", (request, response, path) -> devices(request, response))
            .on("GET", "/devices/others", (request, response, path) -> confirmOthers(request, response))
            .on("GET", "/password", (request, response, path) -> passwordPage(request, response, 200, ""))
            .on("POST", "/sign-out", ours((request, response, path) -> signOut(request, response)))
            .on("POST", "/devices/others", ours((request, response, path) -> signOutOthers(request, response)))
            .on("POST", "/devices/([A-Za-z0-9_-]+)/sign-out", ours(this::signOutDevice))
            .on("POST", "/devices/([A-Za-z0-9_-]+)/rename", ours(this::rename))
            .on("POST", "/notices/dismiss", ours((request, response, path) -> dismiss(request, response)))
            .on("POST", "/password", ours((request, response, path) -> changePassword(request, response)));

    PagesServlet(
            SessionAwareTokenService tokens,
            Clients clients,
            Users users,
            Notices notices,
            Csrf csrf,
            InstantSource clock) {
        this.tokens = tokens;
        this.clients = clients;
        this.users = users;
        this.notices = notices;
        this.csrf = csrf;
        this.clock = clock;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            routes.answer(request.getMethod().equals("HEAD") ? "GET" : request.getMethod(), request, response);
        } catch (InvalidTokenException e) {
            SessionFilter.refuse(response, e); // the session has ended during the request
        } catch (SessionStoreException e) {
            log.warn("The session store cannot answer", e);
            Answers.unavailable(response);
        }
    }

    private void signInPage(HttpServletRequest request, HttpServletResponse response, int status, String error)
            throws IOException {
        Answers.page(
                response,
                status,
                Pages.signIn(Ended.named(request.getParameter("why")).sentence(), error));
    }

    private void signIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!Csrf.isSameOrigin(request)) {
            forbidden(response);
            return;
        }
        String user = parameter(request, "user");
        OptionalInt version = users.check(user, parameter(request, "password"));
        if (version.isEmpty()) {
            signInPage(request, response, 401, "User name or password is wrong.");
            return;
        }
        IssuedTokens issued;
        try {
            issued = tokens.issue(user, clients.of(request), users.loginWith(user, version.getAsInt()));
        } catch (LoginRefusedException e) {
            signInPage(request, response, 401, "The password was changed at this moment. Sign in with the new one.");
            return;
        }
        // A new sign-in replaces the earlier session of this browser (OWASP ASVS 5.0, 7.2.4).
        tokens.revokeByRefreshToken(TokenCookies.refresh(request));
        TokenCookies.give(response, issued);
        Answers.seeOther(response, "/");
    }

    private void home(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = current(request);
        Answers.page(response, 200, Pages.home(current, notices.shownTo(current), csrfToken(current)));
    }

    private void devices(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = current(request);
        List<Session> sessions = tokens.listSessions(current);
        Answers.page(
                response, 200, Pages.devices(sessions, notices.shownTo(current), csrfToken(current), clock.instant()));
    }

    private void confirmOthers(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answers.page(response, 200, Pages.confirmOthers(csrfToken(current(request))));
    }

    private void passwordPage(HttpServletRequest request, HttpServletResponse response, int status, String error)
            throws IOException {
        AuthenticatedSession current = current(request);
        Answers.page(response, status, Pages.password(current.userId(), error, csrfToken(current)));
    }

    private void signOut(HttpServletRequest request, HttpServletResponse response) {
        tokens.revoke(current(request));
        TokenCookies.forget(response);
        Answers.seeOther(response, "/sign-in?" + Ended.SIGNED_OUT.query());
    }

    private void signOutOthers(HttpServletRequest request, HttpServletResponse response) {
        tokens.revokeOthers(current(request));
        Answers.seeOther(response, "/devices");
    }

    private void signOutDevice(HttpServletRequest request, HttpServletResponse response, Matcher found)
            throws IOException {
        if (tokens.revoke(current(request), found.group(1))) {
            Answers.seeOther(response, "/devices");
        } else {
            notFound(response);
        }
    }

    private void rename(HttpServletRequest request, HttpServletResponse response, Matcher found) throws IOException {
        String label = parameter(request, "label");
        boolean isRenamed;
        try {
            isRenamed = tokens.rename(current(request), found.group(1), label.isBlank() ? null : label);
        } catch (IllegalArgumentException e) {
            Answers.page(response, 400, Pages.message("Invalid name", "A name has 1 to 64 visible characters."));
            return;
        }
        if (isRenamed) {
            Answers.seeOther(response, "/devices");
        } else {
            notFound(response);
        }
    }

    private void dismiss(HttpServletRequest request, HttpServletResponse response) {
        notices.dismiss(current(request).userId());
        Answers.seeOther(response, "/devices");
    }

    /** Renews this session and ends all other sessions of the user. */
    private void changePassword(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = current(request);
        String next = parameter(request, "next");
        OptionalInt version = users.check(current.userId(), parameter(request, "current"));
        if (version.isEmpty()) {
            passwordPage(request, response, 403, "The current password is wrong.");
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
        // First, because it fails during an outage, before the password changes.
        IssuedTokens renewed =
                tokens.reauthenticate(current, LoginOptions.defaults().withAuthenticationMethods("pwd"));
        if (!users.change(current.userId(), version.getAsInt(), next)) {
            // Another device has changed the password, and signs this one out.
            TokenCookies.forget(response);
            Answers.seeOther(response, "/sign-in?" + Ended.ELSEWHERE.query());
            return;
        }
        // Only after the change, so that a sign-in with the old password is either ended here or refused.
        tokens.revokeOthers(current, EndCause.PASSWORD_CHANGED);
        TokenCookies.give(response, renewed);
        Answers.seeOther(response, "/devices");
    }

    private Handler ours(Handler handler) {
        return (request, response, path) -> {
            if (csrf.isOurs(request, current(request).sessionId())) {
                handler.handle(request, response, path);
            } else {
                forbidden(response);
            }
        };
    }

    private static AuthenticatedSession current(HttpServletRequest request) {
        if (request.getAttribute(SessionFilter.SESSION) instanceof AuthenticatedSession current) {
            return current;
        }
        throw new IllegalStateException("No SessionFilter is mapped to " + request.getServletPath());
    }

    private String csrfToken(AuthenticatedSession current) {
        return csrf.token(current.sessionId());
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

    private static void notFound(HttpServletResponse response) throws IOException {
        refuse(response, 404);
    }

    private static void forbidden(HttpServletResponse response) throws IOException {
        Answers.page(response, 403, Pages.message("Form out of date", "Go back, reload the page and try again."));
    }
}
