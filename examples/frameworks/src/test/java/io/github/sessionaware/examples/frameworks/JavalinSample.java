package io.github.sessionaware.examples.frameworks;

import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.servlet.SessionFilter;
import io.javalin.Javalin;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.BiPredicate;

/** The sample of docs/frameworks.md for Javalin. */
final class JavalinSample {
    private JavalinSample() {}

    static Javalin app(SessionAwareTokenService tokens, BiPredicate<String, String> passwords) {
        SessionFilter sessions = SessionFilter.builder(tokens)
                .bearer()
                .open("/login", "/refresh")
                .build();
        Javalin app = Javalin.create(config -> {
            config.jetty.modifyServletContextHandler(
                    context -> context.addFilter(sessions, "/*", EnumSet.allOf(DispatcherType.class)));
            config.routes.exception(InvalidTokenException.class, (e, ctx) -> {
                ctx.status(401).header("WWW-Authenticate", e.wwwAuthenticate());
            });
            config.routes.exception(SessionStoreException.class, (e, ctx) -> {
                ctx.status(503).header("Retry-After", "5");
            });
            config.routes.post("/login", ctx -> {
                if (passwords.test(ctx.formParam("user"), ctx.formParam("password"))) {
                    ctx.json(
                            body(sessions.issue(ctx.req(), ctx.res(), ctx.formParam("user"), LoginOptions.defaults())));
                } else {
                    ctx.status(403);
                }
            });
            config.routes.post("/refresh", ctx -> {
                ctx.json(body(sessions.refresh(ctx.req(), ctx.res(), ctx.formParam("refreshToken"))));
            });
            config.routes.post("/logout", ctx -> sessions.signOut(ctx.req(), ctx.res()));
            config.routes.get(
                    "/me", ctx -> ctx.result(SessionFilter.current(ctx.req()).userId()));
        });
        return app;
    }

    private static Map<String, String> body(IssuedTokens issued) {
        return Map.of("accessToken", issued.accessToken(), "refreshToken", issued.refreshToken());
    }
}
