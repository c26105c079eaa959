package io.github.sessionaware.examples.frameworks;

import io.github.sessionaware.BearerToken;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response;

/** The sample of docs/frameworks.md for JAX-RS. */
final class JaxRsSample {
    private JaxRsSample() {}

    @Priority(Priorities.AUTHENTICATION)
    static final class SessionAwareFilter implements ContainerRequestFilter {
        private final SessionAwareTokenService tokens;

        SessionAwareFilter(SessionAwareTokenService tokens) {
            this.tokens = tokens;
        }

        @Override
        public void filter(ContainerRequestContext request) {
            if (request.getUriInfo().getPath().matches("/?login")) {
                return; // some implementations return the path with a slash
            }
            try {
                String token = BearerToken.from(request.getHeaderString("Authorization"));
                request.setProperty("session", tokens.validate(token));
            } catch (InvalidTokenException e) {
                request.abortWith(Response.status(401)
                        .header("WWW-Authenticate", e.wwwAuthenticate())
                        .build());
            } catch (SessionStoreException e) {
                request.abortWith(
                        Response.status(503).header("Retry-After", "5").build());
            }
        }
    }
}
