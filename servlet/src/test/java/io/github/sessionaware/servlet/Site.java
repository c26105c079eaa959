package io.github.sessionaware.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.Notifications;
import io.github.sessionaware.testing.TestService;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The application of the tests. All tests of a class share one container. Each test starts without sessions, with the
 * default filter, and adds what it needs.
 */
final class Site implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    static final byte[] FORM_SECRET = "for forms of tests only, 32 bytes".getBytes(UTF_8);

    private final Supplier<Container> containers;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private Container container;
    private int port;

    FakeClock clock;
    CountingStore counted;
    FaultyStore store;
    Notifications notifications;
    AtomicInteger clientsAsked;

    /** The service of the first node. */
    volatile SessionAwareTokenService tokens;

    /** The filter of the first node, and by the header {@code X-Node: 2} that of the second. */
    volatile SessionFilter filter;

    volatile SessionFilter secondFilter;

    /** The last exception that a filter left to the container. */
    volatile RuntimeException thrown;

    /** Stands before or behind the other for paths that begin with {@code /other}; null if there is none. */
    volatile SessionFilter otherFilter;

    /** Whether the pages decide themselves which requests need a session. */
    volatile boolean isPermissive;

    Site(Supplier<Container> containers) {
        this.containers = containers;
    }

    /** Answers requests for one path. */
    interface Page {
        void answer(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException;
    }

    @Override
    public void beforeAll(ExtensionContext tests) throws Exception {
        container = containers.get();
        port = container.start(new Gate(), new Pages());
    }

    @Override
    public void afterAll(ExtensionContext tests) throws Exception {
        container.stop();
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        clock = new FakeClock(TestService.START);
        counted = new CountingStore(new InMemorySessionStore());
        store = new FaultyStore(counted);
        notifications = new Notifications();
        clientsAsked = new AtomicInteger();
        otherFilter = null;
        isPermissive = false;
        thrown = null;
        pages.clear();
        addPages();
        service(builder -> builder.refreshTokens(TestService.refreshSecret()));
    }

    int port() {
        return port;
    }

    String origin() {
        return "http://localhost:" + port;
    }

    Browser browser() {
        return new Browser(port);
    }

    /** A client of the API, which says nothing of pages, sites and origins. */
    Browser api() {
        Browser api = new Browser(port);
        List.of("Sec-Fetch-Site", "Sec-Fetch-Mode", "Origin", "Accept").forEach(header -> api.with(header, ""));
        return api;
    }

    /** Changes the service of both nodes; the sessions stay. */
    void service(UnaryOperator<SessionAwareTokenServiceBuilder> settings) {
        tokens = settings.apply(TestService.aServiceOn(store).clock(clock).listener(notifications))
                .build();
        filter(builder -> builder);
    }

    /** Changes the filters of both nodes. */
    void filter(UnaryOperator<SessionFilterBuilder> settings) {
        filter = aFilter(settings);
        secondFilter = aFilter(settings);
    }

    private SessionFilter aFilter(UnaryOperator<SessionFilterBuilder> settings) {
        return settings.apply(SessionFilter.builder(tokens)
                        .bearer()
                        .cookies()
                        .signInPage("/sign-in")
                        .stepUpPage("/step-up")
                        .open("/open", "/static/*", "/leave", "/token", "/inside-open")
                        .withoutActivity("/poll")
                        .formSecret(FORM_SECRET)
                        .roles(session -> List.of("role-of-" + session.userId()))
                        .clientInfo(request -> {
                            clientsAsked.incrementAndGet();
                            return SessionFilterBuilder.agentAndAddress(request);
                        }))
                .build();
    }

    void page(String path, Page page) {
        pages.put(path, page);
    }

    List<Session> sessions(String user) {
        return tokens.listSessions(user);
    }

    /** Lets the access tokens expire, and not the sessions. */
    void expireAccessTokens() {
        clock.advance(Duration.ofMinutes(20));
    }

    private void addPages() {
        page("/me", Site::printUser);
        page("/poll", pages.get("/me"));
        page("/below/page", pages.get("/me"));
        page("/open", (request, response) -> response.getWriter().print("user: " + request.getRemoteUser() + "\n"));
        page("/static/picture", (request, response) -> {
            response.setHeader("Cache-Control", "public, max-age=3600");
            response.getWriter().print("picture\n");
        });
        page("/picture", pages.get("/static/picture"));
        page(
                "/error",
                (request, response) -> response.getWriter()
                        .print("error: " + request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) + "\nuser: "
                                + request.getRemoteUser() + "\n"));
        page("/form", (request, response) -> printFields(request, response));
        page("/rename", (request, response) -> response.setStatus(204));
        page("/sign-in", (request, response) -> {
            if (request.getMethod().equals("GET")) {
                printFields(request, response);
                response.getWriter()
                        .print("ended: " + used(request).ended(request).orElse(null) + "\n");
                return;
            }
            used(request).signIn(request, response, request.getParameter("user"), LoginOptions.defaults());
            seeOther(response, used(request).returnAddress(request));
        });
        page("/sign-out", (request, response) -> {
            used(request).signOut(request, response);
            seeOther(response, "/sign-in");
        });
        page("/leave", pages.get("/sign-out"));
        page("/step-up", (request, response) -> {
            if (!request.getMethod().equals("GET")) {
                replace(request, response, tokens.reauthenticate(SessionFilter.current(request)));
            }
        });
        page("/password", (request, response) -> {
            AuthenticatedSession current = SessionFilter.current(request);
            tokens.revokeOthers(current, EndCause.PASSWORD_CHANGED);
            replace(request, response, tokens.reauthenticate(current));
        });
        page("/danger", (request, response) -> {
            SessionFilter.current(request).requireAuthenticatedWithin(Duration.ofMinutes(5));
            response.setStatus(204);
        });
        page("/token", (request, response) -> {
            IssuedTokens next = used(request).refresh(request, response, request.getParameter("refresh"));
            response.getWriter().print("access: " + next.accessToken() + "\n");
        });
    }

    static void printUser(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedSession current = SessionFilter.current(request);
        response.getWriter().print("user: " + current.userId() + "\nsession: " + current.sessionId() + "\n");
    }

    private void replace(HttpServletRequest request, HttpServletResponse response, IssuedTokens issued)
            throws IOException {
        used(request).replaceTokens(request, response, issued);
        seeOther(response, used(request).returnAddress(request));
    }

    private void printFields(HttpServletRequest request, HttpServletResponse response) throws IOException {
        for (Map.Entry<String, String> field : used(request).formFields(request).entrySet()) {
            response.getWriter().print(field.getKey() + ": " + field.getValue() + "\n");
        }
    }

    static void seeOther(HttpServletResponse response, String location) {
        response.setStatus(303);
        response.setHeader("Location", location);
    }

    SessionFilter used(HttpServletRequest request) {
        return "2".equals(request.getHeader("X-Node")) ? secondFilter : filter;
    }

    /** Passes requests to the filters that the test has set. */
    private final class Gate extends HttpFilter {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            try {
                pass(request, response, chain);
            } catch (RuntimeException e) {
                thrown = e;
                throw e;
            }
        }

        private void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            SessionFilter other = otherFilter;
            if (other != null && request.getServletPath().startsWith("/other")) {
                other.doFilter(request, response, chain);
            } else if (other != null && request.getServletPath().startsWith("/both")) {
                used(request).doFilter(request, response, (req, res) -> other.doFilter(req, res, chain));
            } else if (isPermissive) {
                used(request).permissive().doFilter(request, response, chain);
            } else {
                used(request).doFilter(request, response, chain);
            }
        }
    }

    private final class Pages extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private String path(HttpServletRequest request) {
            boolean isIncluded = request.getDispatcherType() == DispatcherType.INCLUDE;
            Object path = isIncluded
                    ? request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH)
                    : request.getServletPath();
            Object info =
                    isIncluded ? request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO) : request.getPathInfo();
            return path + (info == null ? "" : info.toString());
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            Page page = pages.get(path(request));
            if (page == null) {
                response.sendError(404);
            } else {
                page.answer(request, response);
            }
        }
    }
}
