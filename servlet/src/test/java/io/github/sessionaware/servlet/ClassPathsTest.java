package io.github.sessionaware.servlet;

import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.ClassPathWithout;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.lang.reflect.Member;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.ResourceConfig;
import org.junit.jupiter.api.Test;

/** The libraries that this module does not bring are needed only by those who use them. */
class ClassPathsTest {
    private static final String SERVLETS = "jakarta.servlet.";
    private static final String JAX_RS = "jakarta.ws.rs.";
    private static final String CLIENT_INFO = "io.github.sessionaware.clientinfo.";

    @Test
    void theJaxRsFilterNeedsNoServlets() throws Exception {
        try (ClassPathWithout classes = new ClassPathWithout(SERVLETS, CLIENT_INFO)) {
            assertEquals("200 alice, 401 null, 401 null", classes.run(OnJersey.class));
            assertThrows(ClassNotFoundException.class, () -> classes.loadClass(HttpServlet.class.getName()));
        }
    }

    @Test
    void theServletFilterNeedsNeitherJaxRsNorClientInfo() throws Exception {
        try (ClassPathWithout classes = new ClassPathWithout(JAX_RS, CLIENT_INFO, "org.glassfish.")) {
            assertEquals("200 alice, 401 , 303 ", classes.run(OnJetty.class));
            assertThrows(ClassNotFoundException.class, () -> classes.loadClass(GET.class.getName()));
        }
    }

    private static SessionAwareTokenService service() {
        return aServiceOn(new InMemorySessionStore()).build();
    }

    /** Calls the JAX-RS filter as an application without servlets does. */
    public static final class OnJersey implements Callable<String> {
        @Override
        public String call() throws Exception {
            SessionAwareTokenService tokens = service();
            ApplicationHandler application =
                    new ApplicationHandler(new ResourceConfig(Me.class).register(new SessionRequestFilter(tokens)));
            String token = tokens.issue("alice", ClientInfo.unknown()).accessToken();
            requireAllMembersLoad(SessionRequestFilter.class);
            requireAllMembersLoad(UserPrincipal.class);
            return answer(application, "Bearer " + token) + ", " + answer(application, "Bearer forged") + ", "
                    + answer(application, "");
        }

        /** Dependency injection and native images look at all members of a class. */
        private static void requireAllMembersLoad(Class<?> type) {
            Stream<? extends Member> members = Stream.of(
                            type.getMethods(), type.getDeclaredMethods(), type.getDeclaredFields())
                    .flatMap(Stream::of);
            Stream<String> names = Stream.concat(
                    members.map(Member::getName),
                    Stream.concat(Stream.of(type), Stream.of(type.getDeclaredClasses()))
                            .map(Class::getSimpleName));
            assertTrue(names.noneMatch(String::isEmpty));
        }

        private static String answer(ApplicationHandler application, String authorization) throws Exception {
            ContainerResponse response = application
                    .apply(new Connection(false).request("GET", "me", authorization))
                    .get();
            return response.getStatus() + " " + response.getEntity();
        }
    }

    /** A resource. */
    @Path("me")
    public static final class Me {
        @GET
        public String me(@Context SecurityContext user) {
            return user.getUserPrincipal().getName();
        }
    }

    /** Calls the servlet filter as an application without JAX-RS does. */
    public static final class OnJetty implements Callable<String> {
        @Override
        public String call() throws Exception {
            SessionAwareTokenService tokens = service();
            SessionFilter sessions = SessionFilter.builder(tokens)
                    .bearer()
                    .cookies()
                    .signInPage("/sign-in")
                    .build();
            Server server = new Server();
            LocalConnector connector = new LocalConnector(server);
            server.addConnector(connector);
            ServletContextHandler context = new ServletContextHandler("/");
            context.addFilter(new FilterHolder(sessions), "/*", null);
            context.addServlet(new ServletHolder(new MeServlet()), "/me");
            server.setHandler(context);
            server.start();
            try {
                String token = tokens.issue("alice", ClientInfo.unknown()).accessToken();
                return answer(connector, "Authorization: Bearer " + token) + ", "
                        + answer(connector, "Authorization: Bearer forged") + ", "
                        + answer(connector, "Accept: text/html");
            } finally {
                server.stop();
            }
        }

        private static String answer(LocalConnector connector, String header) throws Exception {
            String response = connector.getResponse(
                    "GET /me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n");
            String status = response.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
            return status + " " + response.substring(response.indexOf("\r\n\r\n") + 4);
        }
    }

    private static final class MeServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(request.getUserPrincipal());
        }
    }
}
