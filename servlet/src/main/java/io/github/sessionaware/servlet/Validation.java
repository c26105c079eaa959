package io.github.sessionaware.servlet;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.SessionAwareTokenService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the tokens of a request are validated. */
record Validation(SessionAwareTokenService tokens, boolean withoutActivity)
        implements Function<@Nullable String, AuthenticatedSession> {

    @Override
    public AuthenticatedSession apply(@Nullable String accessToken) {
        return withoutActivity ? tokens.validateWithoutActivity(accessToken) : tokens.validate(accessToken);
    }
}
