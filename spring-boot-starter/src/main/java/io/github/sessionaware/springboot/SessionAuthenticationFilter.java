package io.github.sessionaware.springboot;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.DeferredSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.AuthenticationEntryPoint;

/**
 * Gives Spring Security the session of a request when a rule or the application needs it. So a request for an open path
 * calls no store.
 */
final class SessionAuthenticationFilter extends HttpFilter implements AuthenticationEntryPoint {
    private static final long serialVersionUID = 1L;
    private static final String REFUSAL = SessionAuthenticationFilter.class.getName() + ".refusal";

    private final transient SessionFilter sessions;
    private final transient SessionAuthoritiesMapper authorities;
    private final transient SecurityContextHolderStrategy contexts = SecurityContextHolder.getContextHolderStrategy();

    SessionAuthenticationFilter(SessionFilter sessions, SessionAuthoritiesMapper authorities) {
        this.sessions = sessions;
        this.authorities = authorities;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Deferred context = new Deferred(contexts.getDeferredContext(), () -> session(request, response));
        contexts.setDeferredContext(context);
        chain.doFilter(new RequestOfUser(request, context), response);
    }

    /** A later dispatch, such as that of an error page, has the session of the request and looks for no other. */
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

    /** Throws what the {@link SessionFilter} before this filter answers with 401 or the sign-in page. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException missing) {
        if (request.getAttribute(REFUSAL) instanceof InvalidTokenException refusal) {
            throw refusal;
        }
        sessions.requireSession(request, response);
        throw missing;
    }

    /** Asks for the session once. */
    private final class Deferred implements DeferredSecurityContext {
        private final Supplier<SecurityContext> before;
        private final Supplier<@Nullable AuthenticatedSession> session;
        private @Nullable SecurityContext context;

        Deferred(Supplier<SecurityContext> before, Supplier<@Nullable AuthenticatedSession> session) {
            this.before = before;
            this.session = session;
        }

        @Override
        public SecurityContext get() {
            if (context == null) {
                AuthenticatedSession found = session.get();
                if (found == null) {
                    context = before.get();
                } else {
                    SecurityContext named = contexts.createEmptyContext();
                    named.setAuthentication(new SessionAuthentication(found, authorities.authoritiesOf(found)));
                    context = named;
                }
            }
            return context;
        }

        /** Returns whether the user is known without a call of the store. */
        boolean isKnown() {
            return context != null || before.get().getAuthentication() != null;
        }

        @Override
        public boolean isGenerated() {
            return false;
        }
    }

    /**
     * Has no user until a rule or the application needs it. Spring's DispatcherServlet asks each request for its user,
     * also for files that are open to everybody, and that would call the store for each of them.
     */
    private static final class RequestOfUser extends HttpServletRequestWrapper {
        private final Deferred context;

        RequestOfUser(HttpServletRequest request, Deferred context) {
            super(request);
            this.context = context;
        }

        @Override
        public @Nullable Principal getUserPrincipal() {
            return context.isKnown() ? super.getUserPrincipal() : null;
        }

        @Override
        public @Nullable String getRemoteUser() {
            return context.isKnown() ? super.getRemoteUser() : null;
        }

        @Override
        public boolean isUserInRole(String role) {
            return context.isKnown() && super.isUserInRole(role);
        }
    }
}
