package io.github.sessionaware.examples.devices;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.LoginRefusedException;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.clientinfo.DeviceKind;
import io.github.sessionaware.examples.devices.Routes.Handler;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * The JSON API for mobile apps. {@link SessionFilter} stands before it and answers what it throws. The file
 * {@code openapi.json} describes requests and responses, and the tests check every response against it.
 */
final class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int MAX_BYTES = 8 * 1024;

    /** Refuses bodies that a proxy or another parser could read differently. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The challenge is not Bearer, because apps answer that one with a refresh. */
    private static final String SIGN_IN = "Form realm=\"api\"";

    private final transient SessionAwareTokenService tokens;
    private final transient SessionFilter sessions;
    private final transient Users users;
    private final transient PasswordThrottle throttle;
    private final transient Routes routes = new Routes(ApiServlet::refuse)
            .on("GET", "/api/openapi\\.json", (request, response, path) -> openApi(response))
            .on("POST", "/api/login", json(this::login))
            .on("POST", "/api/refresh", json(this::refresh))
            .on("POST", "/api/confirm", json(this::confirm))
            .on("GET", "/api/sessions", (request, response, path) -> list(request, response))
            .on("DELETE", "/api/sessions", (request, response, path) -> signOutOthers(request, response))
            .on("DELETE", "/api/sessions/([^/]+)", this::signOut);

    ApiServlet(SessionAwareTokenService tokens, SessionFilter sessions, Users users, PasswordThrottle throttle) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.users = users;
        this.throttle = throttle;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            routes.answer(request.getMethod(), request, response);
        } catch (TooManyAttempts e) {
            response.setHeader("Retry-After", e.retryAfter());
            error(response, 429, "too_many_attempts");
        }
    }

    private static void openApi(HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        try (InputStream file = requireNonNull(ApiServlet.class.getResourceAsStream("/openapi.json"))) {
            file.transferTo(response.getOutputStream());
        }
    }

    private void login(HttpServletRequest request, HttpServletResponse response, JsonNode body) throws IOException {
        String user = text(body, "user");
        String password = text(body, "password");
        if (user == null || password == null) {
            error(response, 400, "invalid_body");
            return;
        }
        OptionalInt version = check(request, Optional.empty(), user, password);
        if (version.isEmpty()) {
            unauthorized(response, SIGN_IN, "wrong_credentials");
            return;
        }
        IssuedTokens issued;
        try {
            issued = tokens.issue(user, sessions.client(request), users.loginWith(user, version.getAsInt()));
        } catch (LoginRefusedException e) {
            unauthorized(response, SIGN_IN, "wrong_credentials"); // the password was changed at this moment
            return;
        }
        json(response, 200, tokensOf(issued));
    }

    /** Renews the authentication of this session, so that it may end others. */
    private void confirm(HttpServletRequest request, HttpServletResponse response, JsonNode body) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        String password = text(body, "password");
        if (password == null) {
            error(response, 400, "invalid_body");
            return;
        }
        OptionalInt version = check(request, Optional.of(current.sessionId()), current.userId(), password);
        if (version.isEmpty()) {
            error(response, 403, "wrong_password");
            return;
        }
        LoginOptions checked = users.loginWith(current.userId(), version.getAsInt());
        try {
            json(response, 200, tokensOf(tokens.reauthenticate(current, checked)));
        } catch (LoginRefusedException e) {
            error(response, 403, "wrong_password"); // it was changed at this moment
        }
    }

    /** Apps have no cookies, so they are never a known browser. */
    private OptionalInt check(HttpServletRequest request, Optional<String> sessionId, String user, String password) {
        PasswordThrottle.Client client =
                new PasswordThrottle.Client(request.getRemoteAddr(), Optional.empty(), sessionId);
        return throttle.check(client, user, () -> users.check(user, password));
    }

    private void refresh(HttpServletRequest request, HttpServletResponse response, JsonNode body) throws IOException {
        String refreshToken = text(body, "refreshToken");
        if (refreshToken == null) {
            error(response, 400, "invalid_body");
            return;
        }
        try {
            json(response, 200, tokensOf(sessions.refresh(request, response, refreshToken)));
        } catch (InvalidTokenException e) {
            unauthorized(response, SIGN_IN, "not_signed_in");
        }
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        List<Map<String, Object>> sessions = tokens.listSessions(SessionFilter.current(request)).stream()
                .map(ApiServlet::session)
                .toList();
        json(response, 200, Map.of("sessions", sessions));
    }

    private void signOut(HttpServletRequest request, HttpServletResponse response, Matcher path) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        if (!current.sessionId().equals(path.group(1))) {
            current.requireAuthenticatedWithin(PagesServlet.RECENT);
        }
        if (tokens.revoke(current, path.group(1))) {
            response.setStatus(204);
        } else {
            error(response, 404, "no_such_session");
        }
    }

    private void signOutOthers(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        String which = request.getQueryString();
        if (!"others".equals(which) && !"others=".equals(which)) {
            error(response, 400, "say_others");
            return;
        }
        current.requireAuthenticatedWithin(PagesServlet.RECENT);
        json(response, 200, Map.of("ended", tokens.revokeOthers(current)));
    }

    private static Map<String, Object> tokensOf(IssuedTokens issued) {
        Map<String, Object> tokens = new LinkedHashMap<>();
        tokens.put("accessToken", issued.accessToken());
        tokens.put("tokenType", "Bearer");
        tokens.put("expiresAt", issued.accessTokenExpiresAt().toString());
        tokens.put("refreshToken", issued.refreshToken());
        tokens.put("sessionId", issued.session().id());
        return tokens;
    }

    private static Map<String, Object> session(Session session) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", session.id());
        members.put("current", session.current());
        members.put("name", DeviceName.of(session));
        members.put("category", session.category());
        members.put("kind", DeviceKind.of(session.client()).name().toLowerCase(Locale.ROOT));
        members.put("location", session.client().location());
        members.put("address", session.client().ipAddress());
        members.put("createdAt", session.createdAt().toString());
        members.put("lastActiveAt", session.lastActiveAt().toString());
        return members;
    }

    private static Handler json(BodyHandler handler) {
        return (request, response, path) -> {
            if (!isJson(request.getHeader("Content-Type"))) {
                error(response, 415, "not_json");
                return;
            }
            byte[] bytes = request.getInputStream().readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                error(response, 413, "body_too_large");
                return;
            }
            JsonNode body;
            try {
                body = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
            } catch (JsonProcessingException e) {
                error(response, 400, "invalid_body");
                return;
            }
            handler.handle(request, response, body);
        };
    }

    /** Forms cannot send this type. So other sites cannot make a visitor's browser try passwords. */
    private static boolean isJson(@Nullable String contentType) {
        return contentType != null && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    private static @Nullable String text(JsonNode body, String name) {
        JsonNode value = body.get(name);
        return value != null && value.isTextual() ? value.textValue() : null;
    }

    private static void refuse(HttpServletResponse response, int status) throws IOException {
        error(response, status, status == 404 ? "nothing_here" : "method_not_allowed");
    }

    private static void unauthorized(HttpServletResponse response, String challenge, String error) throws IOException {
        response.setHeader("WWW-Authenticate", challenge);
        error(response, 401, error);
    }

    /** Names the error for programs. The app decides what its users read. */
    private static void error(HttpServletResponse response, int status, String error) throws IOException {
        json(response, status, Map.of("error", error));
    }

    private static void json(HttpServletResponse response, int status, Object content) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        response.getOutputStream().write(JSON.writeValueAsBytes(content));
    }

    private interface BodyHandler {
        void handle(HttpServletRequest request, HttpServletResponse response, JsonNode body) throws IOException;
    }
}
