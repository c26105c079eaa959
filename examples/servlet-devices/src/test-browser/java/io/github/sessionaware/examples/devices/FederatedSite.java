package io.github.sessionaware.examples.devices;

import com.sun.net.httpserver.HttpServer;
import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.servlet.ExperimentalDeviceBound;
import io.github.sessionaware.servlet.SessionFilter;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A site whose users sign in at an identity provider, which is another site. All its sessions must be bound. The
 * provider's only page sends its visitor back as alice.
 */
final class FederatedSite implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Server server = new Server();
    private final ServerConnector connector;
    private final HttpServer provider;

    /** @param keyStore the file that the example's script has made */
    FederatedSite(Path keyStore) throws Exception {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(keyStore.toString());
        tls.setKeyStorePassword("changeit");
        tls.setCertAlias("https");
        HttpConfiguration https = new HttpConfiguration();
        https.addCustomizer(new SecureRequestCustomizer());
        connector = new ServerConnector(
                server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(https));
        connector.setHost("localhost");
        server.addConnector(connector);
        SessionFilter sessions = filter();
        ServletContextHandler context = new ServletContextHandler();
        context.addFilter(new FilterHolder(sessions), "/*", EnumSet.allOf(DispatcherType.class));
        context.addServlet(new ServletHolder(new Pages(sessions)), "/*");
        server.setHandler(context);
        server.start();
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/", exchange -> {
            byte[] page = "<!doctype html><a href=\"%s/callback\">Go on as alice</a>"
                    .formatted(url())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        provider.start();
    }

    private static SessionFilter filter() {
        SessionAwareTokenService tokens = TestService.aServiceOn(new ReferenceStore())
                .refreshTokens(TestService.refreshSecret())
                .deviceBinding(ExperimentalDeviceBinding.defaults().withAccessTokenLifetime(BoundServer.SHORT_LIFETIME))
                .build();
        return SessionFilter.builder(tokens)
                .cookies()
                .open("/callback")
                .deviceBound(ExperimentalDeviceBound.defaults().withRequired(session -> true, GRACE))
                .build();
    }

    String url() {
        return "https://localhost:" + connector.getLocalPort();
    }

    /** The address of the identity provider, which browsers count as another site. */
    String provider() {
        return "http://127.0.0.1:" + provider.getAddress().getPort();
    }

    @Override
    public void close() {
        provider.stop(0);
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        }
    }

    /** Signs in whoever comes back from the provider, and shows whether the session is bound. */
    private static final class Pages extends HttpServlet {
        private static final long serialVersionUID = 1;

        private final transient SessionFilter sessions;

        Pages(SessionFilter sessions) {
            this.sessions = sessions;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getRequestURI().equals("/callback")) {
                sessions.signIn(request, response, "alice", LoginOptions.defaults());
                Answers.seeOther(response, "/");
                return;
            }
            Session session = SessionFilter.current(request).session();
            response.setContentType("text/html");
            response.getWriter()
                    .print("<!doctype html><main>" + (session.deviceBound() ? "Bound" : "Not yet") + "</main>");
        }
    }
}
