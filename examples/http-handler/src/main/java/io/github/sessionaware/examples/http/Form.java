package io.github.sessionaware.examples.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of an HTML form in a request body. A body of any other kind is answered with a 4xx status. */
record Form(Map<String, String> fields) {
    static final int MAX_BYTES = 8 * 1024;

    static Form of(HttpExchange exchange) {
        if (!isForm(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            throw new HttpError(415, "Send application/x-www-form-urlencoded");
        }
        Map<String, String> fields = new HashMap<>();
        for (String pair : body(exchange).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1
                    || fields.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1))) != null) {
                throw malformed();
            }
        }
        return new Form(fields);
    }

    String required(String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new HttpError(400, "Send the field " + name);
        }
        return value;
    }

    private static boolean isForm(@Nullable String contentType) {
        return contentType != null
                && contentType
                        .split(";", 2)[0]
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals("application/x-www-form-urlencoded");
    }

    private static String body(HttpExchange exchange) {
        byte[] bytes;
        try {
            bytes = exchange.getRequestBody().readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw malformed();
        }
        if (bytes.length > MAX_BYTES) {
            throw new HttpError(413, "The request body is too large");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String decode(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static HttpError malformed() {
        return new HttpError(400, "The form is malformed");
    }
}
