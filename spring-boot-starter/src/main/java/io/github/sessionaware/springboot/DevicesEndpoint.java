package io.github.sessionaware.springboot;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareJwtException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.clientinfo.DeviceKind;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * The sessions of the current user as JSON. It asks for the session itself, so it stays closed even if a rule of the
 * application opens its path. Ending another session needs a recent authentication (OWASP ASVS 5.0, 7.5.2).
 *
 * <p>Not final, and no {@code RestController}, because aspects and path prefixes of an application are often meant for
 * all of those.
 */
@Controller
@RequestMapping("${session-aware-jwt.web.devices.path:/sessions}")
class DevicesEndpoint {
    private final SessionAwareTokenService tokens;
    private final SessionFilter sessions;
    private final Duration recent;

    DevicesEndpoint(SessionAwareTokenService tokens, SessionFilter sessions, Duration recent) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.recent = recent;
    }

    @GetMapping
    ResponseEntity<Map<String, List<Device>>> list(HttpServletRequest request, HttpServletResponse response) {
        AuthenticatedSession current = sessions.requireSession(request, response);
        List<Device> devices =
                tokens.listSessions(current).stream().map(Device::of).toList();
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(Map.of("sessions", devices));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> signOut(
            HttpServletRequest request, HttpServletResponse response, @PathVariable("id") String id) {
        AuthenticatedSession current = sessions.requireSession(request, response);
        if (!current.sessionId().equals(id)) {
            current.requireAuthenticatedWithin(recent);
        }
        return ResponseEntity.status(
                        sessions.signOut(request, response, id) ? HttpStatus.NO_CONTENT : HttpStatus.NOT_FOUND)
                .build();
    }

    /** The parameter keeps a client that lost an id from ending all sessions. */
    @DeleteMapping(params = "others")
    ResponseEntity<Map<String, Integer>> signOutOthers(HttpServletRequest request, HttpServletResponse response) {
        AuthenticatedSession current = sessions.requireSession(request, response);
        current.requireAuthenticatedWithin(recent);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(Map.of("ended", tokens.revokeOthers(current)));
    }

    /**
     * Leaves these exceptions to the filter. Otherwise an advice of the application that handles every exception would
     * answer a missing session, a step-up or an outage, usually with 500.
     */
    @ExceptionHandler
    void leave(SessionAwareJwtException exception) {
        throw exception;
    }

    /** A session as JSON. Its times are text, so that every version of Jackson writes them alike. */
    record Device(
            String id,
            boolean current,
            @Nullable String name,
            String category,
            String kind,
            @Nullable String location,
            @Nullable String address,
            String createdAt,
            String lastActiveAt) {

        static Device of(Session session) {
            ClientInfo client = session.client();
            return new Device(
                    session.id(),
                    session.current(),
                    session.label() != null ? session.label() : client.device(),
                    session.category(),
                    DeviceKind.of(client).name().toLowerCase(Locale.ROOT),
                    client.location(),
                    client.ipAddress(),
                    session.createdAt().toString(),
                    session.lastActiveAt().toString());
        }
    }
}
