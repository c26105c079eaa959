package io.github.sessionaware.examples.http;

import com.sun.net.httpserver.HttpServer;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running program: an HTTP server, a token service and the hourly purge. Closing it closes the storage. */
final class ExampleServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ExampleServer.class);

    /**
     * A connection holds a thread from the first byte of a request to the end of its response. With as many threads as
     * connections, slow clients take no thread from others. The server closes further connections at once.
     */
    private static final int MAX_CONNECTIONS = 500;

    /** How long a request may take to arrive. The server closes the connection of a slower one. */
    private static final int MAX_REQUEST_SECONDS = 10;

    /** How long a response may take, from the end of its request until the client has read it. */
    private static final int MAX_RESPONSE_SECONDS = 30;

    private final HttpServer http;
    private final Storage storage;
    private final ExecutorService workers;
    private final ScheduledExecutorService scheduler;

    private ExampleServer(
            HttpServer http, Storage storage, ExecutorService workers, ScheduledExecutorService scheduler) {
        this.http = http;
        this.storage = storage;
        this.workers = workers;
        this.scheduler = scheduler;
    }

    /** Binds a server to a port of this computer. */
    static HttpServer bind(int port) throws IOException {
        // The JDK's server has no other way to set these. It reads them once, when the first server is made.
        limit("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
        limit("sun.net.httpserver.maxReqTime", MAX_REQUEST_SECONDS);
        limit("sun.net.httpserver.maxRspTime", MAX_RESPONSE_SECONDS);
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MAX_CONNECTIONS);
    }

    /** Keeps what the command line sets with {@code -D}. */
    private static void limit(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    /** Starts a server that is bound to its port but not started. */
    static ExampleServer start(HttpServer http, Storage storage, Users users, ClientInfoReader clients) {
        SessionAwareTokenService tokens = SessionAwareTokenService.builder()
                .issuer("session-aware-jwt-example")
                .keyRing(storage.keys()::ring)
                .sessionStore(storage.sessions())
                .refreshTokens(storage.keys().refreshSecret())
                .listener(SessionListener.logging())
                .build();

        ExecutorService workers = new ThreadPoolExecutor(
                0,
                MAX_CONNECTIONS,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "http-worker"));
        http.createContext("/", new Endpoints(tokens, storage.keys(), users, clients).routes())
                .getFilters()
                .add(new ErrorFilter());
        http.setExecutor(workers);
        http.start();

        ScheduledExecutorService scheduler =
                Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "session-purge"));
        var unused = scheduler.scheduleWithFixedDelay(() -> purge(tokens), 1, 1, TimeUnit.HOURS);
        return new ExampleServer(http, storage, workers, scheduler);
    }

    InetSocketAddress address() {
        return http.getAddress();
    }

    String url() {
        return "http://localhost:" + address().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
        scheduler.shutdownNow();
        workers.shutdownNow();
        storage.close();
    }

    private static void purge(SessionAwareTokenService tokens) {
        try {
            log.info("Purged {} expired sessions", tokens.purgeExpiredSessions());
        } catch (RuntimeException e) {
            // An exception that escapes would cancel all later runs.
            log.warn("Could not purge expired sessions. The next run tries again", e);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
