package io.github.sessionaware.examples.frameworks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** An API as its clients see it, whatever it runs on. */
interface Api {
    /**
     * Sends a request.
     *
     * @param authorization the values of the headers {@code Authorization}
     * @param body a form, or "" for none
     */
    Answer send(String method, String path, List<String> authorization, String body) throws Exception;

    static Api at(URI address) {
        HttpClient client = HttpClient.newHttpClient();
        return (method, path, authorization, body) -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (!body.isEmpty()) {
                request.header("Content-Type", "application/x-www-form-urlencoded");
            }
            authorization.forEach(value -> request.header("Authorization", value));
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers()::firstValue, response.body());
        };
    }

    default Answer get(String path, String accessToken) throws Exception {
        return send("GET", path, List.of("Bearer " + accessToken), "");
    }

    default Answer get(String path) throws Exception {
        return send("GET", path, List.of(), "");
    }

    default Answer post(String path, String accessToken, String body) throws Exception {
        return send("POST", path, List.of("Bearer " + accessToken), body);
    }

    record Answer(int status, Function<String, Optional<String>> headers, String body) {
        Optional<String> header(String name) {
            return headers.apply(name);
        }

        String json(String name) throws Exception {
            return new ObjectMapper().readTree(body).get(name).asText();
        }
    }
}
