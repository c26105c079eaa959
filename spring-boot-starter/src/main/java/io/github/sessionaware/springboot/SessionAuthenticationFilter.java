package io.github.sessionaware.springboot;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.DeferredSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.AuthenticationEntryPoint;

/**
 * Gives Spring Security the session of a request once a rule or the application asks for it. So a request for a path
 * that is open to everybody costs no call of the store. It answers what the {@link SessionFilter} answers.
 */
final class SessionAuthenticationFilter extends HttpFilter implements AuthenticationEntryPoint {
    private static final long serialVersionUID = 1L;
    private static final String REFUSAL = SessionAuthenticationFilter.class.getName() + ".refusal";
    private static final String DEFERRED = SessionAuthenticationFilter.class.getName() + ".deferred";

    private final transient SessionFilter sessions;
    private final transient Filter permissive;
    private final transient SessionAuthoritiesMapper authorities;
    private final transient SecurityContextHolderStrategy contexts;

    SessionAuthenticationFilter(
            SessionFilter sessions, SessionAuthoritiesMapper authorities, SecurityContextHolderStrategy contexts) {
        this.sessions = sessions;
        this.permissive = sessions.permissive();
        this.authorities = authorities;
        this.contexts = contexts;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        permissive.doFilter(request, response, (passed, kept) -> {
            Deferred deferred = new Deferred(
                    contexts.getDeferredContext(), (HttpServletRequest) passed, (HttpServletResponse) kept);
            passed.setAttribute(DEFERRED, deferred);
            contexts.setDeferredContext(deferred);
            chain.doFilter(passed, kept);
        });
    }

    /** From now on, a request whose session nobody has asked for has none. */
    static void handled(HttpServletRequest request) {
        if (request.getAttribute(DEFERRED) instanceof Deferred deferred) {
            deferred.isHandled = true;
        }
    }

    /**
     * Returns the session that makes the request, or null. An error page has the session of the request and looks for
     * no other: after an outage it would wait for the store again.
     */
    private @Nullable AuthenticatedSession session(HttpServletRequest request, HttpServletResponse response) {
        if (request.getDispatcherType() == DispatcherType.ERROR) {
            return (AuthenticatedSession) request.getAttribute(AuthenticatedSession.class.getName());
        }
        try {
            return sessions.requireSession(request, response);
        } catch (InvalidTokenException e) {
            request.setAttribute(REFUSAL, e);
            return null;
        }
    }

    /**
     * Throws what this filter answers with 401 or the sign-in page. If a rule refuses an error page, the response keeps
     * the status of the error: a failed login must not look like a missing session.
     */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException missing) {
        if (request.getDispatcherType() == DispatcherType.ERROR
                && request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status) {
            response.setStatus(status);
            return;
        }
        if (request.getAttribute(REFUSAL) instanceof InvalidTokenException refusal) {
            throw refusal;
        }
        sessions.requireSession(request, response);
        throw missing;
    }

    /** Asks for the session once. */
    private final class Deferred implements DeferredSecurityContext {
        private final Supplier<SecurityContext> before;
        private final HttpServletRequest request;
        private final HttpServletResponse response;
        private @Nullable SecurityContext context;
        private boolean isHandled;

        Deferred(Supplier<SecurityContext> before, HttpServletRequest request, HttpServletResponse response) {
            this.before = before;
            this.request = request;
            this.response = response;
        }

        @Override
        public SecurityContext get() {
            if (context == null) {
                AuthenticatedSession found = isHandled ? null : session(request, response);
                context = found == null ? other() : contexts.createEmptyContext();
                if (found != null) {
                    context.setAuthentication(new SessionAuthentication(found, authorities.authoritiesOf(found)));
                }
            }
            return context;
        }

        /** A forward after a sign-out still has the former session in its context. */
        private SecurityContext other() {
            SecurityContext other = before.get();
            return other.getAuthentication() instanceof SessionAuthentication ? contexts.createEmptyContext() : other;
        }

        @Override
        public boolean isGenerated() {
            return false;
        }
    }
}
