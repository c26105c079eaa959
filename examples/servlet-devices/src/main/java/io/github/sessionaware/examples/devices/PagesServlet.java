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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The pages and forms for browsers. {@link SessionFilter} stands before them and answers what they throw. */
final class PagesServlet extends HttpServlet {
    /** How long ago a user may have entered the password who ends other sessions (OWASP ASVS 5.0, 7.5.2). */
    static final Duration RECENT = Duration.ofMinutes(5);

    private static final long serialVersionUID = 1L;

    private final transient SessionAwareTokenService tokens;
    private final transient SessionFilter sessions;
    private final transient Users users;
    private final transient PasswordThrottle throttle;
    private final transient KnownBrowsers known;
    private final transient Notices notices;
    private final transient RefusedProofs refused;
    private final transient InstantSource clock;
    private final transient Routes routes = new Routes(
                    (response, status) -> Problem.of(status).answer(response))
            .on("GET", "/sign-in", (request, response, path) -> signInPage(request, response, 200, ""))
            .on("POST", "/sign-in", (request, response, path) -> signIn(request, response))
            .on("GET", "/", (request, response, path) -> home(request, response))
            .on("GET", "/devices", (request, response, path) -> devices(request, response))
            .on("GET", "/devices/others", (request, response, path) -> confirmOthers(request, response))
            .on("GET", "/devices/([A-Za-z0-9_-]+)", this::device)
            .on("GET", "/devices/([A-Za-z0-9_-]+)/sign-out", this::confirmDevice)
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
            RefusedProofs refused,
            InstantSource clock) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.users = users;
        this.throttle = throttle;
        this.known = known;
        this.notices = notices;
        this.refused = refused;
        this.clock = clock;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            routes.answer(request.getMethod().equals("HEAD") ? "GET" : request.getMethod(), request, response);
        } catch (TooManyAttempts e) {
            tooManyAttempts(request, response, e);
        }
    }

    /** Shows the form again, so that its user sees it beside the reason. */
    private void tooManyAttempts(HttpServletRequest request, HttpServletResponse response, TooManyAttempts e)
            throws IOException {
        response.setHeader("Retry-After", e.retryAfter());
        String error = FormErrors.tooManyTries(e.untilNextTry());
        switch (request.getRequestURI()) {
            case "/confirm" -> confirmPage(request, response, 429, error);
            case "/password" -> passwordPage(request, response, 429, error);
            default -> signInPage(request, response, 429, error);
        }
    }

    private void signInPage(HttpServletRequest request, HttpServletResponse response, int status, String error)
            throws IOException {
        Ended ended = request.getParameter("signed-out") == null ? Ended.of(sessions.ended(request)) : Ended.SIGNED_OUT;
        Answers.page(
                response,
                status,
                new SignInPage(ended.sentence(), error, parameter(request, "user"), sessions.formFields(request))
                        .html());
    }

    private void signIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String user = parameter(request, "user");
        String password = parameter(request, "password");
        OptionalInt version = checkPassword(request, Optional.empty(), user, password);
        if (version.isEmpty()) {
            signInPage(request, response, 401, FormErrors.WRONG_SIGN_IN);
            return;
        }
        try {
            sessions.signIn(request, response, user, users.loginWith(user, version.getAsInt()));
        } catch (LoginRefusedException e) {
            signInPage(request, response, 401, FormErrors.PASSWORD_JUST_CHANGED);
            return;
        }
        known.remember(request, response, user);
        Answers.seeOther(response, sessions.returnAddress(request));
    }

    private OptionalInt checkPassword(
            HttpServletRequest request, Optional<AuthenticatedSession> current, String user, String password) {
        PasswordThrottle.Client client = new PasswordThrottle.Client(
                request.getRemoteAddr(), known.find(request, user), current.map(AuthenticatedSession::sessionId));
        return throttle.check(client, user, () -> users.check(user, password));
    }

    private void home(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        Answers.page(
                response,
                200,
                new HomePage(
                                current.userId(),
                                current.session(),
                                notices.shownTo(current),
                                Outcome.take(request, response),
                                sessions.formFields(request),
                                clock.instant())
                        .html());
    }

    private void devices(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        List<Session> newSignIns = notices.shownTo(current);
        Answers.page(
                response,
                200,
                new DevicesPage(
                                tokens.listSessions(current),
                                unseen(newSignIns),
                                newSignIns,
                                refused.latest(current.userId()).orElse(null),
                                Outcome.take(request, response),
                                sessions.formFields(request),
                                clock.instant())
                        .html());
    }

    private void device(HttpServletRequest request, HttpServletResponse response, Matcher found) throws IOException {
        Optional<Session> session = find(SessionFilter.current(request), found.group(1));
        if (session.isEmpty()) {
            list(response, Outcome.of(Outcome.Kind.ALREADY_SIGNED_OUT));
        } else {
            devicePage(request, response, 200, session.get(), session.get().label(), "");
        }
    }

    private void devicePage(
            HttpServletRequest request,
            HttpServletResponse response,
            int status,
            Session session,
            @Nullable String label,
            String error)
            throws IOException {
        boolean isNew = unseen(notices.shownTo(SessionFilter.current(request))).contains(session.id());
        Answers.page(
                response,
                status,
                new DevicePage(session, isNew, label, error, sessions.formFields(request), clock.instant()).html());
    }

    private void confirmDevice(HttpServletRequest request, HttpServletResponse response, Matcher found)
            throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        List<Session> devices = tokens.listSessions(current);
        Optional<Session> session = find(devices, found.group(1));
        if (session.isEmpty()) {
            list(response, Outcome.of(Outcome.Kind.ALREADY_SIGNED_OUT));
            return;
        }
        current.requireAuthenticatedWithin(RECENT);
        Optional<DeviceGroup> group = DeviceGroup.of(devices).stream()
                .filter(each -> request.getParameter("all") != null && each.contains(found.group(1)))
                .findFirst();
        Map<String, String> fields = sessions.formFields(request);
        Answers.page(
                response,
                200,
                group.isPresent()
                        ? SignOutPage.of(group.get(), fields, clock.instant())
                        : SignOutPage.of(session.get(), fields, clock.instant()));
    }

    private void confirmOthers(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        current.requireAuthenticatedWithin(RECENT);
        Answers.page(response, 200, SignOutPage.ofOthers(tokens.listSessions(current), sessions.formFields(request)));
    }

    private void signOut(HttpServletRequest request, HttpServletResponse response) {
        sessions.signOut(request, response);
        Answers.seeOther(response, "/sign-in?signed-out");
    }

    private void signOutOthers(HttpServletRequest request, HttpServletResponse response) {
        AuthenticatedSession current = SessionFilter.current(request);
        current.requireAuthenticatedWithin(RECENT);
        tokens.revokeOthers(current);
        list(response, Outcome.of(Outcome.Kind.OTHERS_SIGNED_OUT));
    }

    /** Ends one session, and the further ones of its group that the confirmation has shown. */
    private void signOutDevice(HttpServletRequest request, HttpServletResponse response, Matcher found) {
        AuthenticatedSession current = SessionFilter.current(request);
        current.requireAuthenticatedWithin(RECENT);
        String[] also = request.getParameterValues(SignOutPage.ALSO);
        Set<String> ids = new HashSet<>(also == null ? List.of() : List.of(also));
        ids.add(found.group(1));
        List<Session> ended = new ArrayList<>();
        for (Session session : tokens.listSessions(current)) {
            if (ids.contains(session.id()) && tokens.revoke(current, session.id())) {
                ended.add(session);
            }
        }
        list(response, ended.isEmpty() ? Outcome.of(Outcome.Kind.ALREADY_SIGNED_OUT) : Outcome.signedOut(ended));
    }

    private void rename(HttpServletRequest request, HttpServletResponse response, Matcher found) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        String label = parameter(request, "label");
        try {
            tokens.rename(current, found.group(1), label.isBlank() ? null : label);
        } catch (IllegalArgumentException e) {
            Optional<Session> refused = find(current, found.group(1));
            if (refused.isPresent()) {
                devicePage(request, response, 400, refused.get(), label, FormErrors.DEVICE_NAME);
                return;
            }
        }
        list(
                response,
                find(current, found.group(1))
                        .map(Outcome::renamed)
                        .orElse(Outcome.of(Outcome.Kind.ALREADY_SIGNED_OUT)));
    }

    private void dismiss(HttpServletRequest request, HttpServletResponse response, Matcher found) {
        AuthenticatedSession current = SessionFilter.current(request);
        Optional<Session> notice = find(notices.shownTo(current), found.group(1));
        notice.ifPresent(session -> {
            notices.dismiss(current, session.id());
            Outcome.recognized(session).keep(response);
        });
        Answers.seeOther(response, sessions.returnAddress(request));
    }

    private void confirmPage(HttpServletRequest request, HttpServletResponse response, int status, String error)
            throws IOException {
        Answers.page(
                response,
                status,
                new ConfirmPage(SessionFilter.current(request).userId(), error, sessions.formFields(request)).html());
    }

    /** Renews the authentication of this session, so that it may end others. */
    private void confirm(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        String password = parameter(request, "password");
        OptionalInt version = checkPassword(request, Optional.of(current), current.userId(), password);
        if (version.isEmpty()) {
            confirmPage(request, response, 401, FormErrors.WRONG_PASSWORD);
            return;
        }
        try {
            sessions.replaceTokens(
                    request,
                    response,
                    tokens.reauthenticate(current, users.loginWith(current.userId(), version.getAsInt())));
        } catch (LoginRefusedException e) {
            confirmPage(request, response, 401, FormErrors.PASSWORD_JUST_CHANGED);
            return;
        }
        Answers.seeOther(response, sessions.returnAddress(request));
    }

    private void passwordPage(HttpServletRequest request, HttpServletResponse response, int status, String error)
            throws IOException {
        Optional<AuthenticatedSession> current = sessions.authenticate(request, response);
        String user = current.map(AuthenticatedSession::userId).orElse(parameter(request, "user"));
        Answers.page(
                response,
                status,
                new PasswordPage(current.isPresent(), user, error, sessions.formFields(request)).html());
    }

    /**
     * Changes the password and ends all other sessions. It needs the present password and no session: a thief who ends
     * each session of the owner at once could otherwise keep the owner from changing it.
     */
    private void changePassword(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            tryToChangePassword(request, response);
        } catch (LoginRefusedException e) {
            passwordPage(request, response, 403, FormErrors.PASSWORD_JUST_CHANGED);
        }
    }

    private void tryToChangePassword(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<AuthenticatedSession> current = sessions.authenticate(request, response);
        String user = current.map(AuthenticatedSession::userId).orElse(parameter(request, "user"));
        String next = parameter(request, "next");
        // Before the check, so that nobody can check passwords without a trace.
        if (next.length() < Users.MIN_LENGTH || next.length() > Users.MAX_LENGTH) {
            passwordPage(request, response, 400, FormErrors.PASSWORD_LENGTH);
            return;
        }
        OptionalInt version = checkPassword(request, current, user, parameter(request, "current"));
        if (version.isEmpty()) {
            passwordPage(request, response, 403, FormErrors.WRONG_CURRENT_PASSWORD);
            return;
        }
        LoginOptions checked = users.loginWith(user, version.getAsInt());
        // Before the change, because it fails during an outage.
        tokens.listSessions(user);
        Optional<IssuedTokens> renewed = current.flatMap(session -> renew(session, checked));
        if (!users.change(user, version.getAsInt(), next)) {
            passwordPage(request, response, 403, FormErrors.PASSWORD_JUST_CHANGED);
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
        known.remember(request, response, user);
        notices.dismissAll(user);
        refused.dismiss(user);
        list(response, Outcome.of(Outcome.Kind.PASSWORD_CHANGED));
    }

    /** Keeps this session with its name. Returns empty if it has ended in the meantime. */
    private Optional<IssuedTokens> renew(AuthenticatedSession current, LoginOptions checked) {
        try {
            return Optional.of(tokens.reauthenticate(current, checked));
        } catch (InvalidTokenException e) {
            return Optional.empty();
        }
    }

    private Optional<Session> find(AuthenticatedSession current, String id) {
        return find(tokens.listSessions(current), id);
    }

    private static Optional<Session> find(List<Session> sessions, String id) {
        return sessions.stream().filter(session -> session.id().equals(id)).findFirst();
    }

    private static Set<String> unseen(List<Session> newSignIns) {
        return newSignIns.stream().map(Session::id).collect(Collectors.toSet());
    }

    /** Returns to the list, which says what was done. */
    private static void list(HttpServletResponse response, Outcome outcome) {
        outcome.keep(response);
        Answers.seeOther(response, "/devices");
    }

    private static String parameter(HttpServletRequest request, String name) {
        @Nullable String value = request.getParameter(name);
        return value == null ? "" : value;
    }
}
