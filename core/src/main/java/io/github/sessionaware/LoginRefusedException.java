package io.github.sessionaware;

/**
 * Thrown when a login is refused although its user was authenticated: the application no longer allows it
 * ({@link LoginOptions#withStillAllowed}), or the user has reached the session limit
 * ({@link SessionLimitExceededException}). The login left no session.
 */
public class LoginRefusedException extends SessionAwareJwtException {
    private static final long serialVersionUID = 1L;

    LoginRefusedException(String message) {
        super(message);
    }
}
