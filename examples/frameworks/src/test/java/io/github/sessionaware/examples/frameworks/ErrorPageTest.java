package io.github.sessionaware.examples.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.examples.frameworks.Api.Answer;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.servlet.SessionFilter;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the sample for an error page on Tomcat. */
class ErrorPageTest {
    @TempDir
    private Path folder;

    private volatile boolean isDown;
    private final SessionAwareTokenService tokens = TestService.aServiceOn(
                    new StoreWrapper(new InMemorySessionStore()) {
                        @Override
                        protected void beforeRead() {
                            if (isDown) {
                                throw new SessionStoreException("taken away");
                            }
                        }
                    })
            .build();

    @Test
    void theErrorPageWritesTheBodyOfAChallengeAndOfAnOutage() throws Exception {
        String token = tokens.issue("alice", ClientInfo.unknown()).accessToken();
        try (EmbeddedTomcat tomcat = EmbeddedTomcat.start(folder, (classes, context) -> addTo(context), "/problem")) {
            Api api = Api.at(tomcat.address());

            Answer page = api.get("/me", token);
            Answer challenge = api.get("/me");
            isDown = true;
            Answer outage = api.get("/me", token);

            assertEquals("alice", page.body());
            assertProblem(401, challenge);
            assertEquals(Optional.of("Bearer realm=\"api\""), challenge.header("WWW-Authenticate"));
            assertProblem(503, outage);
            assertEquals(Optional.of("5"), outage.header("Retry-After"));
        }
    }

    private static void assertProblem(int status, Answer answer) {
        assertEquals(status, answer.status());
        assertEquals("{\"status\":" + status + "}", answer.body());
        assertEquals(
                "application/problem+json",
                answer.header("Content-Type").orElseThrow().split(";", -1)[0]);
        assertEquals(Optional.of("no-store"), answer.header("Cache-Control"));
    }

    private void addTo(ServletContext context) {
        context.addFilter("errors", ErrorPageSample::sendErrors)
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
        SessionFilter.builder(tokens).bearer().build().addTo(context);
        context.addServlet("me", new Me()).addMapping("/me");
        context.addServlet("problem", new Problem()).addMapping("/problem");
    }

    @SuppressWarnings("serial") // containers do not serialize servlets
    private static final class Me extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(request.getRemoteUser());
        }
    }

    @SuppressWarnings("serial") // containers do not serialize servlets
    private static final class Problem extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("application/problem+json");
            response.getWriter()
                    .print("{\"status\":" + request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) + "}");
        }
    }
}
