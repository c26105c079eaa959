package io.github.sessionaware.examples.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One method per endpoint. Each takes the user from the session, never from the request. */
final class Endpoints {
    private final SessionAwareTokenService tokens;
    private final Keys keys;
    private final Users users;
    private final ClientInfoReader clients;

    Endpoints(SessionAwareTokenService tokens, Keys keys, Users users, ClientInfoReader clients) {
        this.tokens = tokens;
        this.keys = keys;
        this.users = users;
        this.clients = clients;
    }

    HttpHandler routes() {
        return new Router()
                .on("GET", "/\\.well-known/jwks\\.json", this::keySet)
                .on("POST", "/login", this::logIn)
                .on("POST", "/refresh", this::refresh)
                .on("POST", "/logout", this::logOut)
                .on("POST", "/password", loggedIn(this::changePassword))
                .on("GET", "/me", loggedIn(this::me))
                .on("GET", "/devices", loggedIn(this::listDevices))
                .on("POST", "/devices/revoke-others", loggedIn(this::logOutOthers))
                .on("DELETE", "/devices/[^/]+", loggedIn(this::logOutDevice))
                .on("POST", "/devices/[^/]+/label", loggedIn(this::nameDevice));
    }

    private HttpHandler loggedIn(SessionFilter.Next next) {
        return new SessionFilter(tokens, next);
    }

    /** Publishes the public key, so that other services can verify tokens by themselves. */
    private void keySet(HttpExchange exchange) throws IOException {
        Answer.keySet(exchange, keys.ring().jwks());
    }

    private void logIn(HttpExchange exchange) throws IOException {
        Form form = Form.of(exchange);
        String user = form.required("user");
        OptionalInt version = users.check(user, form.required("password"));
        if (version.isEmpty()) {
            // A 401 needs a challenge (RFC 9110, section 15.5.2). With "Basic" browsers would ask for a password.
            exchange.getResponseHeaders().set("WWW-Authenticate", "Form realm=\"api\"");
            Answer.error(exchange, 401, "Wrong user or password");
            return;
        }
        LoginOptions options = users.loginWith(user, version.getAsInt());
        Answer.ok(exchange, Login.of(tokens.issue(user, client(exchange), options)));
    }

    private void refresh(HttpExchange exchange) throws IOException {
        String refreshToken = Form.of(exchange).required("refreshToken");
        IssuedTokens next;
        try {
            next = tokens.refresh(refreshToken, client(exchange));
        } catch (InvalidTokenException e) {
            logInAgain(exchange, e);
            return;
        }
        Answer.ok(exchange, Login.of(next));
    }

    private static void logInAgain(HttpExchange exchange, InvalidTokenException e) throws IOException {
        exchange.getResponseHeaders().set("WWW-Authenticate", e.wwwAuthenticate());
        Answer.error(exchange, 401, "Log in again");
    }

    private ClientInfo client(HttpExchange exchange) {
        return clients.read(
                exchange.getRemoteAddress().getAddress().getHostAddress(), exchange.getRequestHeaders()::get);
    }

    /** Takes the refresh token, because the access token may have expired. */
    private void logOut(HttpExchange exchange) throws IOException {
        tokens.revokeByRefreshToken(Form.of(exchange).required("refreshToken"));
        Answer.noContent(exchange);
    }

    /** Renews this session and ends all other sessions of the user. */
    private void changePassword(HttpExchange exchange, AuthenticatedSession current) throws IOException {
        Form form = Form.of(exchange);
        String user = current.userId();
        OptionalInt version = users.check(user, form.required("current"));
        if (version.isEmpty()) {
            throw new HttpError(403, "Wrong password");
        }
        String next = form.required("next");
        if (next.length() < Users.MIN_LENGTH) {
            throw new HttpError(400, "A password has at least " + Users.MIN_LENGTH + " characters");
        }
        IssuedTokens renewed;
        try {
            renewed = tokens.reauthenticate(current, LoginOptions.defaults().withAuthenticationMethods("pwd"));
        } catch (InvalidTokenException e) {
            logInAgain(exchange, e);
            return;
        }
        if (!users.change(user, version.getAsInt(), next)) {
            throw new HttpError(409, "Another request has changed the password");
        }
        // Only after the change, so that a login with the old password is either ended here or refused.
        tokens.revokeOthers(current, EndCause.PASSWORD_CHANGED);
        Answer.ok(exchange, Login.of(renewed));
    }

    private void me(HttpExchange exchange, AuthenticatedSession current) throws IOException {
        Answer.ok(exchange, new Me(current.userId(), current.sessionId()));
    }

    private void listDevices(HttpExchange exchange, AuthenticatedSession current) throws IOException {
        List<Device> devices =
                tokens.listSessions(current).stream().map(Device::of).toList();
        Answer.ok(exchange, devices);
    }

    private void logOutDevice(HttpExchange exchange, AuthenticatedSession current) throws IOException {
        if (!tokens.revoke(current, deviceId(exchange))) {
            throw new HttpError(404, "No such device");
        }
        Answer.noContent(exchange);
    }

    private void nameDevice(HttpExchange exchange, AuthenticatedSession current) throws IOException {
        String label = Form.of(exchange).required("label");
        boolean named;
        try {
            named = tokens.rename(current, deviceId(exchange), label.isBlank() ? null : label);
        } catch (IllegalArgumentException e) {
            throw new HttpError(400, "A label has 1 to 64 visible characters");
        }
        if (!named) {
            throw new HttpError(404, "No such device");
        }
        Answer.noContent(exchange);
    }

    private static String deviceId(HttpExchange exchange) {
        return exchange.getRequestURI().getRawPath().split("/", -1)[2];
    }

    private void logOutOthers(HttpExchange exchange, AuthenticatedSession current) throws IOException {
        Answer.ok(exchange, Map.of("loggedOut", tokens.revokeOthers(current)));
    }

    record Login(
            String accessToken,
            String tokenType,
            String expiresAt,
            @Nullable String refreshToken,
            String deviceId) {
        static Login of(IssuedTokens issued) {
            return new Login(
                    issued.accessToken(),
                    "Bearer",
                    issued.accessTokenExpiresAt().toString(),
                    issued.refreshToken(),
                    issued.session().id());
        }
    }

    record Me(String user, String deviceId) {}

    record Device(
            String id,
            boolean current,
            @Nullable String label,
            @Nullable String device,
            @Nullable String userAgent,
            @Nullable String ip,
            @Nullable String location,
            String createdAt,
            String lastActiveAt) {

        static Device of(Session session) {
            return new Device(
                    session.id(),
                    session.current(),
                    session.label(),
                    session.client().device(),
                    session.client().userAgent(),
                    session.client().ipAddress(),
                    session.client().location(),
                    session.createdAt().toString(),
                    session.lastActiveAt().toString());
        }
    }
}
