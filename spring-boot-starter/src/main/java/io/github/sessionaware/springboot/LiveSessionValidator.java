package io.github.sessionaware.springboot;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Accepts a token only while its session lives, for applications with {@code oauth2ResourceServer(jwt)}. Spring Boot
 * adds it to its decoder if it is a bean:
 *
 * <pre>{@code
 * @Bean
 * LiveSessionValidator liveSessions(SessionAwareTokenService tokens) {
 *     return new LiveSessionValidator(tokens);
 * }
 * }</pre>
 *
 * <p>The service must have issued the tokens, because it validates them whole. So give no token of another issuer to
 * the decoder. Spring's decoders accept only the type {@code JWT} by default: set
 * {@code session-aware-jwt.token-type=JWT}, or let the decoder accept {@code at+jwt}.
 *
 * <p>If the store cannot answer, {@link SessionStoreException} passes through Spring Security, which would otherwise
 * make an invalid token of it. A filter of this module answers it with 503.
 *
 * <p>Thread-safe.
 */
public final class LiveSessionValidator implements OAuth2TokenValidator<Jwt> {
    private static final OAuth2Error INVALID =
            new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, "The token is not valid, or its session has ended", null);

    private final SessionAwareTokenService tokens;

    /**
     * Creates a validator.
     *
     * @param tokens the service that has issued the tokens
     */
    public LiveSessionValidator(SessionAwareTokenService tokens) {
        this.tokens = requireNonNull(tokens, "tokens");
    }

    /**
     * Asks whether the session of the token lives. Records its activity.
     *
     * @param token the token
     * @return success, or the error {@code invalid_token}
     * @throws SessionStoreException if the store cannot answer
     */
    @Override
    public OAuth2TokenValidatorResult validate(Jwt token) {
        try {
            tokens.validate(token.getTokenValue());
            return OAuth2TokenValidatorResult.success();
        } catch (InvalidTokenException e) {
            return OAuth2TokenValidatorResult.failure(INVALID);
        }
    }
}
