package io.github.sessionaware.examples.devices;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import io.github.sessionaware.servlet.ExperimentalDeviceBound;
import io.github.sessionaware.servlet.RequestClientInfo;
import io.github.sessionaware.servlet.SessionFilter;
import io.github.sessionaware.servlet.SessionFilterBuilder;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running example: the database, the token service, the servlets and the hourly purge. */
final class DevicesServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DevicesServer.class);

    private static final String HOST = "localhost";
    private static final int MAX_HEADERS = 80 * 1024;
    private static final int MAX_CONNECTIONS = 2_000;
    private static final Duration MAX_BODY_TIME = Duration.ofSeconds(10);
    private static final Duration MAX_IDLE_TIME = Duration.ofSeconds(30);

    /** Silent connections close sooner once there are as many connections as allowed. */
    private static final Duration MAX_IDLE_TIME_WHEN_FULL = Duration.ofSeconds(2);

    private final HikariDataSource pool;
    private final Server jetty = new Server();
    private final ServerConnector connector;
    private final String scheme;
    private final ScheduledExecutorService purge = Executors.newSingleThreadScheduledExecutor();

    private DevicesServer(HikariDataSource pool, @Nullable Https https) {
        this.pool = pool;
        this.scheme = https == null ? "http" : "https";
        this.connector = new ServerConnector(
                jetty,
                https == null
                        ? new ConnectionFactory[] {new HttpConnectionFactory(http())}
                        : new ConnectionFactory[] {tls(https), new HttpConnectionFactory(https())});
    }

    private static SslConnectionFactory tls(Https https) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(https.keyStore().toString());
        tls.setKeyStorePassword(Https.PASSWORD);
        tls.setCertAlias("https");
        return new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString());
    }

    private static HttpConfiguration https() {
        HttpConfiguration https = http();
        https.addCustomizer(new SecureRequestCustomizer());
        return https;
    }

    static DevicesServer start(Settings settings) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(settings.jdbcUrl());
        config.setConnectionTimeout(Duration.ofSeconds(3).toMillis());
        DevicesServer server = new DevicesServer(new HikariDataSource(config), settings.https());
        try {
            server.serve(settings);
            return server;
        } catch (Exception e) {
            server.close();
            throw e;
        }
    }

    private void serve(Settings settings) throws Exception {
        JdbcSessionStore store = new JdbcSessionStore(pool);
        store.createTableIfMissing();
        Notices notices = new Notices();
        RefusedProofs refused = new RefusedProofs(settings.clock());
        SessionAwareTokenServiceBuilder service = SessionAwareTokenService.builder()
                .issuer("https://shop.example")
                .signingKey(SigningKey.hmac256(settings.secrets().signing()))
                .refreshTokens(settings.secrets().refresh())
                .sessionStore(settings.wrapper().apply(store))
                .listener(SessionListener.logging())
                .listener(notices)
                .listener(refused)
                .clock(settings.clock());
        if (settings.https() != null) {
            service.deviceBinding(settings.https().binding());
        }
        SessionAwareTokenService tokens = service.build();
        connector.setHost(HOST);
        connector.setPort(settings.port());
        connector.setIdleTimeout(MAX_IDLE_TIME.toMillis());
        connector.setAcceptQueueSize(MAX_CONNECTIONS);
        connector.open(); // so that the port is known
        jetty.addConnector(connector);
        jetty.setErrorHandler(new PlainErrors());
        jetty.setHandler(new BodyDeadline(MAX_BODY_TIME, new BodyFirst(servlets(tokens, notices, refused, settings))));
        NetworkConnectionLimit limit = new NetworkConnectionLimit(MAX_CONNECTIONS, jetty);
        limit.setEndPointIdleTimeout(MAX_IDLE_TIME_WHEN_FULL.toMillis());
        jetty.addBean(limit);
        jetty.start();
        var unused = purge.scheduleWithFixedDelay(() -> purge(tokens), 1, 60, TimeUnit.MINUTES);
    }

    private ServletContextHandler servlets(
            SessionAwareTokenService tokens, Notices notices, RefusedProofs refused, Settings settings) {
        Function<HttpServletRequest, ClientInfo> clients = RequestClientInfo.with(settings.clients());
        SessionFilterBuilder forPages = SessionFilter.builder(tokens)
                .cookies()
                .origins(url())
                .formSecret(settings.secrets().forms())
                .signInPage("/sign-in")
                .stepUpPage("/confirm")
                .open("/static/*", "/password", "/api/*")
                .clientInfo(clients);
        if (settings.https() != null) {
            forPages.deviceBound(ExperimentalDeviceBound.defaults().withExcluded("/static/*", "/api/*"));
        }
        SessionFilter pages = forPages.build();
        SessionFilter api = SessionFilter.builder(tokens)
                .bearer()
                .open("/api/login", "/api/refresh", "/api/openapi.json")
                .clientInfo(clients)
                .build();
        KnownBrowsers known = new KnownBrowsers(settings.secrets().forms(), settings.users(), settings.clock());
        PasswordThrottle throttle = new PasswordThrottle(settings.clock());
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath("/");
        // Another site could name this computer in its own domain. Its pages would then read what it answers.
        context.setVirtualHosts(List.of(HOST));
        context.setErrorHandler(new PlainErrors());
        context.addFilter(new FilterHolder(new SafeHeaders()), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addFilter(new FilterHolder(pages), "/*", EnumSet.allOf(DispatcherType.class));
        context.addFilter(new FilterHolder(api), "/api/*", EnumSet.allOf(DispatcherType.class));
        context.addServlet(
                new ServletHolder(new PagesServlet(
                        tokens, pages, settings.users(), throttle, known, notices, refused, settings.clock())),
                "/*");
        context.addServlet(new ServletHolder(new ApiServlet(tokens, api, settings.users(), throttle)), "/api/*");
        context.addServlet(new ServletHolder(new StaticServlet()), "/static/*");
        return context;
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // A long user agent must not keep its user from signing in.
        http.setRequestHeaderSize(MAX_HEADERS);
        return http;
    }

    private static void purge(SessionAwareTokenService tokens) {
        try {
            log.info("Purged {} expired sessions", tokens.purgeExpiredSessions());
        } catch (RuntimeException e) {
            // An exception that escapes would cancel all later runs.
            log.warn("Could not purge expired sessions. The next run tries again", e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    String url() {
        return scheme + "://" + HOST + ":" + port();
    }

    @Override
    public void close() {
        purge.shutdownNow();
        try {
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        } finally {
            pool.close();
        }
    }

    /**
     * What a server needs to start.
     *
     * @param port on this computer only; 0 takes any free port
     * @param wrapper replaces the store, so that a test can make it fail
     * @param https null for plain HTTP
     */
    record Settings(
            int port,
            String jdbcUrl,
            Secrets secrets,
            ClientInfoReader clients,
            Users users,
            InstantSource clock,
            UnaryOperator<SessionStore> wrapper,
            @Nullable Https https) {}

    /**
     * Over HTTPS, browsers can bind sessions to their device.
     *
     * @param keyStore the key and the certificate, in a PKCS#12 file with the usual password of examples
     */
    record Https(Path keyStore, ExperimentalDeviceBinding binding) {
        /** The permissions of the file protect the key. */
        private static final String PASSWORD = "changeit";
    }

    /** Three independent secrets: for access tokens, for refresh tokens and for forms. */
    static final class Secrets {
        static final int BYTES = 96;

        private final byte[] all;

        /** {@value #BYTES} random bytes. */
        Secrets(byte[] all) {
            if (all.length != BYTES) {
                throw new IllegalArgumentException("secrets must have " + BYTES + " bytes, had " + all.length);
            }
            this.all = all.clone();
        }

        byte[] signing() {
            return Arrays.copyOfRange(all, 0, 32);
        }

        byte[] refresh() {
            return Arrays.copyOfRange(all, 32, 64);
        }

        byte[] forms() {
            return Arrays.copyOfRange(all, 64, 96);
        }
    }
}
