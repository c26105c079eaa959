package io.github.sessionaware.examples.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The only place that writes responses. They are JSON, and caches may keep none of them except the public keys. */
final class Answer {
    private static final int MAX_DISCARDED_BYTES = 16 * 1024 * 1024;

    private static final ObjectWriter JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build()
            .writer(oneElementPerLine());

    private Answer() {}

    static void ok(HttpExchange exchange, Object body) throws IOException {
        send(exchange, 200, body);
    }

    /** Lets caches keep the keys for less time than a new key is published before it signs. */
    static void keySet(HttpExchange exchange, String jwks) throws IOException {
        exchange.getResponseHeaders().set("Cache-Control", "public, max-age=300");
        send(exchange, 200, "application/jwk-set+json", jwks);
    }

    static void error(HttpExchange exchange, int status, String text) throws IOException {
        send(exchange, status, Map.of("error", text));
    }

    static void unavailable(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", "5");
        error(exchange, 503, "Temporarily unavailable");
    }

    static void noContent(HttpExchange exchange) throws IOException {
        discardRequestBody(exchange);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private static void send(HttpExchange exchange, int status, Object body) throws IOException {
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        send(exchange, status, "application/json", JSON.writeValueAsString(body));
    }

    private static void send(HttpExchange exchange, int status, String type, String json) throws IOException {
        byte[] bytes = (json + "\n").getBytes(StandardCharsets.UTF_8);
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("X-Content-Type-Options", "nosniff");
        if (exchange.getRequestMethod().equals("HEAD")) {
            discardRequestBody(exchange);
            headers.set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
                out.flush();
                discardRequestBody(exchange);
            }
        }
        exchange.close();
    }

    /**
     * Reads the rest of the request. Otherwise the connection is reset, and a client that is still sending never reads
     * its response.
     */
    private static void discardRequestBody(HttpExchange exchange) {
        try {
            InputStream body = exchange.getRequestBody();
            byte[] buffer = new byte[8192];
            for (int total = 0, n = 0; n >= 0 && total < MAX_DISCARDED_BYTES; total += n) {
                n = body.read(buffer);
            }
        } catch (IOException e) {
            // A body that cannot be read needs no discarding, and neither does one that is already closed.
        }
    }

    private static DefaultPrettyPrinter oneElementPerLine() {
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.NONE));
        printer.indentObjectsWith(DefaultPrettyPrinter.NopIndenter.instance);
        printer.indentArraysWith(new DefaultIndenter("  ", "\n"));
        return printer;
    }
}
