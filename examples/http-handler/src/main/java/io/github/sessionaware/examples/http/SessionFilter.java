package io.github.sessionaware.examples.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.BearerToken;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes a request on to a handler only if it comes from a live session, together with that session.
 *
 * <p>It wraps a handler instead of extending {@code com.sun.net.httpserver.Filter}. A filter could pass the session on
 * only as an exchange attribute. Up to JDK 25 all exchanges of a context share their attributes, so that simultaneous
 * requests would see each other's user (JDK-7105350).
 */
record SessionFilter(SessionAwareTokenService tokens, Next next) implements HttpHandler {
    private static final Logger log = LoggerFactory.getLogger(SessionFilter.class);

    interface Next {
        void handle(HttpExchange exchange, AuthenticatedSession current) throws IOException;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        AuthenticatedSession current;
        try {
            current = tokens.validate(BearerToken.from(authorization(exchange)));
        } catch (InvalidTokenException e) {
            log.debug("Request refused: {}", e.reason());
            exchange.getResponseHeaders().set("WWW-Authenticate", e.wwwAuthenticate());
            Answer.error(exchange, 401, "Not logged in");
            return;
        } catch (SessionStoreException e) {
            log.warn("The session store cannot answer", e);
            Answer.unavailable(exchange);
            return;
        }
        // Outside the try block, because a failure of the handler says nothing about authentication.
        next.handle(exchange, current);
    }

    private static @Nullable String authorization(HttpExchange exchange) {
        List<String> headers = exchange.getRequestHeaders().get("Authorization");
        // A proxy and this server must not read different users from several headers. Joined, they are never a token.
        return headers == null ? null : String.join(", ", headers);
    }
}
