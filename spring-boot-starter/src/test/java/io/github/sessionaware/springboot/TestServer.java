package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.testing.FakeClock;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.context.ApplicationContext;

/**
 * An application with refresh tokens, which runs during the tests of a class. Each test begins without sessions. Its
 * client writes each header as one text.
 */
final class TestServer implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private final Class<?> shop;
    private final String[] properties;
    private @Nullable WebApplication application;

    TestServer(Class<?> shop, String... properties) {
        this.shop = shop;
        this.properties = Stream.concat(
                        Stream.of("session-aware-jwt.refresh-tokens.secret=" + TestApplication.OTHER_SECRET),
                        Stream.of(properties))
                .toArray(String[]::new);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        application = WebApplication.start(List.of(shop), properties);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        store().isDown = false;
        List.of("alice", "bob", "root").forEach(tokens()::revokeAllSessions);
        store().reads.set(0);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        application().close();
    }

    private WebApplication application() {
        if (application == null) {
            throw new IllegalStateException("The application has not started");
        }
        return application;
    }

    SessionAwareTokenService tokens() {
        return application().bean(SessionAwareTokenService.class);
    }

    SwitchableStore store() {
        return application().bean(SwitchableStore.class);
    }

    FakeClock clock() {
        return application().bean(FakeClock.class);
    }

    ApplicationContext context() {
        return application().context();
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
        HttpResponse<String> response = application().send(method, path, namesAndValues);
        return new Answer(response.statusCode(), response.headers().map(), response.body());
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

        /** Returns a text in a JSON object. */
        String member(String name) {
            int begin = body.indexOf("\"" + name + "\":\"") + name.length() + 4;
            return body.substring(begin, body.indexOf('"', begin));
        }
    }
}
