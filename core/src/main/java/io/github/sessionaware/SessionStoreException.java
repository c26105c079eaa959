package io.github.sessionaware;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the store could not answer, so the session is neither valid nor invalid. An HTTP application answers 503.
 * It never answers 401, because the user would have to log in again without need, and never 200.
 *
 * <p>A store throws it with a constant message, which may contain figures but never a user id, a session id or other
 * bound values.
 */
public class SessionStoreException extends SessionAwareJwtException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports a failure without another exception behind it, such as a full store.
     *
     * @param message what failed and what to do, without values
     */
    public SessionStoreException(String message) {
        super(message);
    }

    /**
     * Reports a failure of something that the store uses.
     *
     * @param message what failed and what to do, without values
     * @param cause the exception of the driver or the pool; null if unknown
     */
    public SessionStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
