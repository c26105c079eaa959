package io.github.sessionaware.examples.frameworks;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareJwtException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.servlet.SessionRequestFilter;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import java.util.function.BiPredicate;
import org.glassfish.jersey.server.ResourceConfig;

/** The samples of docs/frameworks.md for JAX-RS. */
final class JaxRsSample {
    private JaxRsSample() {}

    static ResourceConfig api(SessionAwareTokenService tokens, BiPredicate<String, String> passwords) {
        return new ResourceConfig()
                .register(new SessionRequestFilter(tokens, "login", "refresh"))
                .register(new Api(tokens, passwords));
    }

    @Path("/")
    public record Api(SessionAwareTokenService tokens, BiPredicate<String, String> passwords) {
        @POST
        @Path("login")
        public Response login(
                @FormParam("user") String user,
                @FormParam("password") String password,
                @HeaderParam("User-Agent") String userAgent) {
            return passwords.test(user, password)
                    ? answer(tokens.issue(user, client(userAgent)))
                    : Response.status(Response.Status.FORBIDDEN).build();
        }

        @POST
        @Path("refresh")
        public Response refresh(
                @FormParam("refreshToken") String refreshToken, @HeaderParam("User-Agent") String userAgent) {
            return answer(tokens.refresh(refreshToken, client(userAgent)));
        }

        @GET
        @Path("me")
        public String me(@Context ContainerRequestContext request) {
            return SessionRequestFilter.current(request).userId();
        }

        @POST
        @Path("logout")
        public void logout(@Context ContainerRequestContext request) {
            tokens.revoke(SessionRequestFilter.current(request));
        }

        private static ClientInfo client(String userAgent) {
            return ClientInfo.builder().userAgent(userAgent).build();
        }

        private static Response answer(IssuedTokens issued) {
            return Response.ok(Map.of("accessToken", issued.accessToken(), "refreshToken", issued.refreshToken()))
                    .header("Cache-Control", "no-store")
                    .build();
        }
    }

    @Provider
    @Priority(Priorities.AUTHENTICATION)
    public static class Sessions implements ContainerRequestFilter, ExceptionMapper<SessionAwareJwtException> {
        private final SessionRequestFilter filter;

        @Inject
        public Sessions(SessionAwareTokenService tokens) {
            filter = new SessionRequestFilter(tokens, "login", "refresh");
        }

        @Override
        public void filter(ContainerRequestContext request) {
            filter.filter(request);
        }

        @Override
        public Response toResponse(SessionAwareJwtException exception) {
            return filter.toResponse(exception);
        }
    }
}
