package io.github.sessionaware.servlet;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.BearerToken;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.servlet.CrossSite.Verdict;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests pass, finds their sessions, and ends them. A bearer token in the header goes before the
 * cookies. A request keeps its session in two attributes, one for the application and one for this gate.
 */
final class RequestGate {
    private static final String CURRENT = AuthenticatedSession.class.getName();

    private final SessionAwareTokenService tokens;
    private final boolean isBearer;
    private final Function<AuthenticatedSession, ? extends Collection<String>> roles;
    private final PathPatterns open;
    private final PathPatterns withoutActivity;
    private final @Nullable String signInPage;
    private final @Nullable BrowserSessions browsers;
    private final CrossSite crossSite;
    private final @Nullable ExperimentalDeviceBound deviceBound;

    /**
     * Creates the gate.
     *
     * @param browsers null if the filter ignores cookies
     */
    RequestGate(SessionFilterBuilder settings, @Nullable BrowserSessions browsers, CrossSite crossSite) {
        this.tokens = settings.tokens;
        this.isBearer = settings.isBearer;
        this.roles = settings.roles;
        this.open = settings.openPaths();
        this.withoutActivity = new PathPatterns(settings.withoutActivity);
        this.signInPage = settings.signInPage;
        this.browsers = browsers;
        this.crossSite = crossSite;
        this.deviceBound = settings.deviceBound;
    }

    /** Returns the session of a request that has passed the gate of any filter. */
    static Optional<AuthenticatedSession> current(ServletRequest request) {
        return Optional.ofNullable(request.getAttribute(CURRENT)).map(AuthenticatedSession.class::cast);
    }

    /** Returns the session of a request that has passed this gate. */
    private Optional<AuthenticatedSession> own(ServletRequest request) {
        return Optional.ofNullable((Passed) request.getAttribute(Passed.ATTRIBUTE))
                .filter(passed -> passed.gate() == this)
                .map(Passed::session);
    }

    /** Calls the chain if the request may pass. Otherwise it ends with an exception, or has answered the request. */
    void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<AuthenticatedSession> before = own(request);
        if (before.isPresent()) {
            chain.doFilter(
                    AuthenticatedRequest.namesUserOf(request, before.get())
                            ? request
                            : withUser(request, response, before.get()),
                    response);
            return;
        }
        if (request.getDispatcherType() == DispatcherType.ERROR) {
            chain.doFilter(request, response);
            return;
        }
        if (request.getMethod().equals("TRACE")) {
            Answers.traceNotAllowed(response);
            return;
        }
        if (open.containPlain(request)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<String> bearer = bearer(request);
        Verdict verdict = judge(request, bearer).requireNotForeign();
        if (PathPatterns.of(request).equals(signInPage) && PathPatterns.isPlain(request)) {
            chain.doFilter(request, response);
            return;
        }
        AuthenticatedSession session = authenticate(request, response, bearer, verdict);
        chain.doFilter(withUser(request, response, session), response);
    }

    /** Calls the chain, because a framework behind this filter decides which requests need a session. */
    void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getMethod().equals("TRACE") && request.getDispatcherType() != DispatcherType.ERROR) {
            Answers.traceNotAllowed(response);
            return;
        }
        chain.doFilter(
                new HttpServletRequestWrapper(request) {
                    @Override
                    public void logout() {
                        signOut(request, response);
                    }
                },
                response);
    }

    private HttpServletRequest withUser(
            HttpServletRequest request, HttpServletResponse response, AuthenticatedSession session) {
        return new AuthenticatedRequest(request, session, roles, () -> signOut(request, response));
    }

    /** Does what {@link SessionFilter#authenticate} says. */
    Optional<AuthenticatedSession> authenticate(HttpServletRequest request, HttpServletResponse response) {
        Optional<AuthenticatedSession> before = own(request);
        if (before.isPresent()) {
            return before;
        }
        Optional<String> bearer = bearer(request);
        Verdict verdict = judge(request, bearer).requireNotForeign();
        try {
            return Optional.of(authenticate(request, response, bearer, verdict));
        } catch (InvalidTokenException | CrossSiteException e) {
            return Optional.empty();
        } catch (DeviceProofNeededException e) {
            if (response.isCommitted() || request.getDispatcherType() == DispatcherType.INCLUDE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Does what {@link SessionFilter#requireSession} says. */
    AuthenticatedSession requireSession(HttpServletRequest request, HttpServletResponse response) {
        Optional<AuthenticatedSession> before = own(request);
        if (before.isPresent()) {
            return before.get();
        }
        Optional<String> bearer = bearer(request);
        return authenticate(request, response, bearer, judge(request, bearer).requireNotForeign());
    }

    private AuthenticatedSession authenticate(
            HttpServletRequest request, HttpServletResponse response, Optional<String> bearer, Verdict verdict) {
        Validation validation = new Validation(tokens, withoutActivity.contain(PathPatterns.of(request)));
        AuthenticatedSession session = bearer.isPresent() || browsers == null
                ? validation.apply(BearerToken.from(bearer.orElse(null)))
                : browsers.authenticate(request, response, validation);
        if (deviceBound != null) {
            session = deviceBound.requireBound(session, tokens);
        }
        crossSite.requireFormToken(request, verdict, session.sessionId());
        request.setAttribute(Passed.ATTRIBUTE, new Passed(this, session));
        request.setAttribute(CURRENT, session);
        return session;
    }

    /** Returns the {@code Authorization} headers as one if they name a bearer token. Several never make one token. */
    private Optional<String> bearer(HttpServletRequest request) {
        if (!isBearer) {
            return Optional.empty();
        }
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        return headers.stream().anyMatch(header -> header.strip().regionMatches(true, 0, "Bearer", 0, 6))
                ? Optional.of(String.join(", ", headers))
                : Optional.empty();
    }

    /** Browsers add cookies to requests of other sites, and never a bearer token. */
    private Verdict judge(HttpServletRequest request, Optional<String> bearer) {
        return bearer.isPresent() || browsers == null ? Verdict.OURS : crossSite.judge(request);
    }

    /** Does what {@link SessionFilter#signOut(HttpServletRequest, HttpServletResponse)} says. */
    void signOut(HttpServletRequest request, HttpServletResponse response) {
        Optional<String> bearer = bearer(request);
        judge(request, bearer).requireNotForeign();
        if (bearer.isPresent() || browsers == null) {
            bearerSession(request, bearer).ifPresent(tokens::revoke);
        } else {
            browsers.signOut(request, response, own(request).orElse(null));
        }
        if (own(request).isPresent()) {
            // A later forward must not pass with a session that has ended.
            request.removeAttribute(Passed.ATTRIBUTE);
            request.removeAttribute(CURRENT);
        }
    }

    private Optional<AuthenticatedSession> bearerSession(HttpServletRequest request, Optional<String> bearer) {
        Optional<AuthenticatedSession> before = own(request);
        if (before.isPresent()) {
            return before;
        }
        try {
            return Optional.of(tokens.validateWithoutActivity(BearerToken.from(bearer.orElse(null))));
        } catch (InvalidTokenException e) {
            return Optional.empty();
        }
    }
}
