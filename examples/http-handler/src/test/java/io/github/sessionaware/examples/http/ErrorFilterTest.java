package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.github.sessionaware.BearerToken;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class ErrorFilterTest {
    @Test
    void aHandlerThatFailsIs500WithoutDetail() throws Exception {
        HttpResponse<String> response = answerOf(exchange -> {
            throw new IllegalStateException("password=geheim");
        });

        assertEquals(500, response.statusCode());
        assertEquals("{\"error\":\"Internal error\"}\n", response.body());
    }

    @Test
    void anErrorIsAnsweredToo() throws Exception {
        HttpResponse<String> response = answerOf(exchange -> {
            throw new StackOverflowError();
        });

        assertEquals(500, response.statusCode());
    }

    @Test
    void anInvalidTokenInsideAHandlerIsNotTheClientsFailureToLogIn() throws Exception {
        HttpResponse<String> response = answerOf(exchange -> BearerToken.from(null));

        assertEquals(500, response.statusCode());
    }

    private static HttpResponse<String> answerOf(HttpHandler handler) throws Exception {
        HttpServer server = Servers.bind();
        server.createContext("/", handler).getFilters().add(new ErrorFilter());
        server.start();
        try {
            return new ExampleClient(server.getAddress().getPort()).send("GET", "/");
        } finally {
            server.stop(0);
        }
    }
}
