package io.github.sessionaware.servlet;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.LoginRefusedException;
import io.github.sessionaware.ReauthenticationRequiredException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request pass only if it comes from a live session, and has the calls for signing in and out.
 *
 * <pre>{@code
 * SessionFilter.builder(tokens)
 *         .cookies()
 *         .signInPage("/sign-in")
 *         .open("/static/*")
 *         .build();
 * }</pre>
 *
 * <p>{@link #addTo} maps it to {@code /*} and all dispatcher types, and allows asynchronous requests. If you register
 * the filter in another way, use the same mapping. It validates a request once, even if the request is forwarded or
 * dispatched later. Error pages are open. The servlets behind it call {@link #current}.
 *
 * <p>An include cannot set cookies, so it refreshes no tokens. If the filter refuses the included page, the exception
 * reaches the servlet that includes it. An open page that includes a protected page calls {@link #authenticate} first.
 *
 * <p>What else it does:
 *
 * <ul>
 *   <li>With cookies, it refreshes tokens that have expired or whose key was retired. On one node, requests that come
 *       at the same time share one refresh.
 *   <li>With cookies, it refuses requests that pages of other sites cause ({@link SessionFilterBuilder#origins}).
 *   <li>A request without a live session gets 401 with the challenge, or the sign-in page.
 *   <li>If the store cannot answer, the request gets 503 with {@code Retry-After}, and cookies stay.
 *   <li>It gives the same answers if a servlet throws {@link InvalidTokenException} or {@link SessionStoreException}.
 *       It also answers {@link ReauthenticationRequiredException} (401, or the step-up page) and
 *       {@link LoginRefusedException} (403).
 *   <li>It refuses {@code TRACE}.
 * </ul>
 *
 * <p>Only {@link #signOut} signs a browser out. A response that arrives late deletes no cookies that the browser has
 * got in the meantime, and overwrites none, because each login has cookies of its own names.
 *
 * <p>Thread-safe. It starts no threads.
 */
public final class SessionFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Duration MIN_PROOF_AGE = Duration.ofSeconds(10);

    private final transient SessionAwareTokenService tokens;
    private final transient Function<HttpServletRequest, ClientInfo> clientInfo;
    private final transient @Nullable TokenCookies cookies;
    private final transient @Nullable BrowserSessions browsers;
    private final transient CrossSite crossSite;
    private final transient @Nullable DeviceEndpoints devices;
    private final transient RequestGate gate;
    private final transient Answers answers;
    private final transient SignIns signIns;

    SessionFilter(SessionFilterBuilder settings) {
        this.tokens = settings.tokens;
        this.clientInfo = settings.clientInfo;
        this.cookies = settings.tokenCookies();
        this.browsers = cookies == null ? null : new BrowserSessions(tokens, cookies, clientInfo);
        this.crossSite = settings.crossSite();
        this.devices = settings.deviceBound == null || cookies == null || browsers == null
                ? null
                : new DeviceEndpoints(settings, settings.deviceBound, browsers, cookies, crossSite);
        this.gate = new RequestGate(settings, browsers, crossSite);
        this.answers = new Answers(settings.signInPage, settings.stepUpPage);
        this.signIns = new SignIns(tokens);
    }

    /**
     * Starts the configuration of a filter. It needs {@link SessionFilterBuilder#bearer},
     * {@link SessionFilterBuilder#cookies}, or both.
     *
     * @param tokens the service that validates and refreshes
     * @return a new builder, which is not thread-safe
     */
    public static SessionFilterBuilder builder(SessionAwareTokenService tokens) {
        return new SessionFilterBuilder(requireNonNull(tokens, "tokens"));
    }

    /**
     * Adds this filter to an application: before all paths, for all dispatcher types, also for asynchronous requests.
     * Filters that are added earlier with mappings that match before, such as one for CORS, run before it. Call it
     * once, while the application starts.
     *
     * @param context the application, which has not started yet
     * @throws IllegalStateException if the application has started, or has this filter already
     */
    public void addTo(ServletContext context) {
        FilterRegistration.Dynamic registration = context.addFilter(SessionFilter.class.getName(), this);
        if (registration == null) {
            throw new IllegalStateException("The application has a SessionFilter already; map further ones yourself");
        }
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/*");
    }

    /**
     * Returns the session that makes the request. It is also the request attribute that is named like the class
     * {@link AuthenticatedSession}. {@code getUserPrincipal()} and {@code getRemoteUser()} return its user id.
     *
     * @param request a request that has passed the filter
     * @return the session
     * @throws IllegalStateException if the path is open, or no filter is mapped to it
     */
    public static AuthenticatedSession current(ServletRequest request) {
        return RequestGate.current(request)
                .orElseThrow(() -> new IllegalStateException(
                        "The request has no session: its path is open, or no SessionFilter is mapped to it"));
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        answering(request, response, kept -> gate.admit(request, kept, chain));
    }

    private void answering(HttpServletRequest request, HttpServletResponse response, Passage passage)
            throws IOException, ServletException {
        HttpServletResponse kept = cookies == null ? response : new TokenResponse(request, response, cookies);
        try {
            if (devices != null) {
                devices.report(request);
                if (devices.answers(request, kept)) {
                    return;
                }
            }
            passage.pass(kept);
        } catch (ServletException | RuntimeException e) {
            boolean isForProof = Answers.cause(e) instanceof DeviceProofNeededException;
            if (isForProof && devices != null && devices.askForProof(request, kept)) {
                return;
            }
            answers.answer(request, kept, e);
        }
    }

    /** What a request does with a response that keeps the cookies. */
    private interface Passage {
        void pass(HttpServletResponse response) throws IOException, ServletException;
    }

    /**
     * Returns a filter for a framework whose own rules decide which requests need a session, such as Spring Security.
     * It lets every request pass except {@code TRACE}, also to the paths that are not
     * {@link SessionFilterBuilder#open}, and calls no store. The framework calls {@link #requireSession} for the
     * requests that need a session. The returned filter gives the same answers as this one to the exceptions that it
     * finds then, and to those of the servlets. Behind it, {@code request.logout()} is
     * {@link #signOut(HttpServletRequest, HttpServletResponse)}.
     *
     * @return a filter that shares everything else with this one
     */
    public Filter permissive() {
        return (request, response, chain) -> {
            HttpServletRequest http = (HttpServletRequest) request;
            answering(http, (HttpServletResponse) response, kept -> gate.pass(http, kept, chain));
        };
    }

    /**
     * Returns the session of a request for an open path, such as a home page that greets its user. Costs the same as
     * for a path that is not open, and may set cookies too. {@code getRemoteUser()} of this request does not change.
     *
     * <p>If the request may change something and a page of another site caused it, the method ends with an exception
     * that the filter answers with 403. So call it before everything else where a form of an open path does its work.
     *
     * @param request the request
     * @param response the response, not committed
     * @return the session; empty if the request has none that lives, or if an older browser does not say where a
     *     request that may change something comes from, and the form token is missing
     * @throws SessionStoreException if the store cannot answer; uncaught, the filter answers 503
     */
    public Optional<AuthenticatedSession> authenticate(HttpServletRequest request, HttpServletResponse response) {
        return gate.authenticate(request, response);
    }

    /**
     * Returns the session of a request for an open path, as {@link #authenticate} does, or ends with the exception for
     * which this filter refuses a request for another path. If a page of another site caused the request, that is an
     * exception that the filter answers with 403.
     *
     * @param request the request
     * @param response the response, not committed
     * @return the session
     * @throws InvalidTokenException if the request has no session that lives; uncaught, the filter answers with 401 or
     *     the sign-in page
     * @throws SessionStoreException if the store cannot answer; uncaught, the filter answers 503
     */
    public AuthenticatedSession requireSession(HttpServletRequest request, HttpServletResponse response) {
        return gate.requireSession(request, response);
    }

    /**
     * Logs a user in on this browser, after the application has checked the password. Calls
     * {@link SessionAwareTokenService#issue(String, ClientInfo, LoginOptions)}, sets the cookies, and ends the session
     * that this browser had before (OWASP ASVS 5.0, 7.2.4). If the form carries the fields of {@link #formFields}, a
     * form that was sent twice leads to one session. If a page of another site caused the request, the method ends with
     * an exception that the filter answers with 403.
     *
     * @param request the request with the sign-in form; its path is open
     * @param response the response, not committed
     * @param userId the user
     * @param options as for {@code issue}; a version of the password, for instance
     * @return the tokens, and the new session
     * @throws IllegalArgumentException as {@code issue} does, or if the access token does not fit into a cookie of
     *     4,096 bytes; no session is left
     * @throws IllegalStateException as {@code issue} does, or if this filter has no cookies
     * @throws LoginRefusedException as {@code issue} does; uncaught, the filter answers 403
     * @throws SessionStoreException as {@code issue} does; uncaught, the filter answers 503
     */
    public IssuedTokens signIn(
            HttpServletRequest request, HttpServletResponse response, String userId, LoginOptions options) {
        BrowserSessions browser = requireCookies();
        crossSite.judge(request).requireNotForeign();
        IssuedTokens issued = signIns.signIn(userId, client(request), options, request.getParameter(SignIns.ATTEMPT));
        try {
            browser.give(request, response, issued);
        } catch (IllegalArgumentException e) {
            tokens.revokeSession(userId, issued.session().id());
            throw e;
        }
        if (devices != null) {
            devices.offer(request, response, issued);
        }
        return issued;
    }

    /**
     * Gives this browser other tokens: those of {@link SessionAwareTokenService#reauthenticate}, of
     * {@code migrateStateless}, or of {@code reissue}. If they belong to another session than the one that this browser
     * had, that one ends.
     *
     * @param request the request
     * @param response the response, not committed
     * @param issued the tokens
     * @throws IllegalArgumentException if the access token does not fit into a cookie of 4,096 bytes. No cookie
     *     changes. If the browser has no other valid token of the session, such as after {@code reauthenticate}, the
     *     session ends
     * @throws IllegalStateException if this filter has no cookies
     */
    public void replaceTokens(HttpServletRequest request, HttpServletResponse response, IssuedTokens issued) {
        BrowserSessions browser = requireCookies();
        try {
            browser.give(request, response, requireNonNull(issued, "issued"));
        } catch (IllegalArgumentException e) {
            // After a renewed authentication the browser's tokens are refused, so nobody could use the session.
            if (!browser.isUsed(request, issued.session().id())) {
                tokens.revokeSession(issued.userId(), issued.session().id());
            }
            throw e;
        }
        if (devices != null) {
            devices.offerAfterAuthentication(request, response, issued);
        }
    }

    /**
     * Requires that the browser has lately proved that it has the key to which its session is bound. Call it before a
     * sensitive operation, or when the session comes from another network. If the last proof is older, the method ends
     * with an exception that the filter answers: it expires the browser's cookie and sends the browser back to the same
     * address, with the same method and body. The browser proves its key before it repeats the request. A copy of the
     * cookies gets no further.
     *
     * <p>A login and a renewed authentication of a bound session count as a proof. Browsers that bind no session cannot
     * give one, and no browser can in the seconds after its login, until it has bound the session. So call this only if
     * {@link io.github.sessionaware.Session#deviceBound} is true, and ask for
     * {@link AuthenticatedSession#requireAuthenticatedWithin} otherwise. Experimental: may change in a minor release.
     *
     * @param request a request that has passed the filter
     * @param maxAge how long ago the proof may be, 10 seconds or more
     * @throws IllegalArgumentException if the duration is shorter: the browser would be sent back again and again
     * @throws IllegalStateException if the request has not passed the filter
     * @throws InvalidTokenException with the reason {@code NOT_DEVICE_BOUND} if the session is not bound, or with
     *     another if it has ended in the meantime; uncaught, the filter answers 401, or with the sign-in page
     * @throws SessionStoreException if the store cannot answer; it is asked if the session does not seem to be bound
     */
    public void requireDeviceProof(HttpServletRequest request, Duration maxAge) {
        if (maxAge.compareTo(MIN_PROOF_AGE) < 0) {
            throw new IllegalArgumentException("maxAge must be at least " + MIN_PROOF_AGE + ", was " + maxAge);
        }
        AuthenticatedSession current = ExperimentalDeviceBound.bound(current(request), tokens);
        Instant proved = current.claim("iat", Instant.class).orElse(Instant.EPOCH);
        if (Duration.between(proved, current.validatedAt()).compareTo(maxAge) > 0) {
            throw new DeviceProofNeededException(null);
        }
    }

    /**
     * Logs this device out, with the cause {@link io.github.sessionaware.EndCause#LOGOUT}, and deletes its cookies.
     * Works on open paths too, and if the session has ended before. {@code request.logout()} does the same. A request
     * with a bearer token signs that out, and leaves its cookies alone. Afterwards the request has no user. If a page
     * of another site caused the request, the method ends with an exception that the filter answers with 403.
     *
     * @param request the request
     * @param response the response, not committed
     * @throws SessionStoreException if the store cannot answer; no cookie is deleted. Uncaught, the filter answers 503
     */
    public void signOut(HttpServletRequest request, HttpServletResponse response) {
        gate.signOut(request, response);
    }

    /**
     * Logs out one of the user's devices, for the buttons of a devices page. If it is the device that makes the
     * request, this does the same as {@link #signOut(HttpServletRequest, HttpServletResponse)}. Otherwise it does the
     * same as {@link SessionAwareTokenService#revoke(AuthenticatedSession, String)}.
     *
     * @param request a request that has passed the filter
     * @param response the response, not committed
     * @param sessionId the session id from the request. If it does not name a session of the same user, or is null, the
     *     result is false
     * @return true if this call ended a live session of this user
     * @throws IllegalStateException if the request has no session
     * @throws SessionStoreException if the store cannot answer; uncaught, the filter answers 503
     */
    public boolean signOut(HttpServletRequest request, HttpServletResponse response, @Nullable String sessionId) {
        AuthenticatedSession current = current(request);
        if (current.sessionId().equals(sessionId)) {
            signOut(request, response);
            return true;
        }
        return tokens.revoke(current, sessionId);
    }

    /**
     * Logs a user in whose client keeps the tokens itself, for the login endpoint of an API. Its path is open. Calls
     * {@link SessionAwareTokenService#issue(String, ClientInfo, LoginOptions)} with {@link #client}. The response gets
     * {@code Cache-Control: no-store}.
     *
     * @param request the request
     * @param response the response, not committed
     * @param userId the user
     * @param options as for the service's method
     * @return the tokens, for the body of the response
     * @throws IllegalArgumentException as the service's method does
     * @throws IllegalStateException as the service's method does
     * @throws LoginRefusedException as the service's method does; uncaught, the filter answers 403
     * @throws SessionStoreException as the service's method does; uncaught, the filter answers 503
     */
    public IssuedTokens issue(
            HttpServletRequest request, HttpServletResponse response, String userId, LoginOptions options) {
        TokenResponse.forbidCaching(response);
        return tokens.issue(userId, client(request), options);
    }

    /**
     * Exchanges a refresh token that the client keeps itself, for the refresh endpoint of an API. Its path is open. The
     * response gets {@code Cache-Control: no-store}. Browsers with cookies need no such endpoint.
     *
     * @param request the request, for {@link #client}
     * @param response the response, not committed
     * @param refreshToken the token from the request; null and blank count as missing
     * @return the tokens, for the body of the response
     * @throws InvalidTokenException as {@link SessionAwareTokenService#refresh}; uncaught, the filter answers 401
     * @throws SessionStoreException as {@link SessionAwareTokenService#refresh}; uncaught, the filter answers 503
     * @throws IllegalStateException if the service issues no refresh tokens
     */
    public IssuedTokens refresh(
            HttpServletRequest request, HttpServletResponse response, @Nullable String refreshToken) {
        TokenResponse.forbidCaching(response);
        return tokens.refresh(refreshToken, () -> client(request));
    }

    /**
     * Returns what is known about the client, by {@link SessionFilterBuilder#clientInfo}.
     *
     * @param request any request
     * @return the client, for {@code issue}
     */
    public ClientInfo client(HttpServletRequest request) {
        return clientInfo.apply(request);
    }

    /**
     * Returns the hidden fields that each form of this application carries: the page to return to, if the request names
     * one; on a page with a session the token against forms of other sites, if there is a
     * {@link SessionFilterBuilder#formSecret}; on another page a random number, by which {@link #signIn} recognizes a
     * form that is sent twice.
     *
     * @param request the request for the page
     * @return names and values; escape them like all text
     */
    public Map<String, String> formFields(HttpServletRequest request) {
        Map<String, String> fields = new LinkedHashMap<>();
        ReturnAddress.named(request).ifPresent(address -> fields.put(ReturnAddress.FIELD, address));
        Optional<AuthenticatedSession> session = RequestGate.current(request);
        if (session.isEmpty()) {
            fields.put(SignIns.ATTEMPT, signIns.newAttempt());
        } else {
            crossSite.formToken(session.get().sessionId()).ifPresent(token -> fields.put(CrossSite.FIELD, token));
        }
        return Collections.unmodifiableMap(fields);
    }

    /**
     * Returns the page to which a browser goes after sign-in or after authenticating again: the one that was asked for
     * before, if the request names a path of this application, and its home page otherwise.
     *
     * @param request the request with the form
     * @return a path with its query, for the header {@code Location}; begins with the context path
     */
    public String returnAddress(HttpServletRequest request) {
        return ReturnAddress.named(request).orElse(request.getContextPath() + "/");
    }

    /**
     * Returns why the session of a browser has ended, for the sign-in page to which this filter has redirected it.
     *
     * @param request the request for the sign-in page
     * @return {@code SESSION_ENDED}, {@code SESSION_EXPIRED}, {@code REFRESH_TOKEN_REUSED}, or {@code NOT_DEVICE_BOUND}
     *     if the session had to be bound ({@link ExperimentalDeviceBound#withRequired}, {@link #requireDeviceProof});
     *     empty if there was no session, or it ended for another reason. Anybody can write a link that names one of
     *     them
     */
    public Optional<Reason> ended(HttpServletRequest request) {
        return Answers.ended(request);
    }

    private BrowserSessions requireCookies() {
        if (browsers == null) {
            throw new IllegalStateException("This filter sets no cookies: call cookies() on its builder");
        }
        return browsers;
    }
}
