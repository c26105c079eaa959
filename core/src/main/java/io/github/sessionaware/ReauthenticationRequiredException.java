package io.github.sessionaware;

import java.time.Duration;

/**
 * The session is live, but its user was authenticated too long ago for this request: answer 401 with
 * {@link #wwwAuthenticate()}, let the user authenticate again, call {@link SessionAwareTokenService#reauthenticate} and
 * let the client try once more (RFC 9470). It is no {@link InvalidTokenException}: the token stays good for everything
 * else.
 */
public final class ReauthenticationRequiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How long ago the authentication may be; serialized with the exception. */
    private final Duration maxAge;

    ReauthenticationRequiredException(Duration maxAge) {
        super("The request needs an authentication within " + maxAge);
        this.maxAge = maxAge;
    }

    /**
     * How long ago the user's authentication may be.
     *
     * @return what was given to {@link AuthenticatedSession#requireAuthenticatedWithin}
     */
    public Duration maxAge() {
        return maxAge;
    }

    /**
     * The value of the {@code WWW-Authenticate} header that belongs to the 401, as in RFC 9470, section 3:
     * {@code insufficient_user_authentication}, with {@code max_age} in whole seconds, rounded down.
     *
     * @return a header value
     */
    public String wwwAuthenticate() {
        return "Bearer realm=\"api\", error=\"insufficient_user_authentication\","
                + " error_description=\"A more recent authentication is required\", max_age=\""
                + maxAge.toSeconds() + "\"";
    }
}
