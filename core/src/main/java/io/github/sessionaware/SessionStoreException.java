package io.github.sessionaware;

import org.jspecify.annotations.Nullable;

/**
 * The store could not answer: the session is neither valid nor invalid. An HTTP application answers 503, never 401 (the
 * user would be asked to log in again for nothing) and never 200.
 *
 * <p>A store throws it with a constant message, figures at most: never a user id, a session id or other bound values.
 */
public class SessionStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure without a cause of its own, such as a full store.
     *
     * @param message what failed and what to do, without values
     */
    public SessionStoreException(String message) {
        super(message);
    }

    /**
     * A failure of something beneath the store.
     *
     * @param message what failed and what to do, without values
     * @param cause what the driver or the pool threw; null if unknown
     */
    public SessionStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
