package io.github.sessionaware;

import java.time.Duration;

/**
 * Thrown when a session is live, but its user was authenticated too long ago for this request. Answer 401 with
 * {@link #wwwAuthenticate()}, let the user authenticate again, call {@link SessionAwareTokenService#reauthenticate},
 * and let the client repeat the request (RFC 9470). This is not an {@link InvalidTokenException}, because the token
 * stays valid for everything else.
 */
public final class ReauthenticationRequiredException extends SessionAwareJwtException {
    private static final long serialVersionUID = 1L;

    /** Serialized with the exception. */
    private final Duration maxAge;

    ReauthenticationRequiredException(Duration maxAge) {
        super("The request requires an authentication within the last " + maxAge);
        this.maxAge = maxAge;
    }

    /**
     * Returns how long ago the user's authentication may be.
     *
     * @return the duration that was passed to {@link AuthenticatedSession#requireAuthenticatedWithin}
     */
    public Duration maxAge() {
        return maxAge;
    }

    /**
     * Returns the value of the {@code WWW-Authenticate} header for the 401 answer, as in RFC 9470, section 3:
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
