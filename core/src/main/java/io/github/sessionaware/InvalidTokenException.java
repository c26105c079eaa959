package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

/**
 * Thrown when a request is not authenticated: answer 401 with {@link #wwwAuthenticate()}.
 *
 * <p>{@link #reason()} is for the application's logs and metrics. The client gets the same answer for every refused
 * token, so that an attacker cannot learn how many checks a forged token passed. The message is a constant and there is
 * never a cause, so nothing of the token can leak through this exception.
 */
public final class InvalidTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a token was refused. Later releases may add reasons, so give a {@code switch} a default. */
    public enum Reason {
        /** The request carried no token. */
        MISSING("No token was given"),
        /**
         * The token has the wrong form: its size, its encoding, its JSON, or a claim that is missing or has the wrong
         * type.
         */
        MALFORMED("The token is malformed"),
        /**
         * The token was signed with another key or algorithm, has another type, issuer or audience, or is not valid
         * yet. Or it is a refresh token that was never issued.
         */
        NOT_OURS("The token was not issued for this service"),
        /** This service's token, but it has expired. */
        EXPIRED("The token has expired"),
        /**
         * The token is valid except that it has no session id, and the service accepts such tokens for some time
         * ({@link SessionAwareTokenServiceBuilder#acceptTokensWithoutSessionUntil}). Verify it with
         * {@link SessionAwareTokenService#validateWithoutSession}, or create a session for it with
         * {@link SessionAwareTokenService#adopt}.
         */
        WITHOUT_SESSION("The token has no session id"),
        /** This service's token, but its session was revoked or purged, or never existed in this store. */
        SESSION_ENDED("The session has ended"),
        /** This service's token, but its session has passed its idle or absolute deadline. */
        SESSION_EXPIRED("The session has expired"),
        /**
         * A used refresh token was presented again, and the grace window does not cover it. The token may have been
         * stolen, so its session has ended, with all its tokens. Ask the user to log in, and consider a warning.
         */
        REFRESH_TOKEN_REUSED("The refresh token has been used before");

        private final String message;

        Reason(String message) {
            this.message = message;
        }
    }

    /** Serialized with the exception. */
    private final Reason reason;

    InvalidTokenException(Reason reason) {
        super(reason.message);
        this.reason = requireNonNull(reason, "reason");
    }

    /**
     * Returns why the token was refused.
     *
     * @return the reason, for logs and metrics, not for the client
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns the value of the {@code WWW-Authenticate} header for the 401 answer. If the request carried no token, the
     * value has no error code (RFC 6750, section 3.1). Every refused token gets the same {@code invalid_token}.
     *
     * @return a header value
     */
    public String wwwAuthenticate() {
        return reason == Reason.MISSING
                ? "Bearer realm=\"api\""
                : "Bearer realm=\"api\", error=\"invalid_token\","
                        + " error_description=\"The access token is invalid or has expired\"";
    }
}
