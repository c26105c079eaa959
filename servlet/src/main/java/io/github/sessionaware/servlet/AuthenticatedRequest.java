package io.github.sessionaware.servlet;

import io.github.sessionaware.AuthenticatedSession;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells servlets and frameworks the user of a request by the methods that they already use. */
final class AuthenticatedRequest extends HttpServletRequestWrapper {
    private final AuthenticatedSession current;
    private final Function<AuthenticatedSession, ? extends Collection<String>> roles;
    private final Runnable signOut;

    AuthenticatedRequest(
            HttpServletRequest request,
            AuthenticatedSession current,
            Function<AuthenticatedSession, ? extends Collection<String>> roles,
            Runnable signOut) {
        super(request);
        this.current = current;
        this.roles = roles;
        this.signOut = signOut;
    }

    /**
     * Returns whether the request already has such a wrapper for the session. A second one would hide what a framework
     * says about the user, such as the {@code Authentication} of Spring Security. Spring Boot calls each filter that is
     * a bean, also one that stands in the chain of Spring Security.
     */
    static boolean namesUserOf(ServletRequest request, AuthenticatedSession session) {
        ServletRequest below = request;
        while (below instanceof ServletRequestWrapper wrapper) {
            if (wrapper instanceof AuthenticatedRequest authenticated) {
                return authenticated.current == session;
            }
            below = wrapper.getRequest();
        }
        return false;
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
        return hasSignedOut() ? null : new UserPrincipal(current.userId());
    }

    @Override
    public @Nullable String getRemoteUser() {
        return hasSignedOut() ? null : current.userId();
    }

    @Override
    public boolean isUserInRole(String role) {
        return !hasSignedOut() && roles.apply(current).contains(role);
    }

    @Override
    public @Nullable String getAuthType() {
        return hasSignedOut() ? null : "session-aware-jwt";
    }

    /** Returns whether the request still has its user. */
    @Override
    public boolean authenticate(HttpServletResponse response) {
        return !hasSignedOut();
    }

    /** After a sign-out, no method may name the user (Jakarta Servlet 6.0, HttpServletRequest.logout). */
    private boolean hasSignedOut() {
        return getAttribute(AuthenticatedSession.class.getName()) == null;
    }

    /** Ends the session. The method of the container would know nothing of it, and leave it alive. */
    @Override
    public void logout() {
        signOut.run();
    }
}
