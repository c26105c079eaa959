package io.github.sessionaware.springboot;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An application with refresh tokens, whose client writes each header as one text. */
record TestServer(WebApplication application) implements AutoCloseable {
    static TestServer start(Class<?> application, String... properties) {
        return new TestServer(WebApplication.start(
                List.of(application),
                Stream.concat(
                                Stream.of("session-aware-jwt.refresh-tokens.secret=" + TestApplication.OTHER_SECRET),
                                Stream.of(properties))
                        .toArray(String[]::new)));
    }

    <T> T bean(Class<T> type) {
        return application.bean(type);
    }

    Answer get(String path, String... headers) {
        return send("GET", path, headers);
    }

    Answer post(String path, String... headers) {
        return send("POST", path, headers);
    }

    Answer send(String method, String path, String... headers) {
        String[] namesAndValues = Arrays.stream(headers)
                .flatMap(header -> Stream.of(header.split(": ", 2)))
                .toArray(String[]::new);
        HttpResponse<String> response = application.send(method, path, namesAndValues);
        return new Answer(response.statusCode(), response.headers().map(), response.body());
    }

    @Override
    public void close() {
        application.close();
    }

    record Answer(int status, Map<String, List<String>> headers, String body) {
        /** Returns the values of a header, named in lower case, or "(none)". */
        String header(String name) {
            return String.join(", ", headers.getOrDefault(name, List.of("(none)")));
        }

        /** Returns the cookies that the response sets, as a browser sends them back. */
        String cookies() {
            return headers.getOrDefault("set-cookie", List.of()).stream()
                    .map(cookie -> cookie.split(";", 2)[0])
                    .collect(Collectors.joining("; "));
        }
    }
}
