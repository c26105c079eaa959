package io.github.sessionaware.examples.frameworks;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.BearerToken;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.javalin.Javalin;

/** The sample of docs/frameworks.md for Javalin. */
final class JavalinSample {
    private JavalinSample() {}

    static Javalin app(SessionAwareTokenService tokens) {
        Javalin app = Javalin.create(config -> {
            config.routes.before("/api/*", ctx -> {
                String token = BearerToken.from(ctx.header("Authorization"));
                ctx.attribute("session", tokens.validate(token));
            });
            config.routes.exception(InvalidTokenException.class, (e, ctx) -> {
                ctx.status(401).header("WWW-Authenticate", e.wwwAuthenticate());
            });
            config.routes.exception(SessionStoreException.class, (e, ctx) -> {
                ctx.status(503).header("Retry-After", "5");
            });
            config.routes.get("/login", ctx -> ctx.result("login"));
            config.routes.get("/api/me", ctx -> {
                AuthenticatedSession current = ctx.attribute("session");
                ctx.result(current.userId());
            });
        });
        return app;
    }
}
