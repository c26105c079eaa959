package io.github.sessionaware;

import org.jspecify.annotations.Nullable;

/**
 * The common superclass of this library's exceptions: {@link InvalidTokenException} (answer 401),
 * {@link ReauthenticationRequiredException} (401), {@link LoginRefusedException} with its subclass
 * {@link SessionLimitExceededException} (403 for instance), {@link SessionStoreException} (503) and the experimental
 * {@link ExperimentalChallengeException} (403 with its challenge). Messages never contain tokens, secrets or ids.
 *
 * <p>A call with unusable arguments or settings ends with {@link IllegalArgumentException},
 * {@link NullPointerException} or {@link IllegalStateException} instead.
 */
public abstract class SessionAwareJwtException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SessionAwareJwtException(String message) {
        super(message);
    }

    SessionAwareJwtException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
