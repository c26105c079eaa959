package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

/**
 * The request is not authenticated: answer 401 with {@link #wwwAuthenticate()}.
 *
 * <p>{@link #reason()} is for the application's own eyes, to count or to log. Towards the client all refused tokens
 * read the same, so that nobody learns from an answer how far a forged token got. Messages are constants and there is
 * never a cause: nothing of the token can leak through this exception.
 */
public final class InvalidTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a token was refused. More reasons may come in later releases: give a {@code switch} a default. */
    public enum Reason {
        /** The request carried no token. */
        MISSING("No token was given"),
        /** Not a token in form: size, encoding, JSON, or a claim absent or of the wrong type. */
        MALFORMED("The token is malformed"),
        /**
         * Signed by another key or algorithm, or made for another type, issuer, audience or time; or a refresh token
         * that was never given out.
         */
        NOT_OURS("The token was not issued for this service"),
        /** Our token, but past its expiry. */
        EXPIRED("The token has expired"),
        /**
         * Right in every way but that it stands for no session, and such tokens are accepted for some time yet
         * ({@link SessionAwareTokenServiceBuilder#acceptTokensWithoutSessionUntil}): read it with
         * {@link SessionAwareTokenService#validateWithoutSession}, or make it a session with
         * {@link SessionAwareTokenService#adopt}.
         */
        WITHOUT_SESSION("The token stands for no session"),
        /** Our token, but its session was revoked, or purged, or never existed here. */
        SESSION_ENDED("The session has ended"),
        /** Our token, but its session has passed its idle or absolute deadline. */
        SESSION_EXPIRED("The session has expired"),
        /**
         * A refresh token that had been used before and was shown again later than the grace window allows. It may have
         * been stolen, so its session has ended with all its tokens: ask the user to log in, and perhaps tell them.
         */
        REFRESH_TOKEN_REUSED("The refresh token has been used before");

        private final String message;

        Reason(String message) {
            this.message = message;
        }
    }

    /** Why the token was refused; serialized with the exception. */
    private final Reason reason;

    InvalidTokenException(Reason reason) {
        super(reason.message);
        this.reason = requireNonNull(reason, "reason");
    }

    /**
     * Why the token was refused.
     *
     * @return the reason, for logs and metrics, not for the client
     */
    public Reason reason() {
        return reason;
    }

    /**
     * The value of the {@code WWW-Authenticate} header that belongs to the 401. Without a token there is no error code
     * (RFC 6750, section 3.1); every refused token gets the same {@code invalid_token}.
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
