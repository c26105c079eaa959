package io.github.sessionaware.examples.frameworks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.BearerToken;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The sample of docs/frameworks.md for the JDK's server. */
final class HttpServerSample {
    private HttpServerSample() {}

    static void addRoutes(HttpServer server, SessionAwareTokenService tokens) {
        server.createContext("/refresh", answering(exchange -> {
            String form = new String(exchange.getRequestBody().readNBytes(8_192), StandardCharsets.US_ASCII);
            String refreshToken = URLDecoder.decode(form.replaceFirst("^refreshToken=", ""), StandardCharsets.UTF_8);
            IssuedTokens next = tokens.refresh(refreshToken, () -> client(exchange));
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            send(exchange, json(next));
        }));
        server.createContext("/me", withSession(tokens, (exchange, current) -> send(exchange, current.userId())));
        server.createContext("/logout", withSession(tokens, (exchange, current) -> {
            tokens.revoke(current);
            send(exchange, "");
        }));
    }

    interface SessionHandler {
        void handle(HttpExchange exchange, AuthenticatedSession current) throws IOException;
    }

    static HttpHandler withSession(SessionAwareTokenService tokens, SessionHandler next) {
        return answering(exchange -> {
            List<String> headers = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
            String header = headers.isEmpty() ? null : String.join(", ", headers); // several never make one token
            next.handle(exchange, tokens.validate(BearerToken.from(header)));
        });
    }

    static HttpHandler answering(HttpHandler next) {
        return exchange -> {
            try {
                next.handle(exchange);
            } catch (InvalidTokenException e) {
                exchange.getResponseHeaders().set("WWW-Authenticate", e.wwwAuthenticate());
                exchange.sendResponseHeaders(401, -1);
            } catch (SessionStoreException e) {
                exchange.getResponseHeaders().set("Retry-After", "5");
                exchange.sendResponseHeaders(503, -1);
            } finally {
                exchange.close();
            }
        };
    }

    private static ClientInfo client(HttpExchange exchange) {
        return ClientInfo.builder()
                .userAgent(exchange.getRequestHeaders().getFirst("User-Agent"))
                .ipAddress(exchange.getRemoteAddress().getAddress().getHostAddress())
                .build();
    }

    private static String json(IssuedTokens issued) {
        return "{\"accessToken\":\"" + issued.accessToken() + "\",\"refreshToken\":\"" + issued.refreshToken() + "\"}";
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
