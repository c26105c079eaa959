package io.github.sessionaware.examples.devices;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.BearerToken;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.clientinfo.DeviceKind;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** The same for mobile apps: JSON, and bearer tokens in place of cookies, so that no other site's form can act. */
final class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int MAX_BYTES = 8 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final transient SessionAwareTokenService tokens;
    private final transient Clients clients;
    private final transient Users users;
    private final transient Routes routes = new Routes(ApiServlet::refuse)
            .on("POST", "/api/login", (request, response, path) -> login(request, response))
            .on("POST", "/api/refresh", (request, response, path) -> refresh(request, response))
            .on("GET", "/api/sessions", (request, response, path) -> list(request, response))
            .on("DELETE", "/api/sessions", (request, response, path) -> signOutOthers(request, response))
            .on("DELETE", "/api/sessions/(.*)", this::signOut);

    ApiServlet(SessionAwareTokenService tokens, Clients clients, Users users) {
        this.tokens = tokens;
        this.clients = clients;
        this.users = users;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            routes.answer(request.getMethod(), request, response);
        } catch (InvalidTokenException e) {
            response.setHeader("WWW-Authenticate", e.wwwAuthenticate());
            error(response, 401, "Not signed in");
        } catch (SessionStoreException e) {
            response.setHeader("Retry-After", "5");
            error(response, 503, "Try again in a few seconds");
        }
    }

    private void refresh(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String refreshToken = text(body(request), "refreshToken");
        json(response, 200, tokensOf(tokens.refresh(refreshToken, clients.of(request))));
    }

    private void login(HttpServletRequest request, HttpServletResponse response) throws IOException {
        JsonNode body = body(request);
        String user = text(body, "user");
        String password = text(body, "password");
        if (user == null || password == null) {
            error(response, 400, "Send user and password as JSON");
        } else if (!users.passwordIsRight(user, password)) {
            response.setHeader("WWW-Authenticate", "Form realm=\"api\"");
            error(response, 401, "Wrong user or password");
        } else {
            json(response, 200, tokensOf(tokens.issue(user, clients.of(request))));
        }
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = current(request);
        List<Map<String, Object>> sessions = tokens.listSessions(current.userId()).stream()
                .map(session -> session(session, current))
                .toList();
        json(response, 200, Map.of("sessions", sessions));
    }

    private void signOut(HttpServletRequest request, HttpServletResponse response, Matcher path) throws IOException {
        if (tokens.revokeSession(current(request).userId(), path.group(1), EndCause.ENDED_BY_USER)) {
            response.setStatus(204);
        } else {
            error(response, 404, "No such session");
        }
    }

    private void signOutOthers(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = current(request);
        if (!"others".equals(request.getQueryString())) {
            error(response, 400, "Say which: ?others");
            return;
        }
        int ended = tokens.revokeOtherSessions(current.userId(), current.sessionId(), EndCause.ENDED_BY_USER);
        json(response, 200, Map.of("ended", ended));
    }

    private AuthenticatedSession current(HttpServletRequest request) {
        return tokens.validate(BearerToken.from(request.getHeader("Authorization")));
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

    private static Map<String, Object> session(Session session, AuthenticatedSession current) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", session.id());
        members.put("current", session.id().equals(current.sessionId()));
        members.put("name", Pages.name(session));
        members.put("kind", DeviceKind.of(session.client()).name().toLowerCase(Locale.ROOT));
        members.put("location", session.client().location());
        members.put("address", session.client().ipAddress());
        members.put("createdAt", session.createdAt().toString());
        members.put("lastActiveAt", session.lastActiveAt().toString());
        return members;
    }

    /** What is no JSON object is one without members. */
    private static JsonNode body(HttpServletRequest request) throws IOException {
        byte[] bytes = request.getInputStream().readNBytes(MAX_BYTES);
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    private static @Nullable String text(JsonNode body, String name) {
        JsonNode value = body.get(name);
        return value != null && value.isTextual() ? value.textValue() : null;
    }

    private static void refuse(HttpServletResponse response, int status) throws IOException {
        error(response, status, status == 404 ? "Nothing here" : "Not with this method");
    }

    private static void error(HttpServletResponse response, int status, String error) throws IOException {
        json(response, status, Map.of("error", error));
    }

    private static void json(HttpServletResponse response, int status, Object content) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        response.getOutputStream().write(JSON.writeValueAsBytes(content));
    }
}
