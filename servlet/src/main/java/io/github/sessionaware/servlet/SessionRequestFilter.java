package io.github.sessionaware.servlet;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.BearerToken;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.ReauthenticationRequiredException;
import io.github.sessionaware.SessionAwareJwtException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.Principal;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a JAX-RS request pass only if its bearer token belongs to a live session. For pages and cookies, map a
 * {@link SessionFilter} before JAX-RS instead.
 *
 * <pre>{@code
 * new ResourceConfig()
 *         .register(new SessionRequestFilter(tokens, "login", "refresh"))
 *         .register(new Api(tokens, passwords));
 * }</pre>
 *
 * <p>Resources get the session with {@link #current}, and the user id from the {@link SecurityContext}. A request
 * without a live session gets 401 with the challenge. If the store cannot answer, it gets 503 with {@code Retry-After}.
 * The same answers follow if a resource throws {@link InvalidTokenException}, {@link SessionStoreException} or
 * {@link ReauthenticationRequiredException}.
 *
 * <p>JAX-RS first finds the resource and then calls this filter. Methods that return a sub-resource (those without
 * {@code @GET} or the like) therefore run before it, and have no session. The methods of the sub-resource have one.
 *
 * <p>Immutable and thread-safe.
 */
@Priority(Priorities.AUTHENTICATION)
public final class SessionRequestFilter implements ContainerRequestFilter, ExceptionMapper<SessionAwareJwtException> {
    private static final Logger log = LoggerFactory.getLogger(SessionRequestFilter.class);

    private final SessionAwareTokenService tokens;
    private final Function<AuthenticatedSession, ? extends Collection<String>> roles;
    private final List<String> open;

    /**
     * Creates a filter for users without roles.
     *
     * @param tokens the service that validates
     * @param openPaths the paths that need no session, below the base of the application, such as {@code login}. A
     *     request must spell them so: {@code login/} and {@code %6cogin} need a session
     */
    public SessionRequestFilter(SessionAwareTokenService tokens, String... openPaths) {
        this(tokens, session -> List.of(), openPaths);
    }

    /**
     * Creates a filter.
     *
     * @param tokens the service that validates
     * @param roles the roles of a session, for {@code isUserInRole} and {@code @RolesAllowed}
     * @param openPaths the paths that need no session, below the base of the application, such as {@code login}. A
     *     request must spell them so: {@code login/} and {@code %6cogin} need a session
     */
    public SessionRequestFilter(
            SessionAwareTokenService tokens,
            Function<AuthenticatedSession, ? extends Collection<String>> roles,
            String... openPaths) {
        this.tokens = requireNonNull(tokens, "tokens");
        this.roles = requireNonNull(roles, "roles");
        this.open = List.of(openPaths).stream()
                .map(SessionRequestFilter::encodedWithoutSlash)
                .toList();
    }

    /**
     * Returns the session that makes the request.
     *
     * @param request a request that has passed the filter
     * @return the session
     * @throws IllegalStateException if the path is open, or the filter is not registered
     */
    public static AuthenticatedSession current(ContainerRequestContext request) {
        if (request.getProperty(AuthenticatedSession.class.getName()) instanceof AuthenticatedSession current) {
            return current;
        }
        throw new IllegalStateException(
                "The request has no session: its path is open, or no SessionRequestFilter is registered");
    }

    @Override
    public void filter(ContainerRequestContext request) {
        // As it was sent, because JAX-RS matches it so: "%6cogin" may lead to another resource than "login".
        if (open.contains(withoutSlash(request.getUriInfo().getPath(false)))) {
            return;
        }
        List<String> headers = request.getHeaders().getOrDefault(HttpHeaders.AUTHORIZATION, List.of());
        try {
            // Several headers never make one token, because a proxy may have read another one than this server.
            AuthenticatedSession session =
                    tokens.validate(BearerToken.from(headers.isEmpty() ? null : String.join(", ", headers)));
            request.setProperty(AuthenticatedSession.class.getName(), session);
            request.setSecurityContext(
                    new User(session, roles, request.getSecurityContext().isSecure()));
        } catch (InvalidTokenException | SessionStoreException e) {
            request.abortWith(toResponse(e));
        }
    }

    private static String encodedWithoutSlash(String path) {
        try {
            return withoutSlash(new URI(null, null, "/" + withoutSlash(path), null).toASCIIString());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("A path must be like login, was " + path, e);
        }
    }

    /** Some implementations begin the path with a slash. */
    private static String withoutSlash(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }

    /**
     * Returns the response to a request that a resource cannot answer for one of this library's exceptions.
     *
     * @param exception the exception of the resource
     * @return 401, 503, or 403 for a refused login
     */
    @Override
    public Response toResponse(SessionAwareJwtException exception) {
        if (exception instanceof InvalidTokenException e) {
            return response(Response.Status.UNAUTHORIZED, HttpHeaders.WWW_AUTHENTICATE, e.wwwAuthenticate());
        }
        if (exception instanceof ReauthenticationRequiredException e) {
            return response(Response.Status.UNAUTHORIZED, HttpHeaders.WWW_AUTHENTICATE, e.wwwAuthenticate());
        }
        if (exception instanceof SessionStoreException) {
            log.warn("The session store cannot answer", exception);
            return response(Response.Status.SERVICE_UNAVAILABLE, HttpHeaders.RETRY_AFTER, Answers.RETRY_AFTER_SECONDS);
        }
        return Response.status(Response.Status.FORBIDDEN).build();
    }

    private static Response response(Response.Status status, String header, String value) {
        ResponseBuilder response = Response.status(status).header(header, value);
        return response.header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    /** The user of a request. */
    private record User(
            AuthenticatedSession session,
            Function<AuthenticatedSession, ? extends Collection<String>> roles,
            boolean isSecure)
            implements SecurityContext {

        @Override
        public Principal getUserPrincipal() {
            return new UserPrincipal(session.userId());
        }

        @Override
        public boolean isUserInRole(String role) {
            return roles.apply(session).contains(role);
        }

        @Override
        public String getAuthenticationScheme() {
            return "Bearer";
        }
    }
}
